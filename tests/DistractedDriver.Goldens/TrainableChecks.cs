using System.Text.Json;
using DistractedDriver;
using DistractedDriver.Models;
using TorchSharp;

namespace Goldens;

/// <summary>When a layer that is frozen or unfrozen is so for training: at the first compilation after it.</summary>
internal static class TrainableChecks
{
    private static readonly Dictionary<string, Action<Model>> Preparations = new()
    {
        ["nothing frozen"] = _ => { },
        ["conv frozen after compile, before the first fit"] = model => Set(model, "conv", false),
        ["one fit, then conv frozen, no compile"] = model => { Fit(model); Set(model, "conv", false); },
        ["one fit, then conv frozen, compiled anew"] = model => { Fit(model); Set(model, "conv", false); Compile(model); },
        ["conv frozen, compiled, one fit, then unfrozen, no compile"] = model =>
        {
            Set(model, "conv", false);
            Compile(model);
            Fit(model);
            Set(model, "conv", true);
        },
        ["model.trainable = False, compiled"] = model => { model.Trainable = false; Compile(model); },
        ["model.trainable = False, then conv.trainable = True, compiled"] = model =>
        {
            model.Trainable = false;
            Set(model, "conv", true);
            Compile(model);
        },
        ["model.trainable = False, then True, compiled: sets every layer"] = model =>
        {
            Set(model, "conv", false);
            (model.Trainable, model.Trainable) = (false, true);
            Compile(model);
        },
        ["norm frozen, compiled: moving statistics rest"] = model => { Set(model, "norm", false); Compile(model); },
        ["norm trains: moving statistics move"] = _ => { },
        ["one fit, then norm frozen, no compile"] = model => { Fit(model); Set(model, "norm", false); },
    };

    public static IEnumerable<Check> All() => Golden.Json("trainable").EnumerateArray()
        .Select(row => new Check($"trainable#{row.GetProperty("says").GetString()}", 0, () => Different(row)));

    private static double Different(JsonElement row)
    {
        using var scope = torch.NewDisposeScope();
        var keras = row.GetProperty("changed_by_fit");
        using var model = SmallNetworks.Three(norm: keras.TryGetProperty("norm", out _));
        Preparations[row.GetProperty("says").GetString()!](model);
        var trainable = model.Layers.SelectMany(layer => layer.Weights.Select(weight => (layer, weight)))
            .Where(pair => model.TrainableWeights.Contains(pair.weight)).Select(pair => $"{pair.layer.Name}/{pair.weight.Name}");
        var differences = Check.Different(trainable,
            row.GetProperty("trainable_weights").EnumerateArray().Select(name => name.GetString()!));
        var before = model.Weights.Select(weight => weight.ToArray()).ToArray();
        Fit(model);
        var changed = model.Weights.Zip(before).Select(pair => !pair.First.ToArray().SequenceEqual(pair.Second));
        // In the order of the layers, which is the order of the weights.
        var expected = model.Layers.Where(layer => layer.Weights.Count > 0)
            .SelectMany(layer => keras.GetProperty(layer.Name).EnumerateArray().Select(value => value.GetBoolean()));
        return differences + Check.Different(changed, expected);
    }

    private static void Set(Model model, string layer, bool trainable) => model.GetLayer(layer).Trainable = trainable;

    private static void Compile(Model model) => SmallNetworks.Compile(model, "categorical_crossentropy");

    private static void Fit(Model model) =>
        model.Fit(SmallNetworks.Images(), SmallNetworks.OneHot(), epochs: 1, batchSize: 8, shuffle: false, verbose: 0);
}
