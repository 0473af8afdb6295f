using System.Text.Json.Nodes;
using DistractedDriver.Layers;
using CustomObjects = System.Collections.Generic.IReadOnlyDictionary<string, System.Func<DistractedDriver.Layers.LayerConfig,
    DistractedDriver.Layers.Layer>>;

namespace DistractedDriver.Models;

/// <summary>
/// How a network's layers hang together, in the JSON that Keras saves. It is written in a form of Keras 2's that Keras 3 reads as
/// well; what either of them writes is read.
/// </summary>
internal static class ModelConfig
{
    /// <summary>The configuration of a model.</summary>
    public static JsonObject Write(Model model)
    {
        var config = new JsonObject { ["name"] = model.Name, ["trainable"] = model.Trainable };
        if (model is Sequential)
        {
            config["layers"] = new JsonArray([Describe(model.Input.Layer), .. model.Layers.Select(Describe)]);
            return config;
        }
        var calls = new LayerCalls(model);
        config["layers"] = new JsonArray([.. model.Layers.Select(layer =>
        {
            var described = Describe(layer);
            described["name"] = layer.Name;
            described["inbound_nodes"] = new JsonArray([.. calls.Of(layer).SelectMany(node => WrittenCalls(calls, node))]);
            return described;
        })]);
        // One place and not a list of one: Keras 3 would take a list for a model that gives lists.
        config["input_layers"] = Place(calls, model.Input);
        config["output_layers"] = model.Outputs.Count == 1
            ? Place(calls, model.Output)
            : new JsonArray([.. model.Outputs.Select(output => Place(calls, output))]);
        return config;
    }

    /// <summary>Builds the model of a configuration, with weights as they are made.</summary>
    /// <param name="className">"Functional", "Model" or "Sequential".</param>
    /// <param name="config">The configuration; in files of Keras 2.0 to 2.2 a Sequential's is a list.</param>
    /// <param name="custom">Makers of layers that are not the library's.</param>
    /// <exception cref="ArgumentException">It has something that this library has not; the message names it.</exception>
    public static Model Read(string className, JsonNode config, CustomObjects? custom = null)
    {
        Model model = className switch
        {
            "Sequential" => ReadSequential(config, custom),
            "Functional" or "Model" => ReadFunctional(config.AsObject(), custom),
            _ => throw new ArgumentException($"there is no model class {className} in this library; it has Functional and Sequential"),
        };
        model.SetOwnTrainable((bool?)(config as JsonObject)?["trainable"] ?? true);
        return model;
    }

    private static JsonObject Describe(Layer layer) => new() { ["class_name"] = layer.ClassName, ["config"] = layer.GetConfig() };

    private static JsonArray Place(LayerCalls calls, KerasTensor value) => [value.Layer.Name, WrittenNode(calls, value), 0];

    // Keras 2 counts the calls of a model within a model from 1, since it has a call of its own, Keras 3 counts them from 0. So such
    // a call is written twice, and whichever of the two is meant by the number, it is the same.
    private static int WrittenNode(LayerCalls calls, KerasTensor value) =>
        value.Layer is Model ? 2 * calls.Number(value) + 1 : calls.Number(value);

    private static IEnumerable<JsonNode> WrittenCalls(LayerCalls calls, KerasTensor node) =>
        Enumerable.Range(0, node.Layer is Model ? 2 : 1).Select(_ => new JsonArray([.. node.Inputs.Select(input =>
            (JsonNode)new JsonArray([.. Place(calls, input).Select(item => item!.DeepClone()), Called(node)]))]));

    private static JsonObject Called(KerasTensor node) => node.Training is { } training ? new() { ["training"] = training } : [];

    private static Layer ReadLayer(JsonNode described, CustomObjects? custom)
    {
        var (className, config) = ((string)described["class_name"]!, described["config"]!);
        return className is "Functional" or "Model" or "Sequential"
            ? Read(className, config, custom)
            : LayerRegistry.Make(className, config.AsObject(), custom);
    }

    // A Sequential without an input layer has the input's shape in its first layer's arguments.
    private static Sequential ReadSequential(JsonNode config, CustomObjects? custom)
    {
        var layers = (config is JsonArray list ? list : config["layers"]!.AsArray()).Select(layer => layer!.DeepClone()).ToList();
        var read = new List<Layer>();
        if (layers.Count > 0 && (string?)layers[0]["class_name"] != nameof(InputLayer) && layers[0]["config"] is JsonObject first)
        {
            if ((first["batch_input_shape"] ?? BuiltFor(config)) is { } shape)
                read.Add(new InputLayer(InputLayer.SampleShape(shape.AsArray()), $"{(string?)first["name"]}_input"));
            first.Remove("batch_input_shape");
        }
        var name = config is JsonObject named ? (string?)named["name"] : null;
        return new([.. read, .. layers.Select(layer => ReadLayer(layer, custom))], name);
    }

    private static JsonNode? BuiltFor(JsonNode config) => config is JsonObject named ? named["build_input_shape"] : null;

    private static Model ReadFunctional(JsonObject config, CustomObjects? custom)
    {
        var layers = config["layers"]!.AsArray().Select(described =>
            (Layer: ReadLayer(described!, custom), Calls: described!["inbound_nodes"]!.AsArray().Select(call => ReadCall(call!)).ToArray()))
                .ToArray();
        var (inputs, outputs) = (Places(config["input_layers"]!), Places(config["output_layers"]!));
        var asked = layers.SelectMany(layer => layer.Calls).SelectMany(call => call.Inputs).Concat(outputs).ToHashSet();
        var values = new Dictionary<(string Layer, int Node), KerasTensor>();
        var open = new Queue<(Layer Layer, int Node, Call Call)>();
        foreach (var (layer, calls) in layers)
        {
            if (layer is InputLayer) values[(layer.Name, 0)] = layer.Output;
            // In Keras 2's files the calls of a model within a model are counted from 1.
            var first = layer is Model && !asked.Contains((layer.Name, 0)) ? 1 : 0;
            for (var i = 0; i < calls.Length; i++)
                if (asked.Contains((layer.Name, i + first))) open.Enqueue((layer, i + first, calls[i]));
        }
        // A layer comes after those it needs, but one that is applied twice may not.
        for (var waiting = 0; open.TryDequeue(out var next) && waiting <= open.Count;)
        {
            if (!next.Call.Inputs.All(values.ContainsKey) || open.Any(other => other.Layer == next.Layer && other.Node < next.Node))
            {
                open.Enqueue(next);
                waiting++;
                continue;
            }
            waiting = 0;
            values[(next.Layer.Name, next.Node)] = next.Layer.Apply(
                [.. next.Call.Inputs.Select(input => values[input])], next.Call.Training);
        }
        KerasTensor At((string Layer, int Node) place) => values.TryGetValue(place, out var value)
            ? value
            : throw new ArgumentException($"the value {place.Node} of layer '{place.Layer}' comes from nowhere");
        if (inputs.Count != 1) throw new ArgumentException($"the model has {inputs.Count} inputs; models of this library have one");
        return new Model(At(inputs[0]), [.. outputs.Select(At)], (string?)config["name"]);
    }

    // One place, or a list of them.
    private static IReadOnlyList<(string Layer, int Node)> Places(JsonNode places) =>
        places[0] is JsonArray ? [.. places.AsArray().Select(place => Place(place!))] : [Place(places)];

    private static (string Layer, int Node) Place(JsonNode place) => ((string)place[0]!, (int)place[1]!);

    // Keras 2 lists [layer, node, tensor, arguments] for each input; Keras 3 has the inputs among named arguments.
    private static Call ReadCall(JsonNode call)
    {
        if (call is JsonArray inputs) return new(
            [.. inputs.Select(input => Place(input!))], Training(inputs[0]!.AsArray() is [_, _, _, var given] ? given : null));
        var arguments = call["args"]!.AsArray();
        if (arguments.Count != 1)
            throw new ArgumentException(
                $"a layer is called with {arguments.Count} arguments; layers of this library take one value or one list");
        var values = arguments[0] is JsonArray list ? list : arguments;
        return new([.. values.Select(value => Place(value!["config"]!["keras_history"]!))], Training(call["kwargs"]));
    }

    private static bool? Training(JsonNode? arguments)
    {
        foreach (var (key, value) in arguments?.AsObject() ?? [])
            if (value is not null && key != "training")
                throw new ArgumentException(
                    $"a layer is called with {key}: {value.ToJsonString()}, which layers of this library do not take");
        return (bool?)arguments?["training"];
    }

    /// <summary>One application of a layer.</summary>
    private sealed record Call(IReadOnlyList<(string Layer, int Node)> Inputs, bool? Training);
}
