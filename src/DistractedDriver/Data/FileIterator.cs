using System.Security.Cryptography;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver;

/// <summary>How image files become images of one size.</summary>
/// <param name="TargetSize">Height and width in pixels that images are scaled to.</param>
/// <param name="ColorMode">"rgb", "grayscale" or "rgba".</param>
/// <param name="Interpolation">How pixels are found.</param>
internal sealed record ImageFormat((int Height, int Width) TargetSize, string ColorMode, Interpolation Interpolation)
{
    public int Channels { get; } = ImageFile.Channels(ColorMode);

    /// <exception cref="ArgumentException">An argument is out of its range.</exception>
    public static ImageFormat Of((int Height, int Width)? targetSize, string colorMode, string interpolation)
    {
        var size = targetSize ?? (256, 256);
        if (size.Height < 1 || size.Width < 1) throw new ArgumentOutOfRangeException(nameof(targetSize), $"The target size is at least 1 by 1. Received: {size}.");
        return new(size, colorMode, Interpolation.Get(interpolation));
    }
}

/// <summary>Image files with their classes, in batches.</summary>
public abstract class FileIterator : ImageIterator
{
    private readonly string _directory;
    private readonly ImageFormat _format;
    private readonly string[] _paths;
    private readonly string?[] _digests;

    private protected FileIterator(
        ImageDataGenerator generator, string directory, IReadOnlyList<(string Path, string Name, int Class)> files, IReadOnlyList<string> classes, string? classMode,
        ImageFormat format, int batchSize, bool shuffle, int? seed, ImageFolder? saveTo)
        : base(generator, files.Count, (format.TargetSize.Height, format.TargetSize.Width, format.Channels), batchSize, shuffle, seed, saveTo)
    {
        (_directory, _format, ClassMode) = (directory, format, classMode);
        _paths = [.. files.Select(file => file.Path)];
        _digests = new string?[files.Count];
        Filenames = [.. files.Select(file => file.Name)];
        Classes = [.. files.Select(file => file.Class)];
        ClassIndices = classes.Select((name, i) => (name, i)).ToDictionary(pair => pair.name, pair => pair.i);
    }

    /// <summary>The files in order, relative to the folder: "c0/img_41.jpg".</summary>
    public IReadOnlyList<string> Filenames { get; }

    /// <summary>The files' full paths, in the same order.</summary>
    public IReadOnlyList<string> Filepaths => _paths;

    /// <summary>Each file's class, as a number.</summary>
    public IReadOnlyList<int> Classes { get; }

    /// <summary>Each class's number, by its name.</summary>
    public IReadOnlyDictionary<string, int> ClassIndices { get; }

    /// <summary>Height and width in pixels that images are scaled to.</summary>
    public (int Height, int Width) TargetSize => _format.TargetSize;

    /// <summary>"rgb", "grayscale" or "rgba".</summary>
    public string ColorMode => _format.ColorMode;

    /// <summary>"categorical", "binary", "sparse", "input" or null, and for a table also "raw": what the labels are.</summary>
    public string? ClassMode { get; }

    private protected override string Description => $"the generator over {_directory}";

    private protected override void Read(int index, Span<float> image) =>
        ImageFile.Load(_paths[index], _format.TargetSize, _format.Channels, _format.Interpolation, image);

    private protected override Tensor? Labels(int[] indices, Tensor? images)
    {
        if (ClassMode is null) return null;
        if (ClassMode == "input") return images?.clone() ?? Images(indices);
        return ClassMode == "categorical"
            ? Keras.Utils.ToCategorical(Array.ConvertAll(indices, i => Classes[i]), ClassIndices.Count)
            : torch.tensor(Array.ConvertAll(indices, i => (float)Classes[i]));
    }

    // Where their features are known, the images were not loaded.
    private Tensor Images(int[] indices)
    {
        using var batch = ((IBatchSource)this).Load(indices);
        return batch.X.clone();
    }

    private protected override object Source => $"{TargetSize.Height} × {TargetSize.Width} {ColorMode}, {_format.Interpolation.Name}";

    // By content, so that a copy of an image in another folder is the same image.
    private protected override string Identity(int index) => _digests[index] ??= Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(_paths[index])));
}

/// <summary>The images of a folder, one subfolder a class. Made by <see cref="ImageDataGenerator.FlowFromDirectory"/>.</summary>
public sealed class DirectoryIterator : FileIterator
{
    internal DirectoryIterator(
        ImageDataGenerator generator, string directory, IReadOnlyList<(string Path, string Name, int Class)> files, IReadOnlyList<string> classes, string? classMode,
        ImageFormat format, int batchSize, bool shuffle, int? seed, ImageFolder? saveTo)
        : base(generator, directory, files, classes, classMode, format, batchSize, shuffle, seed, saveTo)
    {
    }
}

/// <summary>The images that a table names. Made by <c>ImageDataGenerator.FlowFromDataframe</c>.</summary>
public sealed class DataFrameIterator : FileIterator
{
    private readonly float[]? _values;
    private readonly float[]? _weights;

    internal DataFrameIterator(
        ImageDataGenerator generator, string directory, IReadOnlyList<(string Path, string Name, int Class)> files, IReadOnlyList<string> classes, string? classMode,
        float[]? values, float[]? weights, ImageFormat format, int batchSize, bool shuffle, int? seed, ImageFolder? saveTo)
        : base(generator, directory, files, classes, classMode, format, batchSize, shuffle, seed, saveTo) => (_values, _weights) = (values, weights);

    private protected override Tensor? Labels(int[] indices, Tensor? images) =>
        _values is null ? base.Labels(indices, images) : torch.tensor(Array.ConvertAll(indices, i => _values[i]));

    private protected override Tensor? Weights(int[] indices) => _weights is null ? null : torch.tensor(Array.ConvertAll(indices, i => _weights[i]));
}
