using System.Text.Json.Nodes;
using DistractedDriver;
using DistractedDriver.Layers;
using DistractedDriver.Models;
using DistractedDriver.Saving;
using TorchSharp;

namespace Goldens;

/// <summary>The files of two small models: read, and written again.</summary>
internal static class FileChecks
{
    public static IEnumerable<Check> All()
    {
        foreach (var model in new[] { "small", "branched" })
        {
            yield return new($"weights/{model}_output", Check.Activations, () => Output(model, Filled(model)));
            yield return new($"weights/{WeightsFileOf(model)}", Check.Activations, () =>
                Output(model, Loaded(model, WeightsFileOf(model))));
            yield return new($"weights/{WeightsFileOf(model)}#saved", 0, () =>
                Saved(model, WeightsFileOf(model), (network, path) => network.SaveWeights(path)));
            yield return new($"weights/{model}_model.h5", Check.Activations, () =>
                Output(model, Keras.LoadModel(Golden.PathOf($"weights/{model}_model.h5"))));
            yield return new($"weights/{model}_model.h5#saved", 0, () =>
                Saved(model, $"{model}_model.h5", (network, path) => network.Save(path)));
            yield return new($"weights/{model}_keras3.weights.h5", Check.Activations, () =>
                Output(model, Loaded(model, $"{model}_keras3.weights.h5")));
            yield return new($"weights/{model}_keras3.weights.h5#saved", 0, () =>
                Saved(model, $"{model}_keras3.weights.h5", (network, path) => network.SaveWeights(path)));
            yield return new($"weights/{model}_keras3.keras", Check.Activations, () =>
                Output(model, Keras.LoadModel(Golden.PathOf($"weights/{model}_keras3.keras"))));
        }
    }

    /// <summary>The model that make_goldens.py describes, with its weights.</summary>
    public static Model Filled(string name)
    {
        var model = name == "small" ? Small() : Branched();
        Golden.Fill(model, Golden.Seed + (name == "small" ? 3000UL : 3100UL));
        return model;
    }

    /// <summary>The file of weights alone that Keras 2 saved.</summary>
    public static string WeightsFileOf(string name) => name == "small" ? "small_legacy.weights.legacy.h5" : "branched.h5";

    private static Model Loaded(string name, string file)
    {
        var model = name == "small" ? Small() : Branched();
        model.LoadWeights(Golden.PathOf($"weights/{file}"));
        return model;
    }

    private static double Output(string name, Model model)
    {
        using var scope = torch.NewDisposeScope();
        using (model) return Check.Relative(model.Predict(Golden.Tensor($"weights/{name}_input")), $"weights/{name}_output");
    }

    // How many names, shapes, values or arguments in our file differ from Keras's, but for what is written otherwise so that Keras 3
    // reads it as well.
    private static double Saved(string name, string file, Action<Model, string> save)
    {
        var folder = Directory.CreateTempSubdirectory("distracted-driver-").FullName;
        try
        {
            using var model = Filled(name);
            var path = Path.Combine(folder, file);
            save(model, path);
            using var ours = SavedFile.Open(path);
            using var keras = SavedFile.Open(Golden.PathOf($"weights/{file}"));
            var (arrays, theirs) = (Arrays(ours), Arrays(keras));
            return (JsonNode.DeepEquals(Config(ours), ReadableByBoth(Config(keras))) ? 0 : 1)
                + Check.Different(ours.Weights.Layers.Select(layer => layer.Name), keras.Weights.Layers.Select(layer => layer.Name))
                + Check.Different(
                    arrays.Select(array => $"{array.Name} {string.Join("×", array.Shape)}"),
                    theirs.Select(array => $"{array.Name} {string.Join("×", array.Shape)}"))
                + Check.Different(arrays.SelectMany(array => array.Read()), theirs.SelectMany(array => array.Read()));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static SavedArray[] Arrays(SavedFile file) => [.. file.Weights.Layers.SelectMany(layer => layer.Arrays)];

    private static JsonNode? Config(SavedFile saved) => saved.ModelConfig is null ? null : JsonNode.Parse(saved.ModelConfig);

    private static JsonNode? ReadableByBoth(JsonNode? whole)
    {
        if (whole is null) return null;
        var config = whole["config"]!;
        foreach (var end in new[] { "input_layers", "output_layers" }) config[end] = config[end]![0]!.DeepClone();
        foreach (var layer in config["layers"]!.AsArray())
        {
            var arguments = layer!["config"]!.AsObject();
            string[] left = (string)layer["class_name"]! switch
            {
                "DepthwiseConv2D" => ["groups"],
                "SeparableConv2D" => ["groups", "kernel_initializer", "kernel_regularizer", "kernel_constraint"],
                _ => [],
            };
            foreach (var key in left) arguments.Remove(key);
            if (arguments["axis"] is JsonArray axis) arguments["axis"] = axis[0]!.DeepClone();
        }
        return whole;
    }

    private static Model Small()
    {
        var input = Keras.Input((8, 8, 3), name: "input_1");
        var x = new Conv2D(4, 3, padding: "same", activation: "relu", name: "block1_conv1").Apply(input);
        x = new MaxPooling2D(2, name: "block1_pool").Apply(x);
        x = new Flatten(name: "flatten").Apply(x);
        return new Model(input, new Dense(10, activation: "softmax", name: "predictions").Apply(x), name: "small");
    }

    private static Model Branched()
    {
        var input = Keras.Input((16, 12, 3), name: "input_1");
        var x = new ZeroPadding2D(((0, 1), (0, 1)), name: "pad").Apply(input);
        x = new Conv2D(6, 3, strides: 2, useBias: false, name: "conv1").Apply(x);
        x = new BatchNormalization(name: "bn1").Apply(x);
        x = new ReLU(6, name: "relu6").Apply(x);
        var z = new DepthwiseConv2D(3, padding: "same", useBias: false, name: "depthwise").Apply(x);
        z = new Activation("swish", name: "swish").Apply(z);
        x = new Add(name: "add").Apply([x, z]);
        x = new SeparableConv2D(8, 3, padding: "same", name: "separable").Apply(x);
        x = new Concatenate(name: "concatenate").Apply([x, z]);
        x = new GlobalAveragePooling2D(name: "average").Apply(x);
        x = new Dropout(0.5, name: "dropout").Apply(x);
        return new Model(input, new Dense(10, activation: "softmax", name: "predictions").Apply(x), name: "branched");
    }
}
