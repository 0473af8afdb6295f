using System.Text.Json.Nodes;
using DistractedDriver.Core;
using DistractedDriver.Layers;

namespace DistractedDriver.Models;

/// <summary>How a network's layers hang together, as Keras 3 has it in the file config.json of a <c>.keras</c> archive.</summary>
internal static class Keras3Config
{
    /// <summary>An object with the module that its class is found in.</summary>
    public static JsonObject Describe(string module, string className, JsonObject config) =>
        new() { ["module"] = module, ["class_name"] = className, ["config"] = config, ["registered_name"] = null };

    /// <summary>The whole model.</summary>
    public static JsonObject Describe(Model model)
    {
        var described = model is Sequential
            ? Describe("keras", nameof(Sequential), Sequential(model))
            : Describe("keras.src.models.functional", model.ClassName, Functional(model));
        described["build_config"] = new JsonObject { ["input_shape"] = Sizes(model.Input.Shape) };
        return described;
    }

    private static JsonObject Sequential(Model model) => new()
    {
        ["name"] = model.Name,
        ["trainable"] = true,
        ["dtype"] = "float32",
        ["layers"] = new JsonArray([Describe(model.Input.Layer), .. model.Layers.Select(Describe)]),
        ["build_input_shape"] = Sizes(model.Input.Shape),
    };

    private static JsonObject Functional(Model model)
    {
        var calls = new LayerCalls(model);
        JsonArray Place(KerasTensor value) => [value.Layer.Name, calls.Number(value), 0];
        JsonNode Value(KerasTensor value) => new JsonObject
        {
            ["class_name"] = "__keras_tensor__",
            ["config"] = new JsonObject { ["shape"] = Sizes(value.Shape), ["dtype"] = "float32", ["keras_history"] = Place(value) },
        };
        JsonNode Called(KerasTensor value)
        {
            JsonNode[] inputs = [.. value.Inputs.Select(Value)];
            return new JsonObject
            {
                ["args"] = new JsonArray(inputs.Length == 1 ? inputs[0] : new JsonArray(inputs)),
                ["kwargs"] = value.Training is { } training ? new JsonObject { ["training"] = training } : [],
            };
        }
        return new()
        {
            ["name"] = model.Name,
            ["trainable"] = model.Trainable,
            ["layers"] = new JsonArray([.. model.Layers.Select(layer =>
            {
                var described = Describe(layer);
                described["name"] = layer.Name;
                described["inbound_nodes"] = new JsonArray([.. calls.Of(layer).Select(Called)]);
                return described;
            })]),
            ["input_layers"] = Place(model.Input),
            ["output_layers"] = model.Outputs.Count == 1 ? Place(model.Output) : new JsonArray([.. model.Outputs.Select(Place)]),
        };
    }

    private static JsonObject Describe(Layer layer)
    {
        if (layer is Model model) return Describe(model);
        var config = layer.GetConfig();
        if (layer is InputLayer)
        {
            config["batch_shape"] = config["batch_input_shape"]!.DeepClone();
            config.Remove("batch_input_shape");
            return Describe("keras.layers", layer.ClassName, config);
        }
        var described = Describe("keras.layers", layer.ClassName, config);
        described["build_config"] = new JsonObject
        {
            ["input_shape"] = layer.Output.Inputs.Count == 1
                ? Sizes(layer.Input.Shape)
                : new JsonArray([.. layer.Output.Inputs.Select(input => Sizes(input.Shape))]),
        };
        return described;
    }

    private static JsonArray Sizes(Shape shape) => new([.. shape.Select(size => (JsonNode?)size)]);
}
