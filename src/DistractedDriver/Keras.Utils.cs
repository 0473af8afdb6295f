using DistractedDriver.Core;
using DistractedDriver.Imaging;
using DistractedDriver.Preprocessing;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver;

public static partial class Keras
{
    /// <summary>What Keras keeps in <c>keras.utils</c>: single images, and labels made one-hot.</summary>
    public static class Utils
    {
        /// <summary>Loads an image file. As in Keras, an orientation noted in EXIF is ignored.</summary>
        /// <param name="path">The file: JPEG, PNG, GIF (its first frame), BMP, WebP, TIFF, PPM, PGM or PBM.</param>
        /// <param name="colorMode">"rgb", "grayscale" or "rgba".</param>
        /// <param name="targetSize">Height and width in pixels to scale to; by default it stays as it is.</param>
        /// <param name="interpolation">
        /// "nearest", "box", "bilinear", "hamming", "bicubic" or "lanczos": how pixels are found when scaling.
        /// </param>
        /// <exception cref="FileNotFoundException">There is no such file.</exception>
        /// <exception cref="InvalidDataException">The file can't be read as an image.</exception>
        /// <exception cref="ArgumentException">Another argument is out of its range.</exception>
        public static Image LoadImg(string path, string colorMode = "rgb", (int Height, int Width)? targetSize = null,
            string interpolation = "nearest")
        {
            ArgumentNullException.ThrowIfNull(path);
            if (!File.Exists(path)) throw new FileNotFoundException(
                $"There is no image {path} (seen from {Environment.CurrentDirectory}).", path);
            var format = ImageFormat.Of(targetSize, colorMode, interpolation);
            return ImageFile.Read(path, targetSize, format.Channels, format.Interpolation);
        }

        /// <summary>Loads an image from a stream, such as a file that was uploaded.</summary>
        /// <param name="stream">Read to its end, and left open.</param>
        /// <param name="colorMode">"rgb", "grayscale" or "rgba".</param>
        /// <param name="targetSize">Height and width in pixels to scale to; by default it stays as it is.</param>
        /// <param name="interpolation">As for a file.</param>
        /// <exception cref="InvalidDataException">What the stream gives can't be read as an image.</exception>
        /// <exception cref="ArgumentException">Another argument is out of its range.</exception>
        public static Image LoadImg(Stream stream, string colorMode = "rgb", (int Height, int Width)? targetSize = null,
            string interpolation = "nearest")
        {
            ArgumentNullException.ThrowIfNull(stream);
            var format = ImageFormat.Of(targetSize, colorMode, interpolation);
            using var content = new MemoryStream();
            stream.CopyTo(content);
            var name = stream is FileStream file ? file.Name : "The stream's content";
            return ImageFile.Read(content.ToArray(), name, targetSize, format.Channels, format.Interpolation);
        }

        /// <summary>An image's values as a tensor.</summary>
        /// <param name="image">The image.</param>
        /// <returns>(height, width, channels), float32, in 0…255, or up to 65535 for 16-bit grey; the caller owns it.</returns>
        public static Tensor ImgToArray(Image image)
        {
            ArgumentNullException.ThrowIfNull(image);
            return image.ToTensor();
        }

        /// <summary>A tensor as an image.</summary>
        /// <param name="x">(height, width, channels) with 1, 3 or 4 channels; stays the caller's.</param>
        /// <param name="scale">
        /// Whether its smallest value becomes 0 and its largest 255; otherwise all are in 0…255 and rounded down.
        /// </param>
        /// <exception cref="ArgumentException">The tensor has another shape, or values beyond 0…255 that are not to be scaled.</exception>
        public static Image ArrayToImg(Tensor x, bool scale = true) => Image.FromTensor(x, scale);

        /// <summary>Saves a tensor as an image file; what was there is replaced.</summary>
        /// <param name="path">The file, which ends in .png, .jpg or .jpeg.</param>
        /// <param name="x">(height, width, channels) with 1, 3 or 4 channels; stays the caller's.</param>
        /// <param name="scale">As for <see cref="ArrayToImg"/>.</param>
        /// <exception cref="ArgumentException">The file ends otherwise, or the tensor is no image.</exception>
        public static void SaveImg(string path, Tensor x, bool scale = true) => Image.FromTensor(x, scale).Save(path);

        /// <summary>Classes given as numbers, one-hot.</summary>
        /// <param name="y">The classes, from 0.</param>
        /// <param name="numClasses">How many there are; by default one more than the largest.</param>
        /// <returns>(samples, classes), float32; the caller owns it.</returns>
        /// <exception cref="ArgumentException">A class is negative or beyond their number.</exception>
        public static Tensor ToCategorical(IReadOnlyList<int> y, int? numClasses = null) => OneHot.Encode(y, numClasses);

        /// <summary>
        /// Weights by which rare classes count as much as frequent ones: samples / (classes · samples of the class), as scikit-learn's
        /// "balanced". For Fit's classWeight: <c>Keras.Utils.BalancedClassWeight(train.Classes)</c>.
        /// </summary>
        /// <param name="classes">Each sample's class, from 0.</param>
        /// <exception cref="ArgumentException">There are no samples, or none of a class below the greatest.</exception>
        public static IReadOnlyDictionary<int, double> BalancedClassWeight(IReadOnlyList<int> classes)
        {
            ArgumentNullException.ThrowIfNull(classes);
            if (classes.Count == 0) throw new ArgumentException("There are no samples to weigh classes by.", nameof(classes));
            var counts = classes.CountBy(number => number).ToDictionary();
            var missing = Enumerable.Range(0, counts.Keys.Max() + 1).Where(number => !counts.ContainsKey(number)).ToArray();
            if (missing.Length > 0 || counts.Keys.Min() < 0)
                throw new ArgumentException("Classes are numbered from 0, and each needs a sample to be weighed by. "
                    + (missing.Length > 0 ? $"There is none of class {string.Join(", ", missing)}." : "There is a negative one."),
                    nameof(classes));
            return counts.OrderBy(entry => entry.Key)
                .ToDictionary(entry => entry.Key, entry => classes.Count / ((double)counts.Count * entry.Value));
        }
    }
}
