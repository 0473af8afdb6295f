using System.Text.Json;
using System.Text.Json.Nodes;
using DistractedDriver.Core;
using DistractedDriver.Models;
using PureHDF;
using CustomObjects = System.Collections.Generic.IReadOnlyDictionary<string, System.Func<DistractedDriver.Layers.LayerConfig,
    DistractedDriver.Layers.Layer>>;

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
        using var file = SavedFile.Open(filepath);
        WeightsLoader.Load(model, filepath, file.Weights, byName);
    }

    /// <summary>Looks whether a file holds weights of a network, whole, and loads none.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, no Keras weights file, or another network's.</exception>
    public static void CheckWeights(Model model, string filepath)
    {
        using var file = SavedFile.Open(filepath);
        WeightsLoader.Read(model, filepath, file.Weights, byName: false);
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
        CheckEnding(filepath, weightsOnly: true);
        var file = new H5File();
        if (filepath.EndsWith(".weights.h5", StringComparison.Ordinal)) WriteForKeras3(file, model);
        else WriteForKeras2(file, model);
        WeightsFile.Write(filepath, file);
    }

    /// <summary>
    /// Saves the network with its weights, how it was compiled and what the optimizer kept, so that training goes on from the file as
    /// if it had never stopped.
    /// </summary>
    /// <param name="model">The network.</param>
    /// <param name="filepath">
    /// The file. <c>load_model</c> of Keras 2.15 and Keras 3 read one that ends in ".h5" or ".hdf5", Keras 3's one that ends in ".keras".
    /// </param>
    /// <param name="includeOptimizer">Whether how it was compiled and what the optimizer kept is saved as well.</param>
    /// <exception cref="ArgumentException">The name ends otherwise.</exception>
    /// <exception cref="IOException">The file can't be written; what was there is unchanged.</exception>
    public static void Save(Model model, string filepath, bool includeOptimizer = true)
    {
        CheckEnding(filepath, weightsOnly: false);
        var compiled = includeOptimizer ? model.Compilation : null;
        var file = new H5File();
        if (filepath.EndsWith(".keras", StringComparison.Ordinal))
        {
            WriteForKeras3(file, model);
            var config = Keras3Config.Describe(model);
            if (compiled is not null)
            {
                config["compile_config"] = TrainingConfig.WriteForKeras3(model, compiled);
                var optimizer = compiled.Optimizer;
                Keras3Layout.WriteOptimizer(
                    file, optimizer.Iterations, optimizer.HasConstantRate ? (float)optimizer.LearningRate : null,
                        OptimizerState.Of(model, compiled));
            }
            KerasArchive.Write(filepath, config, file);
            return;
        }
        var weights = new H5Group();
        WriteForKeras2(weights, model);
        file["model_weights"] = weights;
        Keras2Layout.WriteVersion(file);
        file.Attributes["model_config"] = Describe(model).ToJsonString();
        if (compiled is not null)
        {
            file.Attributes["training_config"] = TrainingConfig.Write(model, compiled).ToJsonString();
            if (compiled.Optimizer.Iterations > 0) Keras2Layout.WriteOptimizer(
                file, compiled.Optimizer.Iterations, OptimizerState.Of(model, compiled));
        }
        WeightsFile.Write(filepath, file);
    }

    /// <summary>Builds the network that a file holds, with its weights, compiled as it was where the file says how.</summary>
    public static Model Load(string filepath, CustomObjects? customObjects, bool compile)
    {
        using var file = SavedFile.Open(filepath);
        if (file.ModelConfig is not { } config)
            throw new InvalidDataException(
                $"{filepath} holds weights alone, not the network they belong to: build that and use LoadWeights.");
        var model = Described(filepath, config, customObjects);
        WeightsLoader.Load(model, filepath, file.Weights, byName: false);
        if (compile && file.TrainingConfig is { } training) Compile(model, filepath, training, file.Weights);
        return model;
    }

    /// <summary>How a network's layers hang together, as Keras's <c>to_json</c>.</summary>
    public static string ToJson(Model model)
    {
        var whole = Describe(model);
        whole["keras_version"] = Keras2Layout.Version;
        whole["backend"] = Keras2Layout.Backend;
        return whole.ToJsonString();
    }

    /// <summary>The network, with weights as they are made, that a JSON text describes.</summary>
    /// <param name="source">Where the text comes from, for messages.</param>
    /// <param name="json">The text.</param>
    /// <param name="customObjects">Makers of layers that are not the library's.</param>
    /// <exception cref="InvalidDataException">The text is damaged or describes what this library has not.</exception>
    public static Model Described(string source, string json, CustomObjects? customObjects)
    {
        try
        {
            var whole = JsonNode.Parse(json)!;
            return ModelConfig.Read((string)whole["class_name"]!, whole["config"]!, customObjects);
        }
        catch (Exception error) when (IsOfConfig(error))
        {
            throw new InvalidDataException($"The network in {source} can't be built: {Reason(error)}.", error);
        }
    }

    // A network can be used without what it was compiled with: that this is not there is said and no error.
    private static void Compile(Model model, string filepath, string training, WeightsFile weights)
    {
        Compilation compiled;
        try
        {
            compiled = TrainingConfig.Read(JsonNode.Parse(training)!.AsObject(), model);
        }
        catch (Exception error) when (IsOfConfig(error))
        {
            TextOutput.WriteLine(
                $"{filepath}: the network is loaded, but not compiled as it was ({Reason(error)}). "
                    + "Compile it before it is trained or evaluated.");
            return;
        }
        model.Compilation = compiled;
        if (weights.Optimizer is { } state && !weights.Guarded(() => OptimizerState.GoOn(compiled, state)))
            TextOutput.WriteLine(
                $"{filepath}: what the optimizer kept is of other weights than those that are trained now. It begins anew.");
    }

    private static JsonObject Describe(Model model) => new() { ["class_name"] = model.ClassName, ["config"] = model.GetConfig() };

    private static string Reason(Exception error) =>
        error is NullReferenceException or InvalidCastException
            ? "its configuration is not as Keras writes it"
            : error.Message.Split(" (Parameter")[0].TrimEnd('.');

    private static bool IsOfConfig(Exception error) =>
        error is ArgumentException or JsonException or InvalidOperationException or NullReferenceException or FormatException
            or InvalidCastException;

    private static void WriteForKeras2(H5Group root, Model model) => Keras2Layout.Write(root, [.. model.Layers.Select(layer =>
    {
        var weights = NamedWeights.InKeras2Order(layer);
        return new SavedLayer(
            layer.Name, [.. weights.Zip(NamedWeights.Unique(weights)).Select(pair => Saved(pair.First.Weight, pair.Second))]);
    })]);

    private static void WriteForKeras3(H5Group root, Model model) => Keras3Layout.Write(
        root, model.Name, WeightsLoader.Keras3Layers(model).Select(layer =>
            (layer.Path, layer.Layer.Name,
                (IReadOnlyList<SavedArray>)[.. layer.Layer.Weights.Select(weight => Saved(weight, weight.Name))])));

    private static SavedArray Saved(Weight weight, string name) => new(name, [.. weight.Shape.Select(size => size!.Value)], weight.ToArray);

    /// <exception cref="ArgumentException">The name ends otherwise.</exception>
    internal static void CheckEnding(string filepath, bool weightsOnly)
    {
        ArgumentNullException.ThrowIfNull(filepath);
        string[] endings = weightsOnly ? [".h5", ".hdf5"] : [".keras", ".h5", ".hdf5"];
        if (!endings.Any(ending => filepath.EndsWith(ending, StringComparison.Ordinal)))
            throw new ArgumentException(
                $"What is saved ends in {string.Join(" or ", endings.Select(ending => $"\"{ending}\""))}. Received: \"{filepath}\".",
                    nameof(filepath));
    }
}
