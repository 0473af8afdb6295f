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
    public static IEnumerable<Check> All()
    {
        foreach (var layer in Golden.Json("layers/described").EnumerateObject())
            yield return new($"layers/{layer.Name}", Check.Activations, () => Output(layer.Name, layer.Value));
        foreach (var what in new[] { "", "_mean", "_variance" })
            yield return new($"layers/batch_norm_training{what}", Check.Activations, () => Trained(what));
    }

    private static double Output(string name, JsonElement described)
    {
        using var scope = torch.NewDisposeScope();
        var x = Golden.Tensor($"layers/{described.GetProperty("input").GetString()}");
        var input = Keras.Input(new Shape(x.shape.Skip(1).Select(size => (int?)size)));
        var layer = GradientChecks.Make(described);
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
}
