using PureHDF;

namespace DistractedDriver.Saving;

/// <summary>
/// Weights as Keras 3 saves them: the group layers has one group a layer, called after its class and numbered, in which the
/// group vars has the arrays by number. A model within the model has a group layers of its own.
/// </summary>
internal static class Keras3Layout
{
    public static bool IsIn(IH5Group root) => root.LinkExists("layers");

    /// <summary>The layers that have arrays; their names are paths: "conv2d_1", "functional/conv2d".</summary>
    public static IReadOnlyList<SavedLayer> Read(IH5Group root) => [.. Read(root, "")];

    /// <param name="root">The file, or the group of a model within the model.</param>
    /// <param name="name">The model's name.</param>
    /// <param name="layers">Each layer's path, its own name, and its arrays.</param>
    public static void Write(H5Group root, string name, IEnumerable<(string Path, string Name, IReadOnlyList<SavedArray> Arrays)> layers)
    {
        root["layers"] = new H5Group();
        root["vars"] = Variables(name, []);
        foreach (var layer in layers)
        {
            var group = root;
            foreach (var step in layer.Path.Split('/'))
            {
                var inside = Inner(group, "layers");
                group = Inner(inside, step);
            }
            group["vars"] = Variables(layer.Name, layer.Arrays);
        }
    }

    /// <summary>What the optimizer kept: how many steps it took, and its arrays by number.</summary>
    public static SavedOptimizer? ReadOptimizer(IH5Group root)
    {
        if (!root.LinkExists("optimizer")) return null;
        var group = Hdf5.Group(root, "optimizer");
        IH5Dataset[] arrays = group.LinkExists("vars") ? [.. Arrays(Hdf5.Group(group, "vars"))] : [];
        return arrays.Length == 0 ? null : new(
            Hdf5.Integer(arrays[0], "optimizer/vars/0"),
                [.. arrays.Skip(1).Select(array => Hdf5.Array(array, $"optimizer/vars/{array.Name}"))]);
    }

    /// <summary>Writes what the optimizer kept.</summary>
    /// <param name="root">The file.</param>
    /// <param name="iterations">How many steps it took.</param>
    /// <param name="rate">The learning rate; null where it follows a schedule.</param>
    /// <param name="kept">The arrays in Keras's order.</param>
    public static void WriteOptimizer(H5Group root, long iterations, float? rate, IReadOnlyList<SavedArray> kept)
    {
        var group = new H5Group { ["0"] = iterations };
        if (rate is not null) group["1"] = rate.Value;
        foreach (var array in kept) group[$"{group.Count}"] = Hdf5.Dataset(array.Read(), array.Shape);
        root["optimizer"] = new H5Group { ["vars"] = group };
    }

    private static IEnumerable<IH5Dataset> Arrays(IH5Group vars) => vars.Children().OfType<IH5Dataset>()
        .OrderBy(array => int.Parse(array.Name));

    private static IEnumerable<SavedLayer> Read(IH5Group root, string prefix)
    {
        foreach (var group in Hdf5.Group(root, "layers").Children().OfType<IH5Group>().OrderBy(group => group.Name, StringComparer.Ordinal))
        {
            var path = prefix + group.Name;
            if (group.LinkExists("layers"))
            {
                foreach (var inner in Read(group, path + "/")) yield return inner;
                continue;
            }
            var variables = group.LinkExists("vars") ? Arrays(Hdf5.Group(group, "vars")).ToArray() : [];
            if (variables.Length > 0) yield return new(path,
                [.. variables.Select(array => Hdf5.Array(array, $"{path}/vars/{array.Name}"))]);
        }
    }

    private static H5Group Inner(H5Group group, string name)
    {
        if (!group.TryGetValue(name, out var inner)) group[name] = inner = new H5Group();
        return (H5Group)inner;
    }

    private static H5Group Variables(string name, IReadOnlyList<SavedArray> arrays)
    {
        var group = new H5Group { Attributes = new() { ["name"] = name } };
        for (var i = 0; i < arrays.Count; i++) group[$"{i}"] = Hdf5.Dataset(arrays[i].Read(), arrays[i].Shape);
        return group;
    }
}
