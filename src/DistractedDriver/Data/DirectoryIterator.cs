using System.Runtime.InteropServices;
using System.Security.Cryptography;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver;

/// <summary>The images of a folder, one subfolder a class. Made by <see cref="ImageDataGenerator.FlowFromDirectory"/>.</summary>
public sealed class DirectoryIterator : ImageIterator
{
    private readonly ImageDataGenerator _generator;
    private readonly string _directory;
    private readonly Interpolation _interpolation;
    private readonly int _channels;
    private readonly string[] _paths;
    private readonly string?[] _digests;

    internal DirectoryIterator(
        ImageDataGenerator generator, string directory, IReadOnlyList<string> classes, (string Path, string Name, int Class)[] files,
        (int Height, int Width) targetSize, string colorMode, Interpolation interpolation, int batchSize, string? classMode, bool shuffle, int? seed) : base(files.Length, batchSize, shuffle, seed)
    {
        ColorMode = colorMode;
        _channels = ImageFile.Channels(colorMode);
        (_generator, _directory, _interpolation, TargetSize, ClassMode) = (generator, directory, interpolation, targetSize, classMode);
        _paths = [.. files.Select(file => file.Path)];
        _digests = new string?[files.Length];
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

    /// <summary>Each class's number, by the name of its folder.</summary>
    public IReadOnlyDictionary<string, int> ClassIndices { get; }

    /// <summary>Height and width in pixels that images are scaled to.</summary>
    public (int Height, int Width) TargetSize { get; }

    /// <summary>"rgb", "grayscale" or "rgba".</summary>
    public string ColorMode { get; }

    /// <summary>"categorical", "binary", "sparse", "input" or null: what the labels are.</summary>
    public string? ClassMode { get; }

    private protected override Shape Shape => new(null, TargetSize.Height, TargetSize.Width, _channels);

    private protected override string Description => $"the generator over {_directory}";

    private protected override ImageBatch Load(int[] indices, NumpyRandom random)
    {
        using var scope = torch.NewDisposeScope();
        var size = TargetSize.Height * TargetSize.Width * _channels;
        var values = new float[indices.Length * size];
        var transforms = Array.ConvertAll(indices, _ => _generator.Draw(random, TargetSize.Height, TargetSize.Width));
        try
        {
            Parallel.For(0, indices.Length, i =>
            {
                var image = values.AsSpan(i * size, size);
                ImageFile.Load(_paths[indices[i]], TargetSize, _channels, _interpolation, image);
                if (transforms[i] is { } transform) _generator.Apply(transform, image.ToArray(), TargetSize.Height, TargetSize.Width, _channels).CopyTo(image);
            });
        }
        catch (AggregateException errors) when (errors.InnerExceptions[0] is InvalidDataException error)
        {
            throw new InvalidDataException(error.Message, error);
        }
        var images = torch.tensor(values, [indices.Length, TargetSize.Height, TargetSize.Width, _channels]);
        var prepared = _generator.Standardize(images);
        var labels = ClassMode == "input" ? prepared.clone() : Labels(indices);
        return new ImageBatch(prepared.MoveToOuterDisposeScope(), labels?.MoveToOuterDisposeScope());
    }

    private protected override bool IsRepeatable => !_generator.IsRandom;

    private protected override Tensor? Labels(int[] indices)
    {
        if (ClassMode is null) return null;
        if (ClassMode != "categorical") return torch.tensor(Array.ConvertAll(indices, i => (float)Classes[i]));
        var labels = torch.zeros(indices.Length, ClassIndices.Count);
        var values = MemoryMarshal.Cast<byte, float>(labels.bytes);
        for (var i = 0; i < indices.Length; i++) values[i * ClassIndices.Count + Classes[indices[i]]] = 1;
        return labels;
    }

    // By content, so that a copy of an image in another folder is the same image.
    private protected override (object Preprocessing, string Sample) Key(int index) =>
        ((_generator.PreprocessingKey, TargetSize, ColorMode, _interpolation.Name), _digests[index] ??= Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(_paths[index]))));
}
