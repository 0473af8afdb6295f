using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using DistractedDriver.Core;
using DistractedDriver.Layers;
using DistractedDriver.Models;
using PureHDF;

namespace DistractedDriver.Saving;

/// <summary>Networks and their weights in files, as Keras 2 and Keras 3 lay them out.</summary>
internal static class ModelFile
{
    /// <summary>
    /// Loads the weights that Keras saved: Keras 2's HDF5, of weights alone or of a whole model, and Keras 3's
    /// <c>.weights.h5</c> and <c>.keras</c>.
    /// </summary>
    /// <param name="model">The network.</param>
    /// <param name="filepath">The file.</param>
    /// <param name="byName">
    /// False to match layers in order, all of them; true to load only layers whose name is in the file, as for a network
    /// that shares its beginning with the saved one. Keras 3's files have no names to go by.
    /// </param>
    /// <exception cref="ArgumentException"><paramref name="byName"/> is true for a file of Keras 3.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// The file is damaged, no Keras weights file, or another network's. The model is unchanged.
    /// </exception>
    public static void LoadWeights(Model model, string filepath, bool byName = false)
    {
        ArgumentNullException.ThrowIfNull(filepath);
        Assign(model, filepath, Read(filepath), byName);
    }

    /// <summary>Saves the weights so that Python's Keras loads them.</summary>
    /// <param name="model">The network.</param>
    /// <param name="filepath">
    /// The file. One that ends in ".weights.h5" is laid out as Keras 3 does it, any other ".h5" or ".hdf5" as Keras 2.
    /// </param>
    /// <exception cref="ArgumentException">The name ends otherwise.</exception>
    /// <exception cref="IOException">The file can't be written; what was there is unchanged.</exception>
    public static void SaveWeights(Model model, string filepath)
    {
        CheckEnding(filepath);
        var file = new H5File();
        if (filepath.EndsWith(".weights.h5", StringComparison.Ordinal))
            Keras3Layout.Write(file, model.Name,
                Keras3Layers(model).Select(layer =>
                    (layer.Path, layer.Layer.Name,
                        Saved(layer.Layer, layer.Layer.Weights.Select(weight => (weight.Name, weight))).Arrays)));
        else
            Keras2Layout.Write(file, [.. model.Layers.Select(layer => Saved(layer, Keras2Weights(layer)))]);
        WeightsFile.Write(filepath, file);
    }

    /// <summary>
    /// Saves the network with its weights so that <c>load_model</c> of Python's Keras 2 and 3 reads it. How it was compiled is
    /// not saved.
    /// </summary>
    /// <param name="model">The network.</param>
    /// <param name="filepath">The file, which ends in ".h5" or ".hdf5".</param>
    /// <exception cref="ArgumentException">The name ends otherwise.</exception>
    /// <exception cref="IOException">The file can't be written; what was there is unchanged.</exception>
    public static void Save(Model model, string filepath)
    {
        CheckEnding(filepath);
        var config = new JsonObject { ["class_name"] = model.ClassName, ["config"] = model.GetConfig() };
        var weights = new H5Group();
        Keras2Layout.Write(weights, [.. model.Layers.Select(layer => Saved(layer, Keras2Weights(layer)))]);
        var file = new H5File { ["model_weights"] = weights };
        Keras2Layout.WriteVersion(file);
        file.Attributes["model_config"] = config.ToJsonString();
        WeightsFile.Write(filepath, file);
    }

    /// <summary>Builds the network that a file holds, with its weights.</summary>
    public static Model Load(string filepath, IReadOnlyDictionary<string, Func<LayerConfig, Layer>>? customObjects = null)
    {
        var saved = Read(filepath);
        if (saved.ModelConfig is null)
            throw new InvalidDataException(
                $"{filepath} holds weights alone, not the network they belong to: build that and use LoadWeights.");
        try
        {
            var whole = JsonNode.Parse(saved.ModelConfig)!;
            var model = ModelConfig.Read((string)whole["class_name"]!, whole["config"]!.AsObject(), customObjects);
            Assign(model, filepath, saved, byName: false);
            return model;
        }
        catch (Exception error) when (
            error is ArgumentException or JsonException or InvalidOperationException or NullReferenceException or FormatException)
        {
            throw new InvalidDataException($"The network in {filepath} can't be built: {error.Message.TrimEnd('.')}.", error);
        }
    }

    // A .keras file is a ZIP archive that has the configuration and the weights in it.
    private static SavedModel Read(string filepath)
    {
        if (!filepath.EndsWith(".keras", StringComparison.Ordinal) || !File.Exists(filepath)) return WeightsFile.Read(filepath);
        try
        {
            using var archive = ZipFile.OpenRead(filepath);
            using var weights = new MemoryStream();
            using (var packed = Entry("model.weights.h5")) packed.CopyTo(weights);
            weights.Position = 0;
            using var config = new StreamReader(Entry("config.json"));
            return WeightsFile.Read(filepath, weights) with { ModelConfig = config.ReadToEnd() };

            Stream Entry(string name) =>
                archive.GetEntry(name)?.Open() ?? throw new InvalidDataException($"{filepath} is no Keras 3 model: it has no {name}.");
        }
        catch (InvalidDataException error) when (!error.Message.Contains(filepath, StringComparison.Ordinal))
        {
            throw new InvalidDataException(
                $"{filepath} can't be read as a Keras 3 model; it is cut off, damaged or another kind of file "
                    + $"({error.Message.TrimEnd('.')}).", error);
        }
    }

    // Everything is compared before anything is changed.
    private static void Assign(Model model, string filepath, SavedModel saved, bool byName)
    {
        if (byName && saved.IsKeras3)
            throw new ArgumentException(
                $"{filepath} is laid out as Keras 3 does it, which tells layers by their class and number, not by name: load it without "
                    + "byName.", nameof(byName));
        (string Name, IReadOnlyList<(string Name, Weight Weight)> Weights)[] own = saved.IsKeras3
            ? [.. Keras3Layers(model).Select(layer => (layer.Path, Named(layer.Layer)))]
            : [.. model.Layers.Select(layer => (layer.Name, Keras2Weights(layer)))];
        own = [.. own.Where(layer => layer.Weights.Count > 0)];
        var files = saved.Layers.Where(layer => layer.Arrays.Count > 0).ToArray();
        if (byName || saved.IsKeras3)
        {
            // By name or by path, those that both have; of the latter there must be no others.
            var common = files.Where(layer => own.Any(other => other.Name == layer.Name)).ToArray();
            if (saved.IsKeras3 && (common.Length != own.Length || common.Length != files.Length)) throw Another();
            files = common;
            own = [.. files.Select(layer => own.First(other => other.Name == layer.Name))];
        }
        if (files.Length != own.Length) throw Another();

        var pairs = own.Zip(files).SelectMany(pair => Match(filepath, pair.First.Name, pair.First.Weights, pair.Second)).ToArray();
        foreach (var (name, weight, array) in pairs)
            if (!weight.Shape.SequenceEqual(array.Shape.Select(size => (int?)size)))
                throw new InvalidDataException(
                    $"{filepath}: '{array.Name}' has shape {new Shape(array.Shape.Select(size => (int?)size))}, '{name}' of the model "
                        + $"'{model.Name}' has {weight.Shape}.");
        foreach (var (_, weight, array) in pairs) weight.Assign(array.Values);

        InvalidDataException Another() => new(
            $"{filepath} holds the weights of {files.Length} layers, the model '{model.Name}' has {own.Length} with weights: it is another "
                + $"network's file ({Names(files.Select(layer => layer.Name))} against {Names(own.Select(layer => layer.Name))}).");
    }

    // A model within the model has its weights in an order that depends on what is frozen; where the names agree, they decide.
    private static IEnumerable<(string Name, Weight Weight, SavedArray Array)> Match(string filepath, string layer,
        IReadOnlyList<(string Name, Weight Weight)> weights, SavedLayer file)
    {
        if (weights.Count != file.Arrays.Count)
            throw new InvalidDataException(
                $"{filepath}: layer '{file.Name}' holds {file.Arrays.Count} arrays, the model's layer '{layer}' has {weights.Count}.");
        var named = file.Arrays.GroupBy(array => array.Name).ToDictionary(same => same.Key, same => same.First());
        var byName = weights.All(weight => named.ContainsKey(weight.Name));
        return weights.Select((weight, i) => (weight.Name, weight.Weight, byName ? named[weight.Name] : file.Arrays[i]));
    }

    /// <summary>A layer's weights by Keras 2's names: those that are trained first, whatever the layers they belong to.</summary>
    private static IReadOnlyList<(string Name, Weight Weight)> Keras2Weights(Layer layer)
    {
        var trainable = layer.TrainableWeights.ToHashSet();
        return [.. Named(layer).OrderBy(weight => trainable.Contains(weight.Weight) ? 0 : 1)];
    }

    private static IReadOnlyList<(string Name, Weight Weight)> Named(Layer layer) => layer is Model model
        ? [.. model.Layers.SelectMany(Named)]
        : [.. layer.Weights.Select(weight => ($"{layer.Name}/{weight.Name}:0", weight))];

    /// <summary>Every layer with the path of its group in Keras 3's layout: its class's name, numbered within its model.</summary>
    private static IEnumerable<(string Path, Layer Layer)> Keras3Layers(Model model, string prefix = "")
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

    private static SavedLayer Saved(Layer layer, IEnumerable<(string Name, Weight Weight)> weights) =>
        new(layer.Name, [.. weights.Select(weight =>
            new SavedArray(weight.Name, [.. weight.Weight.Shape.Select(size => size!.Value)], weight.Weight.ToArray()))]);

    /// <exception cref="ArgumentException">The name ends otherwise.</exception>
    internal static void CheckEnding(string filepath)
    {
        ArgumentNullException.ThrowIfNull(filepath);
        if (!filepath.EndsWith(".h5", StringComparison.Ordinal) && !filepath.EndsWith(".hdf5", StringComparison.Ordinal))
            throw new ArgumentException($"What is saved ends in \".h5\" or \".hdf5\", which every Keras reads. Received: \"{filepath}\".",
                nameof(filepath));
    }

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Take(3)) + ", …";
}
