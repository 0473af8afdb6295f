using System.Text.Json;
using System.Text.Json.Nodes;
using DistractedDriver;
using DistractedDriver.Core;
using DistractedDriver.Layers;
using DistractedDriver.Models;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Goldens;

/// <summary>
/// What layers give, and the gradients of Σ y·g with respect to inputs and weights, in training and at inference; what moving
/// statistics are afterwards.
/// </summary>
internal static class GradientChecks
{
    private const double Bound = 1e-5;
    private static readonly JsonElement Described = Golden.Json("gradients/described");

    public static IEnumerable<Check> All()
    {
        foreach (var layer in Described.EnumerateObject())
            foreach (var mode in new[] { "inference", "training" })
                if (layer.Value.TryGetProperty(mode, out var parts))
                    yield return new($"gradients/{layer.Name}_{mode}", Bound, () =>
                        Deviation(layer.Name, layer.Value, parts, mode == "training"));
    }

    /// <summary>A layer from Keras's class and arguments.</summary>
    public static Layer Make(JsonElement described) => LayerRegistry.Make(
        described.GetProperty("layer").GetString()!, JsonNode.Parse(described.GetProperty("arguments").GetRawText())!.AsObject(), null);

    private static double Deviation(string name, JsonElement described, JsonElement parts, bool training)
    {
        using var scope = torch.NewDisposeScope();
        using var layer = Make(described);
        Tensor[] inputs = [.. described.GetProperty("input").GetString()!.Split(", ").Select(Input)];
        var values = inputs.Select(x => Keras.Input(new Shape(x.shape.Skip(1).Select(size => (int?)size)))).ToArray();
        layer.Apply(values);
        if (inputs.Length == 1)
        {
            using var model = new Model(values[0], layer.Output);
            Golden.Fill(model, Golden.Seed + 6000);
            return Compare(name, layer, inputs, parts, training);
        }
        return Compare(name, layer, inputs, parts, training);
    }

    private static double Compare(string name, Layer layer, Tensor[] inputs, JsonElement parts, bool training)
    {
        Tensor[] asked = [.. inputs, .. layer.TrainableWeights.Select(weight => weight.Stored)];
        foreach (var tensor in asked) tensor.requires_grad_(true);
        var y = layer.Call(inputs, new CallContext(training));
        var found = Gradients.Of((y * Golden.Draw(Golden.Seed + 700, y.shape, -1, 1)).sum(), asked);
        foreach (var tensor in asked) tensor.requires_grad_(false);
        float[][] ours =
        [
            Check.Values(y.detach()),
            .. inputs.Select((_, i) => Check.Values(found[i])),
            .. layer.TrainableWeights.Select((weight, i) => weight.InKerasOrder(found[inputs.Length + i])),
            .. layer.Weights.Where(weight => weight.Name.Contains("moving", StringComparison.Ordinal)).Select(weight => weight.ToArray()),
        ];
        var golden = Golden.Floats($"gradients/{name}_{(training ? "training" : "inference")}");
        var (at, farthest) = (0, 0.0);
        foreach (var (values, part) in ours.Zip(parts.EnumerateArray()))
        {
            var count = part.GetProperty("shape").EnumerateArray().Aggregate(1, (product, size) => product * size.GetInt32());
            farthest = Math.Max(farthest, Far(values, golden[at..(at + count)]));
            at += count;
        }
        return ours.Length == parts.GetArrayLength() && at == golden.Length ? farthest : double.PositiveInfinity;
    }

    // A gradient that Keras finds to be zero, or next to it, is compared by its size.
    private static double Far(float[] ours, float[] keras) =>
        keras.All(value => Math.Abs(value) < 1e-5) ? Check.Farthest(ours, keras) : Check.Relative(ours, keras);

    private static Tensor Input(string name) => name switch
    {
        "image * 8" => Input("image") * 8,
        "image" or "row" => Golden.Tensor($"layers/{name}"),
        _ => Golden.Tensor($"gradients/{name}"),
    };
}
