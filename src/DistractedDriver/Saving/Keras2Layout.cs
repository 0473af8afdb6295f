using PureHDF;

namespace DistractedDriver.Saving;

/// <summary>
/// Weights as Keras 2 saves them, and Keras 3 reads them: the attribute layer_names at the root, or in the group model_weights of
/// a whole model, names a group a layer, whose attribute weight_names names its datasets.
/// </summary>
internal static class Keras2Layout
{
    /// <summary>The Keras whose layout is written.</summary>
    public const string Version = "2.15.0";

    /// <summary>What that Keras computes with.</summary>
    public const string Backend = "tensorflow";

    public static bool IsIn(IH5Group root) => root.AttributeExists("layer_names") || root.AttributeExists("layer_names0");

    public static IReadOnlyList<SavedLayer> Read(IH5Group root) =>
        [.. Names(root, "layer_names").Select(name => ReadLayer(Hdf5.Group(root, name), name))];

    /// <summary>What the optimizer kept: the group optimizer_weights beside model_weights, whose attribute names its datasets.</summary>
    public static SavedOptimizer? ReadOptimizer(IH5Group file)
    {
        if (!file.LinkExists("optimizer_weights")) return null;
        var group = Hdf5.Group(file, "optimizer_weights");
        string[] names = [.. Names(group, "weight_names")];
        return names.Length == 0 ? null : new(
            Hdf5.Integer(group.Dataset(names[0]), names[0]), [.. names.Skip(1).Select(name => Hdf5.Array(group.Dataset(name), name))]);
    }

    /// <summary>Writes what the optimizer kept.</summary>
    public static void WriteOptimizer(H5Group file, long iterations, IReadOnlyList<SavedArray> kept)
    {
        var group = new H5Group();
        file["optimizer_weights"] = group;
        NameWeights(group, ["iteration:0", .. kept.Select(array => array.Name)]);
        group["iteration:0"] = iterations;
        foreach (var array in kept) Place(group, array);
    }

    /// <summary>Writes weights into a group; an empty list of names is one of numbers, as NumPy makes it.</summary>
    public static void Write(H5Group root, IReadOnlyList<SavedLayer> layers)
    {
        WriteVersion(root);
        root.Attributes["layer_names"] = layers.Select(layer => layer.Name).ToArray();
        foreach (var layer in layers)
        {
            var group = new H5Group();
            root[layer.Name] = group;
            NameWeights(group, layer.Arrays.Select(array => array.Name).ToArray());
            foreach (var array in layer.Arrays) Place(group, array);
        }
        var none = new H5Group();
        root["top_level_model_weights"] = none;
        NameWeights(none, []);
    }

    /// <summary>Says which Keras's layout it is: what it says decides how Keras converts older files.</summary>
    public static void WriteVersion(H5Group root)
    {
        root.Attributes["backend"] = Backend;
        root.Attributes["keras_version"] = Version;
    }

    private static SavedLayer ReadLayer(IH5Group group, string name) =>
        new(name, [.. Names(group, "weight_names").Select(weight => Hdf5.Array(group.Dataset(weight), weight))]);

    private static void NameWeights(H5Group group, string[] names) =>
        group.Attributes["weight_names"] = names.Length > 0 ? names : Array.Empty<double>();

    // A name with slashes stands for groups within groups.
    private static void Place(H5Group group, SavedArray array)
    {
        var steps = array.Name.Split('/');
        foreach (var step in steps.SkipLast(1))
        {
            if (!group.TryGetValue(step, out var inner)) group[step] = inner = new H5Group();
            group = (H5Group)inner;
        }
        group[steps[^1]] = Hdf5.Dataset(array.Read(), array.Shape);
    }

    // Keras cuts a list that is too long for one attribute into layer_names0, layer_names1, ….
    private static IEnumerable<string> Names(IH5Group group, string attribute)
    {
        if (group.AttributeExists(attribute)) return Strings(group.Attribute(attribute));
        return Enumerable.Range(0, int.MaxValue).Select(i => $"{attribute}{i}").TakeWhile(group.AttributeExists)
            .SelectMany(chunk => Strings(group.Attribute(chunk)));
    }

    private static string[] Strings(IH5Attribute attribute) => attribute.Space.Dimensions is [0] or [] ? [] : attribute.Read<string[]>();
}
