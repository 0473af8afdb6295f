using System.Text.Json;
using DistractedDriver;
using DistractedDriver.Core;
using DistractedDriver.Layers;
using DistractedDriver.Models;
using TorchSharp;

namespace Goldens;

/// <summary>Single layers and activation functions, on an image or on rows; batch normalisation while it trains.</summary>
internal static class LayerChecks
{
    private static readonly Dictionary<string, Func<JsonElement, Layer>> Makers = new()
    {
        ["Activation"] = a => new Activation(a.GetProperty("activation").GetString()!),
        ["AveragePooling2D"] = a => new AveragePooling2D(Size(a, "pool_size"), Size(a, "strides"), Text(a, "padding") ?? "valid"),
        ["BatchNormalization"] = a => new BatchNormalization(epsilon: Number(a, "epsilon") ?? 1e-3, scale: Flag(a, "scale") ?? true),
        ["Conv2D"] = a => new Conv2D(Integer(a, "filters"), Size(a, "kernel_size")!.Value, Size(a, "strides"), Text(a, "padding")
            ?? "valid"),
        ["Dense"] = a => new Dense(Integer(a, "units"), Text(a, "activation")),
        ["DepthwiseConv2D"] = a =>
            new DepthwiseConv2D(Size(a, "kernel_size")!.Value, Size(a, "strides"), Text(a, "padding") ?? "valid",
                Integer(a, "depth_multiplier")),
        ["Flatten"] = _ => new Flatten(),
        ["GlobalAveragePooling2D"] = a => new GlobalAveragePooling2D(Flag(a, "keepdims") ?? false),
        ["GlobalMaxPooling2D"] = a => new GlobalMaxPooling2D(Flag(a, "keepdims") ?? false),
        ["MaxPooling2D"] = a => new MaxPooling2D(Size(a, "pool_size"), Size(a, "strides"), Text(a, "padding") ?? "valid"),
        ["ReLU"] = a => new ReLU(Number(a, "max_value"), Number(a, "negative_slope") ?? 0, Number(a, "threshold") ?? 0),
        ["Rescaling"] = a => new Rescaling(Number(a, "scale")!.Value, Number(a, "offset") ?? 0),
        ["SeparableConv2D"] = a =>
            new SeparableConv2D(Integer(a, "filters"), Size(a, "kernel_size")!.Value, padding: Text(a, "padding") ?? "valid"),
        ["ZeroPadding2D"] = a => new ZeroPadding2D(Sides(a.GetProperty("padding"))),
    };

    public static IEnumerable<Check> All()
    {
        foreach (var layer in Golden.Json("layers/described").EnumerateObject())
            if (IsHere(layer.Value))
                yield return new($"layers/{layer.Name}", Check.Activations, () => Output(layer.Name, layer.Value));
        foreach (var what in new[] { "", "_mean", "_variance" })
            yield return new($"layers/batch_norm_training{what}", Check.Activations, () => Trained(what));
    }

    // Arguments that our layers do not have make a golden one that is left out.
    private static bool IsHere(JsonElement described)
    {
        var arguments = described.GetProperty("arguments");
        return Makers.ContainsKey(described.GetProperty("layer").GetString()!)
            && !arguments.TryGetProperty("dilation_rate", out _) && !arguments.TryGetProperty("groups", out _)
            && Text(arguments, "activation") != "hard_sigmoid";
    }

    private static double Output(string name, JsonElement described)
    {
        using var scope = torch.NewDisposeScope();
        var x = Golden.Tensor($"layers/{described.GetProperty("input").GetString()}");
        var input = Keras.Input(new Shape(x.shape.Skip(1).Select(size => (int?)size)));
        var layer = Makers[described.GetProperty("layer").GetString()!](described.GetProperty("arguments"));
        using var model = new Model(input, layer.Apply(input));
        if (model.CountParams() != described.GetProperty("params").GetInt64()) return double.PositiveInfinity;
        Golden.Fill(model, Golden.Seed + 6000);
        return Check.Relative(model.Predict(x), $"layers/{name}");
    }

    private static double Trained(string what)
    {
        using var scope = torch.NewDisposeScope();
        var image = Golden.Tensor("layers/image");
        var layer = new BatchNormalization(momentum: 0.9);
        layer.Apply(Keras.Input((9, 8, 6)));
        var outputs = Enumerable.Range(1, 3).Select(factor => layer.Call([image * factor], new CallContext(training: true))).ToArray();
        var result = what switch
        {
            "_mean" => layer.Weights[2].Stored,
            "_variance" => layer.Weights[3].Stored,
            _ => torch.stack(outputs),
        };
        return Check.Relative(result, $"layers/batch_norm_training{what}");
    }

    private static Size2D? Size(JsonElement arguments, string key) => !arguments.TryGetProperty(key, out var value) ? null
        : value.ValueKind == JsonValueKind.Number ? value.GetInt32()
        : (value[0].GetInt32(), value[1].GetInt32());

    private static int Integer(JsonElement arguments, string key) => arguments.GetProperty(key).GetInt32();

    private static double? Number(JsonElement arguments, string key) =>
        arguments.TryGetProperty(key, out var value) ? value.GetDouble() : null;

    private static bool? Flag(JsonElement arguments, string key) =>
        arguments.TryGetProperty(key, out var value) ? value.GetBoolean() : null;

    private static string? Text(JsonElement arguments, string key) =>
        arguments.TryGetProperty(key, out var value) ? value.GetString() : null;

    private static ((int, int), (int, int)) Sides(JsonElement padding) =>
        ((padding[0][0].GetInt32(), padding[0][1].GetInt32()), (padding[1][0].GetInt32(), padding[1][1].GetInt32()));
}
