using SkiaSharp;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver;

public static partial class Keras
{
    /// <summary>What Keras keeps in <c>keras.utils</c>: single images, and labels made one-hot.</summary>
    public static class Utils
    {
        /// <summary>Loads an image file. As in Keras, an orientation noted in EXIF is ignored.</summary>
        /// <param name="path">The file: JPEG, PNG, GIF (its first frame), BMP or WebP.</param>
        /// <param name="colorMode">"rgb", "grayscale" or "rgba".</param>
        /// <param name="targetSize">Height and width in pixels to scale to; by default it stays as it is.</param>
        /// <param name="interpolation">"nearest", "box", "bilinear", "hamming", "bicubic" or "lanczos": how pixels are found when scaling.</param>
        /// <exception cref="FileNotFoundException">There is no such file.</exception>
        /// <exception cref="InvalidDataException">The file can't be read as an image.</exception>
        /// <exception cref="ArgumentException">Another argument is out of its range.</exception>
        public static Image LoadImg(string path, string colorMode = "rgb", (int Height, int Width)? targetSize = null, string interpolation = "nearest")
        {
            ArgumentNullException.ThrowIfNull(path);
            if (!File.Exists(path)) throw new FileNotFoundException($"There is no image {path} (seen from {Environment.CurrentDirectory}).", path);
            var (pixels, size) = ImageFile.Pixels(path, targetSize, ImageFile.Channels(colorMode), Interpolation.Get(interpolation));
            return new Image(pixels, size.Height, size.Width);
        }

        /// <summary>An image's values as a tensor.</summary>
        /// <param name="image">The image.</param>
        /// <returns>(height, width, channels), float32, in 0…255; the caller owns it.</returns>
        public static Tensor ImgToArray(Image image)
        {
            ArgumentNullException.ThrowIfNull(image);
            return torch.tensor(Array.ConvertAll(image.Pixels, value => (float)value), [image.Height, image.Width, image.Channels]);
        }

        /// <summary>A tensor as an image.</summary>
        /// <param name="x">(height, width, channels) with 1, 3 or 4 channels; stays the caller's.</param>
        /// <param name="scale">Whether its smallest value becomes 0 and its largest 255; otherwise all are in 0…255 and rounded down.</param>
        /// <exception cref="ArgumentException">The tensor has another shape, or values beyond 0…255 that are not to be scaled.</exception>
        public static Image ArrayToImg(Tensor x, bool scale = true)
        {
            ArgumentNullException.ThrowIfNull(x);
            if (x.dim() != 3 || x.shape[2] is not (1 or 3 or 4))
                throw new ArgumentException($"An image is of shape (height, width, 1, 3 or 4). Received: ({string.Join(", ", x.shape)}).", nameof(x));
            using var scope = torch.NewDisposeScope();
            var values = x.detach().cpu().to_type(torch.ScalarType.Float32);
            if (scale)
            {
                values = values - values.min();
                var largest = values.max().item<float>();
                if (largest != 0) values = values / largest;
                values = values * 255;
            }
            else if (values.min().item<float>() < 0 || values.max().item<float>() >= 256)
            {
                throw new ArgumentException($"The values of an image are in 0…255. Received: {values.min().item<float>()} to {values.max().item<float>()}. Use scale: true for others.", nameof(x));
            }
            return new Image([.. values.contiguous().data<float>().Select(value => (byte)value)], (int)x.shape[0], (int)x.shape[1]);
        }

        /// <summary>Saves a tensor as an image file; what was there is replaced.</summary>
        /// <param name="path">The file, which ends in .png, .jpg or .jpeg.</param>
        /// <param name="x">(height, width, channels) with 1, 3 or 4 channels; stays the caller's.</param>
        /// <param name="scale">As for <see cref="ArrayToImg"/>.</param>
        /// <exception cref="ArgumentException">The file ends otherwise, or the tensor is no image.</exception>
        public static void SaveImg(string path, Tensor x, bool scale = true)
        {
            ArgumentNullException.ThrowIfNull(path);
            var format = Path.GetExtension(path).ToLowerInvariant() switch
            {
                ".png" => SKEncodedImageFormat.Png,
                ".jpg" or ".jpeg" => SKEncodedImageFormat.Jpeg,
                var other => throw new ArgumentException($"Images are saved as .png, .jpg or .jpeg. Received: \"{other}\" of {path}.", nameof(path)),
            };
            File.WriteAllBytes(path, ArrayToImg(x, scale).Encode(format));
        }

        /// <summary>Classes given as numbers, one-hot.</summary>
        /// <param name="y">The classes, from 0.</param>
        /// <param name="numClasses">How many there are; by default one more than the largest.</param>
        /// <returns>(samples, classes), float32; the caller owns it.</returns>
        /// <exception cref="ArgumentException">A class is negative or beyond their number.</exception>
        public static Tensor ToCategorical(IReadOnlyList<int> y, int? numClasses = null)
        {
            ArgumentNullException.ThrowIfNull(y);
            var classes = numClasses ?? (y.Count == 0 ? 0 : y.Max() + 1);
            if (y.Any(number => number < 0 || number >= classes))
                throw new ArgumentException($"Classes are from 0 to {classes - 1}. Received: {y.First(number => number < 0 || number >= classes)}.", nameof(y));
            var rows = new float[y.Count * classes];
            for (var i = 0; i < y.Count; i++) rows[i * classes + y[i]] = 1;
            return torch.tensor(rows, [y.Count, classes]);
        }
    }
}
