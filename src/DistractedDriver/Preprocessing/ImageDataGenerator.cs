using DistractedDriver.Core;
using DistractedDriver.Imaging;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Preprocessing;

/// <summary>Reads images from folders and prepares them for a network, under the name and by the rules of Keras's class.</summary>
public sealed partial class ImageDataGenerator
{
    private readonly float? _rescale;
    private readonly Func<Tensor, Tensor>? _preprocessingFunction;
    private readonly Standardization _standardization;
    private readonly AugmentationRanges _ranges;
    private readonly FillMode _fillMode;
    private readonly double _cval;
    private readonly double _validationSplit;

    /// <param name="rescale">What every value is multiplied by, after the preprocessing function: 1.0 / 255; null for nothing.</param>
    /// <param name="preprocessingFunction">
    /// Applied after augmentation, to RGB images in 0…255, (batch, height, width, 3): for example <c>VGG16.PreprocessInput</c>.
    /// It gives a tensor of the same shape, and the same one for the same image each time.
    /// </param>
    /// <param name="rotationRange">Images are turned by up to so many degrees, either way.</param>
    /// <param name="widthShiftRange">
    /// A shift of so much at most: a share of the width below 1, or pixels. Keras 2.15 exchanges the axes of the matrix that it makes
    /// of it,
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
    /// <param name="featurewiseStdNormalization">
    /// Whether images are centred and divided by the standard deviation of those, for each channel.
    /// </param>
    /// <param name="zcaWhitening">
    /// Whether ZCA whitening, fitted to those, is applied after centring; it takes the place of the standard deviation.
    /// </param>
    /// <param name="zcaEpsilon">Added to the singular values in whitening.</param>
    /// <param name="validationSplit">The share of each class's images, the first by name, that makes the subset "validation".</param>
    /// <exception cref="ArgumentException">An argument is outside its range.</exception>
    public ImageDataGenerator(
        double? rescale = null, Func<Tensor, Tensor>? preprocessingFunction = null,
        double rotationRange = 0, ShiftRange? widthShiftRange = null, ShiftRange? heightShiftRange = null, double shearRange = 0,
        ZoomRange? zoomRange = null, double channelShiftRange = 0, (double Low, double High)? brightnessRange = null,
        bool horizontalFlip = false, bool verticalFlip = false, string fillMode = "nearest", double cval = 0,
        bool samplewiseCenter = false, bool samplewiseStdNormalization = false,
        bool featurewiseCenter = false, bool featurewiseStdNormalization = false, bool zcaWhitening = false, double zcaEpsilon = 1e-6,
        double validationSplit = 0)
    {
        if (rescale == 0) throw new ArgumentException(
            "rescale is 0, which would make every image black. Write 1.0 / 255: in C#, 1 / 255 is a whole number, 0.", nameof(rescale));
        if (validationSplit is not (>= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(validationSplit),
            $"validationSplit is from 0 up to but not including 1. Received: {validationSplit}.");
        (_rescale, _preprocessingFunction, _cval, _validationSplit) = ((float?)rescale, preprocessingFunction, cval, validationSplit);
        _ranges = new AugmentationRanges(rotationRange, widthShiftRange, heightShiftRange, shearRange, zoomRange, channelShiftRange,
            brightnessRange, horizontalFlip, verticalFlip);
        _standardization = new Standardization(
            samplewiseCenter || samplewiseStdNormalization, samplewiseStdNormalization,
            featurewiseCenter || featurewiseStdNormalization || zcaWhitening, featurewiseStdNormalization && !zcaWhitening, zcaWhitening,
                zcaEpsilon);
        _fillMode = fillMode switch
        {
            "nearest" => FillMode.Nearest,
            "constant" => FillMode.Constant,
            "reflect" => FillMode.Reflect,
            "wrap" => FillMode.Wrap,
            _ => throw new ArgumentException(
                $"The fill mode is \"nearest\", \"constant\", \"reflect\" or \"wrap\". Received: \"{fillMode}\".", nameof(fillMode)),
        };
    }

    /// <summary>
    /// What besides the file and its size determines an image's values, in words that mean the same in another process. Null where a
    /// function that is not the library's own has a part in it, since nobody knows what such a function looks at, or where
    /// statistics were fitted.
    /// </summary>
    internal string? Preprocessing =>
        (_preprocessingFunction is null
            || (_preprocessingFunction.Method is { IsStatic: true } method && method.Module == typeof(ImageDataGenerator).Module))
        && _standardization.Description is { } standardization
            ? FormattableString.Invariant($"times {_rescale ?? 1:R}{FunctionName}{standardization}")
            : null;

    private string FunctionName => _preprocessingFunction is { Method: var own } ? $", {own.DeclaringType!.Name}.{own.Name}" : "";

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
        if (image.dim() != 3) throw new ArgumentException(
            $"An image is of shape (height, width, channels). Received: ({string.Join(", ", image.shape)}).", nameof(image));
        using var scope = torch.NewDisposeScope();
        var (height, width, channels) = ((int)image.shape[0], (int)image.shape[1], (int)image.shape[2]);
        var values = image.detach().cpu().to_type(torch.ScalarType.Float32).contiguous().data<float>().ToArray();
        Apply(transform, values, height, width, channels);
        return torch.tensor(values, image.shape).MoveToOuterDisposeScope();
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

    internal void Apply(ImageTransform transform, Span<float> image, int height, int width, int channels) =>
        transform.Apply(image, height, width, channels, _fillMode, _cval);

    /// <summary>Prepares a batch of RGB images in 0…255; the tensor returned is new or the argument itself.</summary>
    internal Tensor Standardize(Tensor images)
    {
        var prepared = images;
        if (_preprocessingFunction is not null)
        {
            prepared = _preprocessingFunction(images);
            if (!prepared.shape.SequenceEqual(images.shape))
                throw new InvalidOperationException(
                    $"The preprocessing function has to keep the shape ({string.Join(", ", images.shape)}); it gave "
                        + $"({string.Join(", ", prepared.shape)}).");
        }
        return _standardization.Apply(_rescale is { } factor ? prepared.mul(factor) : prepared);
    }
}
