using PureHDF;

namespace DistractedDriver;

// Models/Files: networks on disk. It reads and writes plain arrays by name and knows nothing of layers.

/// <summary>One array of a weights file.</summary>
/// <param name="Name">As the file's weight_names gives it: "block1_conv1/kernel:0".</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Values">Its numbers, in C order.</param>
internal sealed record SavedArray(string Name, int[] Shape, float[] Values);

/// <summary>One layer of a weights file with its arrays, in the file's order.</summary>
internal sealed record SavedLayer(string Name, IReadOnlyList<SavedArray> Arrays);

/// <summary>
/// Keras's legacy HDF5 weights: the attribute layer_names at the root, or in the group model_weights of a whole model, names a
/// group a layer, whose attribute weight_names names its datasets.
/// </summary>
internal static class WeightsFile
{
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no HDF5, is cut off, or holds no Keras weights.</exception>
    public static IReadOnlyList<SavedLayer> Read(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no weights file {path}.", path);
        try
        {
            using var file = H5File.OpenRead(path);
            var root = file.LinkExists("model_weights") ? file.Group("model_weights") : file;
            if (!root.AttributeExists("layer_names") && !root.AttributeExists("layer_names0"))
                throw new InvalidDataException($"{path} holds no Keras weights: its attribute 'layer_names' is missing.");
            return [.. Names(root, "layer_names").Select(name => ReadLayer(root.Group(name), name))];
        }
        catch (Exception error) when (error is not (InvalidDataException or FileNotFoundException or UnauthorizedAccessException))
        {
            throw new InvalidDataException($"{path} can't be read as HDF5; it is cut off, damaged or another kind of file ({error.Message.TrimEnd('.')}). Fetch or save it anew.", error);
        }
    }

    private static SavedLayer ReadLayer(IH5Group group, string name) =>
        new(name, [.. Names(group, "weight_names").Select(weight => ReadArray(group.Dataset(weight), weight))]);

    private static SavedArray ReadArray(IH5Dataset dataset, string name)
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

    // Keras cuts a list that is too long for one attribute into layer_names0, layer_names1, ….
    private static IEnumerable<string> Names(IH5Group group, string attribute)
    {
        if (group.AttributeExists(attribute)) return Strings(group.Attribute(attribute));
        return Enumerable.Range(0, int.MaxValue).Select(i => $"{attribute}{i}").TakeWhile(group.AttributeExists).SelectMany(chunk => Strings(group.Attribute(chunk)));
    }

    private static string[] Strings(IH5Attribute attribute) => attribute.Space.Dimensions is [0] or [] ? [] : attribute.Read<string[]>();
}
