using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver;

/// <summary>Reads images from folders and prepares them for a network, under the name and by the rules of Keras's class.</summary>
public sealed class ImageDataGenerator
{
    private readonly float? _rescale;
    private readonly Func<Tensor, Tensor>? _preprocessingFunction;
    private readonly Standardization _standardization;
    private readonly AugmentationRanges _ranges;
    private readonly FillMode _fillMode;
    private readonly double _cval;
    private readonly double _validationSplit;

    /// <param name="rescale">What every value is multiplied by, after the preprocessing function: 1f / 255; null for nothing.</param>
    /// <param name="preprocessingFunction">
    /// Applied after augmentation, to RGB images in 0…255, (batch, height, width, 3): for example <see cref="VGG16.PreprocessInput"/>.
    /// It gives a tensor of the same shape, and the same one for the same image each time.
    /// </param>
    /// <param name="rotationRange">Images are turned by up to so many degrees, either way.</param>
    /// <param name="widthShiftRange">
    /// A shift of so much at most: a share of the width below 1, or pixels. Keras 2.15 exchanges the axes of the matrix that it makes of it,
    /// so that this shift goes up and down, and the next one to the sides; here they go the same way.
    /// </param>
    /// <param name="heightShiftRange">A shift of so much at most: a share of the height below 1, or pixels.</param>
    /// <param name="shearRange">Images are sheared by up to so many degrees, either way.</param>
    /// <param name="zoomRange">Images are zoomed, each axis for itself: 0.2 for factors of 0.8 to 1.2, or a pair of factors.</param>
    /// <param name="channelShiftRange">So much is added to all of an image's values at most, or taken off.</param>
    /// <param name="brightnessRange">Brightness is multiplied by a factor of this range.</param>
    /// <param name="horizontalFlip">Whether every other image, at random, is mirrored left to right.</param>
    /// <param name="verticalFlip">Whether every other image, at random, is turned upside down.</param>
    /// <param name="fillMode">What comes in from beyond the edge: "nearest", "constant", "reflect" or "wrap".</param>
    /// <param name="cval">The value of "constant".</param>
    /// <param name="samplewiseCenter">Whether each image's mean is taken off it.</param>
    /// <param name="samplewiseStdNormalization">Whether each image is centred and divided by its standard deviation.</param>
    /// <param name="featurewiseCenter">Whether the mean of the images given to <see cref="Fit"/> is taken off, for each channel.</param>
    /// <param name="featurewiseStdNormalization">Whether images are centred and divided by the standard deviation of those, for each channel.</param>
    /// <param name="zcaWhitening">Whether ZCA whitening, fitted to those, is applied after centring; it takes the place of the standard deviation.</param>
    /// <param name="zcaEpsilon">Added to the singular values in whitening.</param>
    /// <param name="validationSplit">The share of each class's images, the first by name, that makes the subset "validation".</param>
    /// <exception cref="ArgumentException">An argument is outside its range.</exception>
    public ImageDataGenerator(
        float? rescale = null, Func<Tensor, Tensor>? preprocessingFunction = null,
        double rotationRange = 0, ShiftRange? widthShiftRange = null, ShiftRange? heightShiftRange = null, double shearRange = 0,
        ZoomRange? zoomRange = null, double channelShiftRange = 0, (double Low, double High)? brightnessRange = null,
        bool horizontalFlip = false, bool verticalFlip = false, string fillMode = "nearest", double cval = 0,
        bool samplewiseCenter = false, bool samplewiseStdNormalization = false,
        bool featurewiseCenter = false, bool featurewiseStdNormalization = false, bool zcaWhitening = false, double zcaEpsilon = 1e-6,
        double validationSplit = 0)
    {
        if (validationSplit is not (>= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(validationSplit), $"validationSplit is from 0 up to but not including 1. Received: {validationSplit}.");
        (_rescale, _preprocessingFunction, _cval, _validationSplit) = (rescale, preprocessingFunction, cval, validationSplit);
        _ranges = new AugmentationRanges(rotationRange, widthShiftRange, heightShiftRange, shearRange, zoomRange, channelShiftRange, brightnessRange, horizontalFlip, verticalFlip);
        _standardization = new Standardization(
            samplewiseCenter || samplewiseStdNormalization, samplewiseStdNormalization,
            featurewiseCenter || featurewiseStdNormalization || zcaWhitening, featurewiseStdNormalization && !zcaWhitening, zcaWhitening, zcaEpsilon);
        _fillMode = fillMode switch
        {
            "nearest" => FillMode.Nearest,
            "constant" => FillMode.Constant,
            "reflect" => FillMode.Reflect,
            "wrap" => FillMode.Wrap,
            _ => throw new ArgumentException($"The fill mode is \"nearest\", \"constant\", \"reflect\" or \"wrap\". Received: \"{fillMode}\".", nameof(fillMode)),
        };
    }

    /// <summary>What besides the file and its size determines an image's values; equal for generators that give the same.</summary>
    internal object PreprocessingKey => (_rescale, _preprocessingFunction, _standardization.Key);

    /// <summary>Whether images are changed at random.</summary>
    internal bool IsRandom => _ranges.IsRandom;

    /// <summary>Draws what is to be done to an image.</summary>
    /// <param name="height">The image's height in pixels.</param>
    /// <param name="width">The image's width in pixels.</param>
    /// <param name="seed">Makes the draw repeatable, with Keras's own result.</param>
    public ImageTransform GetRandomTransform(int height, int width, int? seed = null) =>
        _ranges.Draw(seed is { } given ? new NumpyRandom((uint)given) : NumpyRandom.Global, height, width);

    /// <summary>Applies a transform to an image.</summary>
    /// <param name="image">(height, width, channels); stays the caller's.</param>
    /// <param name="transform">What to do.</param>
    /// <returns>The changed image, which the caller owns.</returns>
    /// <exception cref="ArgumentException">The tensor has another number of axes.</exception>
    public Tensor ApplyTransform(Tensor image, ImageTransform transform)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(transform);
        if (image.dim() != 3) throw new ArgumentException($"An image is of shape (height, width, channels). Received: ({string.Join(", ", image.shape)}).", nameof(image));
        using var scope = torch.NewDisposeScope();
        var (height, width, channels) = ((int)image.shape[0], (int)image.shape[1], (int)image.shape[2]);
        var values = image.detach().cpu().to_type(torch.ScalarType.Float32).contiguous().data<float>().ToArray();
        return torch.tensor(Apply(transform, values, height, width, channels), image.shape).MoveToOuterDisposeScope();
    }

    /// <summary>Changes an image at random.</summary>
    /// <param name="image">(height, width, channels); stays the caller's.</param>
    /// <param name="seed">Makes the draw repeatable, with Keras's own result.</param>
    /// <returns>The changed image, which the caller owns.</returns>
    /// <exception cref="ArgumentException">The tensor has another number of axes.</exception>
    public Tensor RandomTransform(Tensor image, int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        return ApplyTransform(image, GetRandomTransform((int)image.shape[0], (int)image.shape[1], seed));
    }

    /// <summary>Takes the statistics that featurewise standardisation and whitening need from images.</summary>
    /// <param name="images">(images, height, width, channels), prepared as the generator's own will be; stays the caller's.</param>
    /// <exception cref="ArgumentException">The tensor has another number of axes.</exception>
    public void Fit(Tensor images) => _standardization.Fit(images);

    /// <summary>What is to be done to the next image; null where nothing ever is.</summary>
    internal ImageTransform? Draw(NumpyRandom random, int height, int width) => IsRandom ? _ranges.Draw(random, height, width) : null;

    internal float[] Apply(ImageTransform transform, float[] image, int height, int width, int channels) =>
        transform.Apply(image, height, width, channels, _fillMode, _cval);

    /// <summary>Takes the images of a folder in which each class has a subfolder.</summary>
    /// <param name="directory">The folder: "imgs/train".</param>
    /// <param name="targetSize">Height and width in pixels that images are scaled to; (256, 256) by default.</param>
    /// <param name="classes">The subfolders to take, in the order of their numbers; by default all, sorted.</param>
    /// <param name="classMode">"categorical" (one-hot), "binary" or "sparse" (numbers), "input" (the images themselves) or null.</param>
    /// <param name="batchSize">How many images make a batch.</param>
    /// <param name="shuffle">Whether each epoch has an order of its own; otherwise files come sorted by class and name.</param>
    /// <param name="seed">Makes the order repeatable.</param>
    /// <param name="interpolation">"nearest", "box", "bilinear", "hamming", "bicubic" or "lanczos": how pixels are found when scaling.</param>
    /// <param name="subset">"training" or "validation": the part of each class's images that validationSplit makes of them; null for all.</param>
    /// <param name="colorMode">"rgb", "grayscale" (one value a pixel) or "rgba".</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder, or a class's subfolder is missing.</exception>
    /// <exception cref="InvalidDataException">The folder has no subfolders, or one of them has no images.</exception>
    /// <exception cref="ArgumentException">Another argument is out of its range.</exception>
    public DirectoryIterator FlowFromDirectory(
        string directory, (int Height, int Width)? targetSize = null, IReadOnlyList<string>? classes = null, string? classMode = "categorical",
        int batchSize = 32, bool shuffle = true, int? seed = null, string interpolation = "nearest", string? subset = null, string colorMode = "rgb")
    {
        ArgumentNullException.ThrowIfNull(directory);
        var size = targetSize ?? (256, 256);
        if (size.Height < 1 || size.Width < 1) throw new ArgumentOutOfRangeException(nameof(targetSize), $"The target size is at least 1 by 1. Received: {size}.");
        if (classMode is not (null or "categorical" or "binary" or "sparse" or "input"))
            throw new ArgumentException($"The class mode is \"categorical\", \"binary\", \"sparse\", \"input\" or null. Received: \"{classMode}\".", nameof(classMode));
        var scaling = Interpolation.Get(interpolation);
        _ = ImageFile.Channels(colorMode);
        if (subset is not (null or "training" or "validation")) throw new ArgumentException($"The subset is \"training\", \"validation\" or null. Received: \"{subset}\".", nameof(subset));
        if (subset is not null && _validationSplit == 0) throw new ArgumentException("A subset needs a generator with validationSplit above 0.", nameof(subset));
        if (!Directory.Exists(directory))
            throw new DirectoryNotFoundException($"There is no image folder {directory} (seen from {Environment.CurrentDirectory}). Give a folder that has a subfolder for each class.");
        classes ??= [.. Directory.GetDirectories(directory).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)];
        if (classes.Count == 0) throw new InvalidDataException($"The image folder {directory} has no subfolders; it needs one for each class, with images in it.");
        if (classMode == "binary" && classes.Count != 2)
            throw new ArgumentException($"The class mode \"binary\" is for two classes; {directory} has {classes.Count}.", nameof(classMode));

        var files = classes.SelectMany((name, number) => Subset(Files(directory, name), subset).Select(file => (file, $"{name}/{Path.GetRelativePath(Path.Combine(directory, name), file)}", number))).ToArray();
        Console.WriteLine($"Found {files.Length} images belonging to {classes.Count} classes.");
        return new DirectoryIterator(this, directory, classes, files, size, colorMode, scaling, batchSize, classMode, shuffle, seed);
    }

    /// <summary>Prepares a batch of RGB images in 0…255; the tensor returned is new or the argument itself.</summary>
    internal Tensor Standardize(Tensor images)
    {
        var prepared = images;
        if (_preprocessingFunction is not null)
        {
            prepared = _preprocessingFunction(images);
            if (!prepared.shape.SequenceEqual(images.shape))
                throw new InvalidOperationException($"The preprocessing function has to keep the shape ({string.Join(", ", images.shape)}); it gave ({string.Join(", ", prepared.shape)}).");
        }
        return _standardization.Apply(_rescale is { } factor ? prepared.mul(factor) : prepared);
    }

    private IEnumerable<string> Subset(string[] files, string? subset)
    {
        var held = (int)(_validationSplit * files.Length);
        return subset switch
        {
            "validation" => files.Take(held),
            "training" => files.Skip(held),
            _ => files,
        };
    }

    private static string[] Files(string directory, string name)
    {
        var folder = Path.Combine(directory, name);
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"The image folder {directory} has no subfolder for the class '{name}'.");
        string[] files = [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => ImageFile.Extensions.Contains(Path.GetExtension(file).ToLowerInvariant())).Order(StringComparer.Ordinal)];
        return files.Length > 0
            ? files
            : throw new InvalidDataException($"The class folder {folder} has no images ({string.Join(", ", ImageFile.Extensions)}). Add some, or leave the class out by the argument classes.");
    }
}
