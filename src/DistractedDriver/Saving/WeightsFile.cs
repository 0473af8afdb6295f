using DistractedDriver.Files;
using PureHDF;
using PureHDF.VOL.Native;

namespace DistractedDriver.Saving;

// Saving: networks on disk, as Keras 2 and Keras 3 lay them out. WeightsFile and its two layouts read and write plain
// arrays by name and know nothing of layers; ModelFile and what it uses bring the two together.

/// <summary>One array of a weights file.</summary>
/// <param name="Name">As the file gives it: "block1_conv1/kernel:0".</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Read">Reads its numbers, in C order, while the file is open.</param>
internal sealed record SavedArray(string Name, int[] Shape, Func<float[]> Read);

/// <summary>One layer of a weights file with its arrays, in the file's order.</summary>
/// <param name="Name">The layer's name in Keras 2's layout; in Keras 3's the path of its group, which comes from its class.</param>
/// <param name="Arrays">What it holds.</param>
internal sealed record SavedLayer(string Name, IReadOnlyList<SavedArray> Arrays);

/// <summary>What an optimizer kept.</summary>
/// <param name="Iterations">How many steps it took.</param>
/// <param name="Arrays">What it kept for the weights, in the file's order.</param>
internal sealed record SavedOptimizer(long Iterations, IReadOnlyList<SavedArray> Arrays);

/// <summary>A file of weights, or a whole model in HDF5, open for reading.</summary>
internal sealed class WeightsFile : IDisposable
{
    private readonly string _path;
    private readonly NativeFile _file;
    private readonly IH5Group _root;

    private WeightsFile(string path, NativeFile file)
    {
        (_path, _file) = (path, file);
        _root = file.LinkExists("model_weights") ? Hdf5.Group(file, "model_weights") : file;
        IsKeras3 = !Keras2Layout.IsIn(_root);
        if (IsKeras3 && !Keras3Layout.IsIn(_root))
            throw new InvalidDataException(
                $"{path} holds no Keras weights: it has neither the attribute 'layer_names' of Keras 2 nor the group 'layers' of Keras 3.");
    }

    /// <summary>Whether layers are told by the path of their group.</summary>
    public bool IsKeras3 { get; }

    /// <summary>How the network is made, as JSON; null where the file holds weights alone.</summary>
    public string? ModelConfig => Guarded(() => Text("model_config"));

    /// <summary>How the network was compiled, as JSON; null where the file does not say.</summary>
    public string? TrainingConfig => Guarded(() => Text("training_config"));

    /// <summary>The layers, in the file's order where it has one (Keras 2).</summary>
    public IReadOnlyList<SavedLayer> Layers => Guarded(() => IsKeras3 ? Keras3Layout.Read(_root) : Keras2Layout.Read(_root));

    /// <summary>What the optimizer kept; null where there is nothing.</summary>
    public SavedOptimizer? Optimizer => Guarded(() => IsKeras3 ? Keras3Layout.ReadOptimizer(_root) : Keras2Layout.ReadOptimizer(_file));

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no HDF5, is cut off, or holds no Keras weights.</exception>
    public static WeightsFile Open(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no weights file {path}.", path);
        return Guarded(path, () =>
        {
            using (var content = File.OpenRead(path)) Hdf5Inspection.Check(content);
            return Open(path, H5File.OpenRead(path));
        });
    }

    /// <summary>The same of an HDF5 file inside another one, <paramref name="path"/>.</summary>
    public static WeightsFile Open(string path, Stream content) => Guarded(path, () =>
    {
        Hdf5Inspection.Check(content);
        content.Position = 0;
        return Open(path, H5File.Open(content));
    });

    /// <summary>Writes a file; what was there is replaced once the new one is whole.</summary>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static void Write(string path, H5File file) => AtomicFile.Write(path, "The model", temporary => file.Write(temporary));

    /// <summary>Does something with the file's content, so that every error names the file.</summary>
    public T Guarded<T>(Func<T> read) => Guarded(_path, read);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static WeightsFile Open(string path, NativeFile file)
    {
        try
        {
            return new(path, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private string? Text(string attribute) => _file.AttributeExists(attribute) ? _file.Attribute(attribute).Read<string>() : null;

    private static T Guarded<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is not (FileNotFoundException or UnauthorizedAccessException)
            && !(error is InvalidDataException && error.Message.Contains(path, StringComparison.Ordinal)))
        {
            throw new InvalidDataException(
                error is InvalidDataException
                    ? $"{path} can't be read: {error.Message.TrimEnd('.')}."
                    : $"{path} can't be read as HDF5; it is cut off, damaged or another kind of file ({error.Message.TrimEnd('.')}). "
                        + "Fetch or save it anew.",
                error);
        }
    }
}
