using System.Security.Cryptography;
using DistractedDriver.Core;
using DistractedDriver.Imaging;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Preprocessing;

/// <summary>Image files with their classes, in batches.</summary>
public abstract class FileIterator : ImageIterator
{
    private readonly string _directory;
    private readonly ImageFormat _format;
    private readonly string[] _paths;
    private readonly KnownContent?[] _known;

    private protected FileIterator(
        ImageDataGenerator generator, string directory, IReadOnlyList<(string Path, string Name, int Class)> files,
            IReadOnlyList<string> classes, string? classMode,
        ImageFormat format, int batchSize, bool shuffle, int? seed, SavedImages? saveTo)
        : base(generator, files.Count, (format.TargetSize.Height, format.TargetSize.Width, format.Channels), batchSize, shuffle, seed,
            saveTo)
    {
        (_directory, _format, ClassMode) = (directory, format, classMode);
        _paths = [.. files.Select(file => file.Path)];
        _known = new KnownContent?[files.Count];
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

    private protected override void Read(int index, byte[]? content, Span<float> image)
    {
        if (content is null) ImageFile.Load(_paths[index], _format.TargetSize, _format.Channels, _format.Interpolation, image);
        else ImageFile.Load(content, _paths[index], _format.TargetSize, _format.Channels, _format.Interpolation, image);
    }

    private protected override Tensor? Labels(int[] indices, Tensor? images)
    {
        if (ClassMode is null) return null;
        if (LabelsAreImages) return images!.clone();
        return ClassMode == "categorical"
            ? OneHot.Encode(Array.ConvertAll(indices, i => Classes[i]), ClassIndices.Count)
            : torch.tensor(Array.ConvertAll(indices, i => (float)Classes[i]));
    }

    private protected override bool LabelsAreImages => ClassMode == "input";

    private protected override string? Source => $"{TargetSize.Height} × {TargetSize.Width} {ColorMode}, {_format.Interpolation.Name}";

    // By content, so that a copy of an image in another folder is the same image.
    private protected override (string Key, byte[]? Content) Identify(int index, bool read)
    {
        var (path, stamp) = (_paths[index], KnownContent.StampOf(_paths[index]));
        if (!read && _known[index] is { } known && known.Holds(stamp)) return (known.Digest, null);
        var content = File.ReadAllBytes(path);
        var digest = Convert.ToHexString(SHA256.HashData(content));
        _known[index] = new(digest, stamp, DateTime.UtcNow);
        return (digest, content);
    }

    /// <summary>What a file held when it was read.</summary>
    /// <param name="Digest">Of its content (SHA-256).</param>
    /// <param name="Stamp">Its length and the time of its last change, from before it was read.</param>
    /// <param name="Read">When it had been read.</param>
    private sealed record KnownContent(string Digest, (long Length, DateTime Changed) Stamp, DateTime Read)
    {
        // Two changes within one tick of the file system's clock have one time: a file read soon after a change is read again.
        private static readonly TimeSpan Tick = TimeSpan.FromSeconds(2);

        public static (long Length, DateTime Changed) StampOf(string path)
        {
            var file = new FileInfo(path);
            return file.Exists
                ? (file.Length, file.LastWriteTimeUtc)
                : throw new InvalidDataException(
                    $"{path} can't be read as an image: it is not there any more. Put it back, or make the generator anew.");
        }

        public bool Holds((long Length, DateTime Changed) now) => now == Stamp && Read - Stamp.Changed > Tick;
    }
}
