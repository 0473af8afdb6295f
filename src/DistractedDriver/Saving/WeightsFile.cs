using DistractedDriver.Files;
using PureHDF;
using PureHDF.VOL.Native;

namespace DistractedDriver.Saving;

// Saving: networks on disk, as Keras 2 and Keras 3 lay them out. WeightsFile and its two layouts read and write plain
// arrays by name and know nothing of layers; ModelConfig knows how layers hang together.

/// <summary>One array of a weights file.</summary>
/// <param name="Name">As the file gives it: "block1_conv1/kernel:0".</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Values">Its numbers, in C order.</param>
internal sealed record SavedArray(string Name, int[] Shape, float[] Values);

/// <summary>One layer of a weights file with its arrays, in the file's order.</summary>
/// <param name="Name">The layer's name in Keras 2's layout; in Keras 3's the path of its group, which comes from its class.</param>
/// <param name="Arrays">What it holds.</param>
internal sealed record SavedLayer(string Name, IReadOnlyList<SavedArray> Arrays);

/// <summary>What a file of Keras's holds.</summary>
/// <param name="Layers">The layers, in the file's order where it has one (Keras 2).</param>
/// <param name="IsKeras3">Whether layers are told by the path of their group.</param>
/// <param name="ModelConfig">How the network is made, as JSON; null where the file holds weights alone.</param>
internal sealed record SavedModel(IReadOnlyList<SavedLayer> Layers, bool IsKeras3, string? ModelConfig);

/// <summary>Files of weights, and whole models in HDF5.</summary>
internal static class WeightsFile
{
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no HDF5, is cut off, or holds no Keras weights.</exception>
    public static SavedModel Read(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no weights file {path}.", path);
        return Read(path, () => H5File.OpenRead(path));
    }

    /// <summary>The same of an HDF5 file inside another one, <paramref name="path"/>.</summary>
    public static SavedModel Read(string path, Stream content) => Read(path, () => H5File.Open(content, leaveOpen: true));

    /// <summary>Writes a file; what was there is replaced once the new one is whole.</summary>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static void Write(string path, H5File file)
    {
        AtomicFile.Write(path, "The model", temporary => file.Write(temporary));
    }

    /// <summary>A dataset's numbers as float32.</summary>
    internal static SavedArray ReadArray(IH5Dataset dataset, string name)
    {
        float[] values = dataset.Type.Size switch
        {
            2 => Array.ConvertAll(dataset.Read<Half[]>(), value => (float)value),
            4 => dataset.Read<float[]>(),
            8 => Array.ConvertAll(dataset.Read<double[]>(), value => (float)value),
            var size => throw new InvalidDataException($"'{name}' has numbers of {size} bytes; float16, float32 and float64 are read."),
        };
        return new SavedArray(name, [.. dataset.Space.Dimensions.Select(size => (int)size)], values);
    }

    internal static H5Dataset ToDataset(SavedArray array) => new(array.Values, fileDims: [.. array.Shape.Select(size => (ulong)size)]);

    private static SavedModel Read(string path, Func<NativeFile> open)
    {
        try
        {
            using var file = open();
            var config = file.AttributeExists("model_config") ? file.Attribute("model_config").Read<string>() : null;
            var root = file.LinkExists("model_weights") ? file.Group("model_weights") : file;
            if (Keras2Layout.IsIn(root)) return new(Keras2Layout.Read(root), IsKeras3: false, config);
            if (Keras3Layout.IsIn(root)) return new(Keras3Layout.Read(root), IsKeras3: true, config);
            throw new InvalidDataException(
                $"{path} holds no Keras weights: it has neither the attribute 'layer_names' of Keras 2 nor the group 'layers' of Keras 3.");
        }
        catch (Exception error) when (error is not (InvalidDataException or FileNotFoundException or UnauthorizedAccessException))
        {
            throw new InvalidDataException(
                $"{path} can't be read as HDF5; it is cut off, damaged or another kind of file ({error.Message.TrimEnd('.')}). Fetch or "
                    + "save it anew.", error);
        }
    }
}
