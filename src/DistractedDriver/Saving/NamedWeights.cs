using DistractedDriver.Core;
using DistractedDriver.Layers;
using DistractedDriver.Models;

namespace DistractedDriver.Saving;

/// <summary>A weight with its place in the model.</summary>
/// <param name="Path">The names of the models within the model that it is in: "left/".</param>
/// <param name="Layer">Its layer's name.</param>
/// <param name="Weight">The weight.</param>
internal sealed record PlacedWeight(string Path, string Layer, Weight Weight)
{
    /// <summary>The name that Keras 2 gives it: "conv2d/kernel:0".</summary>
    public string Name => $"{Layer}/{Weight.Name}:0";

    /// <summary>The name with the models that it is in.</summary>
    public string FullName => Path + Name;
}

/// <summary>The names of weights in files.</summary>
internal static class NamedWeights
{
    /// <summary>A layer's weights; those of a model within the model one after the other.</summary>
    public static IEnumerable<PlacedWeight> Of(Layer layer, string path = "") => layer is Model model
        ? model.Layers.SelectMany(inner => Of(inner, inner is Model ? $"{path}{inner.Name}/" : path))
        : layer.Weights.Select(weight => new PlacedWeight(path, layer.Name, weight));

    /// <summary>A layer's weights as Keras 2 orders them: those that are trained first, whatever the layers they belong to.</summary>
    public static IReadOnlyList<PlacedWeight> InKeras2Order(Layer layer)
    {
        var trainable = layer.TrainableWeights.ToHashSet();
        return [.. Of(layer).OrderBy(weight => trainable.Contains(weight.Weight) ? 0 : 1)];
    }

    /// <summary>
    /// A name of its own for each: Keras 2's, and where several share that, as layers of two models within the model may, the one with
    /// the models before it. Both Keras go by the order and not by the name.
    /// </summary>
    public static IReadOnlyList<string> Unique(IReadOnlyList<PlacedWeight> weights)
    {
        var often = weights.CountBy(weight => weight.Name).ToDictionary();
        return [.. weights.Select(weight => often[weight.Name] == 1 ? weight.Name : weight.FullName)];
    }

    /// <summary>
    /// The array of a file for each weight. The order depends on what was frozen when the file was written, so that names decide where
    /// they agree.
    /// </summary>
    /// <param name="weights">The weights in Keras 2's order.</param>
    /// <param name="arrays">As many arrays.</param>
    public static IEnumerable<(PlacedWeight Weight, SavedArray Array)> Match(
        IReadOnlyList<PlacedWeight> weights, IReadOnlyList<SavedArray> arrays)
    {
        string[] given = [.. arrays.Select(array => Plain(array.Name))];
        foreach (var names in new[] { weights.Select(weight => Plain(weight.FullName)), weights.Select(weight => Plain(weight.Name)) })
        {
            int[] places = [.. names.Select(name => Place(given, name))];
            if (places.Distinct().Count() == places.Length && !places.Contains(-1))
                return weights.Select((weight, i) => (weight, arrays[places[i]]));
        }
        return weights.Zip(arrays);
    }

    // The one name that is equal or has more models before it.
    private static int Place(string[] given, string name)
    {
        int[] fitting = [.. Enumerable.Range(0, given.Length)
            .Where(i => given[i] == name || given[i].EndsWith($"/{name}", StringComparison.Ordinal))];
        return fitting.Length == 1 ? fitting[0] : -1;
    }

    private static string Plain(string name) => name.EndsWith(":0", StringComparison.Ordinal) ? name[..^2] : name;
}
