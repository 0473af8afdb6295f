using System.Text.Json.Nodes;
using DistractedDriver.Layers;
using CustomObjects = System.Collections.Generic.IReadOnlyDictionary<string, System.Func<DistractedDriver.Layers.LayerConfig,
    DistractedDriver.Layers.Layer>>;

namespace DistractedDriver.Models;

/// <summary>How a network's layers hang together, in the JSON that Keras 2 writes; that of Keras 3 is read as well.</summary>
internal static class ModelConfig
{
    /// <summary>The configuration of a model, as Keras 2.15's <c>get_config</c>.</summary>
    public static JsonObject Write(Model model)
    {
        var config = new JsonObject { ["name"] = model.Name, ["trainable"] = model.Trainable };
        if (model is Sequential)
        {
            config["layers"] = new JsonArray([model.Input.Layer.Describe(), .. model.Layers.Select(layer => layer.Describe())]);
            return config;
        }
        // A layer's applications are counted within the model.
        KerasTensor[] nodes = [model.Input, .. model.Nodes];
        JsonArray Place(KerasTensor value) =>
            [value.Layer.Name, nodes.Where(node => node.Layer == value.Layer).OrderBy(node => node.Node).ToList().IndexOf(value), 0];
        config["layers"] = new JsonArray([.. model.Layers.Select(layer =>
        {
            var described = layer.Describe();
            described["name"] = layer.Name;
            described["inbound_nodes"] = new JsonArray(
                [.. nodes.Where(node => node.Layer == layer && node != model.Input).OrderBy(node => node.Node).Select(node =>
                new JsonArray([.. node.Inputs.Select(input =>
                    new JsonArray([.. Place(input).Select(item => item!.DeepClone()), Called(node)]))]))]);
            return described;
        })]);
        config["input_layers"] = new JsonArray(Place(model.Input));
        config["output_layers"] = new JsonArray([.. model.Outputs.Select(Place)]);
        return config;
    }

    /// <summary>Builds the model of a configuration, with weights as they are made.</summary>
    /// <param name="className">"Functional", "Model" or "Sequential".</param>
    /// <param name="config">The configuration.</param>
    /// <param name="custom">Makers of layers that are not the library's.</param>
    /// <exception cref="ArgumentException">It has something that this library has not; the message names it.</exception>
    public static Model Read(string className, JsonObject config, CustomObjects? custom = null) => className switch
    {
        "Sequential" => ReadSequential(config, custom),
        "Functional" or "Model" => ReadFunctional(config, custom),
        _ => throw new ArgumentException($"there is no model class {className} in this library; it has Functional and Sequential"),
    };

    private static JsonObject Describe(this Layer layer) => new() { ["class_name"] = layer.ClassName, ["config"] = layer.GetConfig() };

    private static JsonObject Called(KerasTensor node) => node.Training is { } training ? new() { ["training"] = training } : [];

    private static Layer ReadLayer(JsonNode described, CustomObjects? custom)
    {
        var (className, config) = ((string)described["class_name"]!, described["config"]!.AsObject());
        return className is "Functional" or "Model" or "Sequential"
            ? Read(className, config, custom)
            : LayerRegistry.Make(className, config, custom);
    }

    private static Sequential ReadSequential(JsonObject config, CustomObjects? custom) =>
        new([.. config["layers"]!.AsArray().Select(layer => ReadLayer(layer!, custom))], (string?)config["name"]);

    private static Model ReadFunctional(JsonObject config, CustomObjects? custom)
    {
        var values = new Dictionary<(string Layer, int Node), KerasTensor>();
        var open = new Queue<(Layer Layer, int Node, Call Call)>();
        foreach (var described in config["layers"]!.AsArray())
        {
            var layer = ReadLayer(described!, custom);
            if (layer is InputLayer) values[(layer.Name, 0)] = layer.Output;
            foreach (var (call, node) in described!["inbound_nodes"]!.AsArray()
                .Select((call, node) => (ReadCall(call!), node))) open.Enqueue((layer, node, call));
        }
        // A layer comes after those it needs, but one that is applied twice may not.
        for (var waiting = 0; open.TryDequeue(out var next) && waiting <= open.Count;)
        {
            if (!next.Call.Inputs.All(values.ContainsKey) || (next.Node > 0 && !values.ContainsKey((next.Layer.Name, next.Node - 1))))
            {
                open.Enqueue(next);
                waiting++;
                continue;
            }
            waiting = 0;
            values[(next.Layer.Name, next.Node)] = next.Layer.Apply([.. next.Call.Inputs.Select(input => values[input])],
                next.Call.Training);
        }
        KerasTensor At((string Layer, int Node) place) =>
            values.TryGetValue(place, out var value)
                ? value
                : throw new ArgumentException($"the value {place.Node} of layer '{place.Layer}' comes from nowhere");
        var inputs = Places(config["input_layers"]!);
        if (inputs.Count != 1) throw new ArgumentException($"the model has {inputs.Count} inputs; models of this library have one");
        return new Model(At(inputs[0]), [.. Places(config["output_layers"]!).Select(At)], (string?)config["name"]);
    }

    // One place, or a list of them: Keras 3 writes the former where there is one.
    private static IReadOnlyList<(string Layer, int Node)> Places(JsonNode places) =>
        places[0] is JsonArray ? [.. places.AsArray().Select(place => Place(place!))] : [Place(places)];

    private static (string Layer, int Node) Place(JsonNode place) => ((string)place[0]!, (int)place[1]!);

    // Keras 2 lists [layer, node, tensor, arguments] for each input; Keras 3 has the inputs among named arguments.
    private static Call ReadCall(JsonNode call)
    {
        if (call is JsonArray inputs) return new([.. inputs.Select(input => Place(input!))], Training(inputs[0]![3]));
        var arguments = call["args"]!.AsArray();
        if (arguments.Count != 1) throw new ArgumentException(
            $"a layer is called with {arguments.Count} arguments; layers of this library take one value or one list");
        var values = arguments[0] is JsonArray list ? list : arguments;
        return new([.. values.Select(value => Place(value!["config"]!["keras_history"]!))], Training(call["kwargs"]));
    }

    private static bool? Training(JsonNode? arguments)
    {
        foreach (var (key, value) in arguments?.AsObject() ?? [])
            if (value is not null
                && key != "training") throw new ArgumentException(
                    $"a layer is called with {key}: {value.ToJsonString()}, which layers of this library do not take");
        return (bool?)arguments?["training"];
    }

    /// <summary>One application of a layer.</summary>
    private sealed record Call(IReadOnlyList<(string Layer, int Node)> Inputs, bool? Training);
}
