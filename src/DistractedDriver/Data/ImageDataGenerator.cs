using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver;

/// <summary>Reads images from folders and prepares them for a network, under the name and by the rules of Keras's class.</summary>
public sealed class ImageDataGenerator
{
    private readonly float? _rescale;
    private readonly Func<Tensor, Tensor>? _preprocessingFunction;

    /// <param name="rescale">What every value is multiplied by, after the preprocessing function: 1f / 255; null for nothing.</param>
    /// <param name="preprocessingFunction">
    /// Applied first, to RGB images in 0…255, (batch, height, width, 3): for example <see cref="VGG16.PreprocessInput"/>. It gives
    /// a tensor of the same shape, and the same one for the same image each time.
    /// </param>
    public ImageDataGenerator(float? rescale = null, Func<Tensor, Tensor>? preprocessingFunction = null) =>
        (_rescale, _preprocessingFunction) = (rescale, preprocessingFunction);

    /// <summary>What besides the file and its size determines an image's values; equal for generators that give the same.</summary>
    internal object PreprocessingKey => (_rescale, _preprocessingFunction);

    /// <summary>Takes the images of a folder in which each class has a subfolder.</summary>
    /// <param name="directory">The folder: "imgs/train".</param>
    /// <param name="targetSize">Height and width in pixels that images are scaled to; (256, 256) by default.</param>
    /// <param name="classes">The subfolders to take, in the order of their numbers; by default all, sorted.</param>
    /// <param name="classMode">"categorical" (one-hot), "binary" or "sparse" (numbers), "input" (the images themselves) or null.</param>
    /// <param name="batchSize">How many images make a batch.</param>
    /// <param name="shuffle">Whether each epoch has an order of its own; otherwise files come sorted by class and name.</param>
    /// <param name="seed">Makes the order repeatable.</param>
    /// <param name="interpolation">"nearest", "box", "bilinear", "hamming", "bicubic" or "lanczos": how pixels are found when scaling.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder, or a class's subfolder is missing.</exception>
    /// <exception cref="InvalidDataException">The folder has no subfolders, or one of them has no images.</exception>
    /// <exception cref="ArgumentException">Another argument is out of its range.</exception>
    public DirectoryIterator FlowFromDirectory(
        string directory, (int Height, int Width)? targetSize = null, IReadOnlyList<string>? classes = null, string? classMode = "categorical",
        int batchSize = 32, bool shuffle = true, int? seed = null, string interpolation = "nearest")
    {
        ArgumentNullException.ThrowIfNull(directory);
        var size = targetSize ?? (256, 256);
        if (size.Height < 1 || size.Width < 1) throw new ArgumentOutOfRangeException(nameof(targetSize), $"The target size is at least 1 by 1. Received: {size}.");
        if (classMode is not (null or "categorical" or "binary" or "sparse" or "input"))
            throw new ArgumentException($"The class mode is \"categorical\", \"binary\", \"sparse\", \"input\" or null. Received: \"{classMode}\".", nameof(classMode));
        var scaling = Interpolation.Get(interpolation);
        if (!Directory.Exists(directory))
            throw new DirectoryNotFoundException($"There is no image folder {directory} (seen from {Environment.CurrentDirectory}). Give a folder that has a subfolder for each class.");
        classes ??= [.. Directory.GetDirectories(directory).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)];
        if (classes.Count == 0) throw new InvalidDataException($"The image folder {directory} has no subfolders; it needs one for each class, with images in it.");
        if (classMode == "binary" && classes.Count != 2)
            throw new ArgumentException($"The class mode \"binary\" is for two classes; {directory} has {classes.Count}.", nameof(classMode));

        var files = classes.SelectMany((name, number) => Files(directory, name).Select(file => (file, $"{name}/{Path.GetRelativePath(Path.Combine(directory, name), file)}", number))).ToArray();
        Console.WriteLine($"Found {files.Length} images belonging to {classes.Count} classes.");
        return new DirectoryIterator(this, directory, classes, files, size, scaling, batchSize, classMode, shuffle, seed);
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
        return _rescale is { } factor ? prepared.mul(factor) : prepared;
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
