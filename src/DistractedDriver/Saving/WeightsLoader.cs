using DistractedDriver.Core;
using DistractedDriver.Layers;
using DistractedDriver.Models;

namespace DistractedDriver.Saving;

/// <summary>Brings the arrays of a file into a model's weights: all of them, or none where something does not fit.</summary>
internal static class WeightsLoader
{
    /// <summary>Loads a file's arrays.</summary>
    /// <exception cref="ArgumentException"><paramref name="byName"/> is true for a file of Keras 3.</exception>
    /// <exception cref="InvalidDataException">The file is damaged or another network's. The model is unchanged.</exception>
    public static void Load(Model model, string filepath, WeightsFile file, bool byName)
    {
        foreach (var (weight, values) in Read(model, filepath, file, byName)) weight.Assign(values);
    }

    /// <summary>A file's arrays, each with the weight that it belongs to, after everything was compared.</summary>
    /// <exception cref="ArgumentException"><paramref name="byName"/> is true for a file of Keras 3.</exception>
    /// <exception cref="InvalidDataException">The file is damaged or another network's.</exception>
    public static IReadOnlyList<(Weight Weight, float[] Values)> Read(Model model, string filepath, WeightsFile file, bool byName)
    {
        if (byName && file.IsKeras3)
            throw new ArgumentException(
                $"{filepath} is laid out as Keras 3 does it, which tells layers by their class and number, not by name: "
                    + "load it without byName.", nameof(byName));
        (string Name, IReadOnlyList<PlacedWeight> Weights)[] own = file.IsKeras3
            ? [.. Keras3Layers(model).Select(layer => (layer.Path, (IReadOnlyList<PlacedWeight>)[.. NamedWeights.Of(layer.Layer)]))]
            : [.. model.Layers.Select(layer => (layer.Name, NamedWeights.InKeras2Order(layer)))];
        own = [.. own.Where(layer => layer.Weights.Count > 0)];
        var files = file.Layers.Where(layer => layer.Arrays.Count > 0).ToArray();
        if (byName || file.IsKeras3)
        {
            // By name or by path, those that both have; of the latter there must be no others.
            var common = files.Where(layer => own.Any(other => other.Name == layer.Name)).ToArray();
            if (file.IsKeras3 && (common.Length != own.Length || common.Length != files.Length)) throw Another();
            files = common;
            own = [.. files.Select(layer => own.First(other => other.Name == layer.Name))];
        }
        if (files.Length != own.Length) throw Another();

        (PlacedWeight Weight, SavedArray Array)[] pairs =
            [.. own.Zip(files).SelectMany(pair => Match(filepath, pair.First.Name, pair.First.Weights, pair.Second, file.IsKeras3))];
        foreach (var (weight, array) in pairs)
            if (!weight.Weight.Shape.SequenceEqual(array.Shape.Select(size => (int?)size)))
                throw new InvalidDataException(
                    $"{filepath}: '{array.Name}' has shape {Described(array.Shape)}, '{weight.Name}' of the model "
                        + $"'{model.Name}' has {weight.Weight.Shape}.");
        return file.Guarded(() => pairs.Select(pair => (pair.Weight.Weight, pair.Array.Read())).ToArray());

        InvalidDataException Another() => new(
            $"{filepath} holds the weights of {files.Length} layers, the model '{model.Name}' has {own.Length} with weights: it is another "
                + $"network's file ({Names(files.Select(layer => layer.Name))} against {Names(own.Select(layer => layer.Name))}).");
    }

    /// <summary>Every layer with the path of its group in Keras 3's layout: its class's name, numbered within its model.</summary>
    public static IEnumerable<(string Path, Layer Layer)> Keras3Layers(Model model, string prefix = "")
    {
        var used = new Dictionary<string, int>();
        foreach (var layer in model.Layers)
        {
            var name = Layer.SnakeCase(layer.ClassName);
            var number = used.TryGetValue(name, out var last) ? last + 1 : 0;
            used[name] = number;
            var path = prefix + (number == 0 ? name : $"{name}_{number}");
            if (layer is not Model inner) yield return (path, layer);
            else foreach (var within in Keras3Layers(inner, path + "/")) yield return within;
        }
    }

    private static IEnumerable<(PlacedWeight Weight, SavedArray Array)> Match(
        string filepath, string layer, IReadOnlyList<PlacedWeight> weights, SavedLayer file, bool inOrder)
    {
        if (weights.Count != file.Arrays.Count)
            throw new InvalidDataException(
                $"{filepath}: layer '{file.Name}' holds {file.Arrays.Count} arrays, the model's layer '{layer}' has {weights.Count}.");
        return inOrder ? weights.Zip(file.Arrays) : NamedWeights.Match(weights, file.Arrays);
    }

    private static string Described(int[] shape) => $"({string.Join(", ", shape)}{(shape.Length == 1 ? "," : "")})";

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Take(3)) + ", …";
}
