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

    private static IEnumerable<SavedLayer> Read(IH5Group root, string prefix)
    {
        foreach (var group in root.Group("layers").Children().OfType<IH5Group>().OrderBy(group => group.Name, StringComparer.Ordinal))
        {
            var path = prefix + group.Name;
            if (group.LinkExists("layers"))
            {
                foreach (var inner in Read(group, path + "/")) yield return inner;
                continue;
            }
            var variables = group.LinkExists("vars")
                ? group.Group("vars").Children().OfType<IH5Dataset>().OrderBy(array => int.Parse(array.Name)).ToArray()
                : [];
            if (variables.Length > 0) yield return new(path,
                [.. variables.Select(array => WeightsFile.ReadArray(array, $"{path}/vars/{array.Name}"))]);
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
        for (var i = 0; i < arrays.Count; i++) group[$"{i}"] = WeightsFile.ToDataset(arrays[i]);
        return group;
    }
}
