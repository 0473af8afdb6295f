using System.Text.Json;
using DistractedDriver;
using DistractedDriver.Applications;
using DistractedDriver.Core;
using DistractedDriver.Imaging;
using DistractedDriver.Models;
using TorchSharp;

namespace Goldens;

/// <summary>Pretrained networks: what they are made of and what they compute; images prepared for them.</summary>
internal static class NetworkChecks
{
    private static readonly Dictionary<string, Func<bool, Shape?, string?, Model>> Networks = new()
    {
        ["VGG16"] = (top, shape, pooling) => Applications.VGG16(top, weights: null, shape, pooling),
        ["VGG19"] = (top, shape, pooling) => Applications.VGG19(top, weights: null, shape, pooling),
        ["ResNet50"] = (top, shape, pooling) => Applications.ResNet50(top, weights: null, shape, pooling),
        ["MobileNetV2"] = (top, shape, pooling) => Applications.MobileNetV2(top, weights: null, shape, pooling),
    };

    // Fifty layers add up what sums in another order differ by, which is another on each processor; a softmax of large values multiplies
    // it by their size.
    private const double ManyLayers = 2e-5;
    private const double AfterSoftmax = 5e-5;

    public static IEnumerable<Check> All()
    {
        foreach (var (name, build) in Networks)
        {
            yield return new($"applications#{name}", 0, () => Described(name, build));
            yield return new($"applications/{name}", Check.Activations, () => Pooled(name, build));
        }
        foreach (var variant in Golden.Json("applications/variants").GetProperty("networks").EnumerateObject())
        {
            if (!Networks.ContainsKey(variant.Value.GetProperty("network").GetString()!)) continue;
            yield return new($"applications/{variant.Name}", variant.Name.EndsWith("_top") ? AfterSoftmax : ManyLayers,
                () => Computed(variant.Name, variant.Value));
            yield return new($"applications/variants#networks {variant.Name}", 0, () => Variant(variant.Value));
        }
        yield return new("applications/variants#refused", 0, Refused);
        yield return new("lite/described", 0, LiteDescribed);
        yield return new("lite/described#top_3", 1e-5, LiteNames);
        yield return new("lite/photos", Check.Activations, () => Lite(true, null, "lite/photos"));
        yield return new("lite/features", Check.Activations, () => Lite(false, "avg", "lite/features"));
        yield return new("lite/odd_96x160", Check.Activations, () =>
        {
            using var scope = torch.NewDisposeScope();
            using var model = Applications.EfficientNetLite0(includeTop: false, inputShape: (96, 160, 3));
            return Check.Relative(model.Predict(Golden.Draw(Golden.Seed + 950, [1, 96, 160, 3], -1, 1)), "lite/odd_96x160");
        });
        yield return new("preprocess/caffe", 0, () => Prepared("caffe", VGG16.PreprocessInput));
        yield return new("preprocess/tf", 0, () => Prepared("tf", MobileNetV2.PreprocessInput));

        foreach (var pool in Enumerable.Range(1, 5).Select(block => $"block{block}_pool"))
            yield return new($"vgg16_64/{pool}", Check.Activations, () => OfImagenet("vgg16_64", pool, 400, [2, 64, 64, 3]));
        foreach (var pooling in new[] { "avg", "max" })
            yield return new($"vgg16_64/pooling_{pooling}", Check.Activations, () =>
                OfImagenet("vgg16_64", $"pooling_{pooling}", 400, [2, 64, 64, 3], pooling));
        yield return new("vgg16_96x160/block5_pool", Check.Activations, () =>
            OfImagenet("vgg16_96x160", "block5_pool", 401, [1, 96, 160, 3]));
        yield return new("vgg16_224/block5_pool", Check.Activations, OfFiles);
    }

    // How many layers, shapes or numbers of weights differ.
    private static double Described(string name, Func<bool, Shape?, string?, Model> build)
    {
        var golden = Golden.Json("applications").GetProperty(name);
        using var whole = build(true, null, null);
        using var model = build(false, (224, 224, 3), null);
        var ours = model.Layers.Select(layer =>
            $"{layer.Name} {layer.ClassName} {layer.OutputShape} {layer.CountParams()} "
                + $"{string.Join(", ", layer.Weights.Select(weight => $"{layer.Name}/{weight.Name}:0 {weight.Shape}"))}");
        var keras = golden.GetProperty("layers").EnumerateArray().Select(layer =>
            $"{layer.GetProperty("name").GetString()} {layer.GetProperty("class").GetString()} {ShapeOf(layer.GetProperty("output")[0])} "
                + $"{layer.GetProperty("params").GetInt64()} "
            + string.Join(", ", layer.GetProperty("weights").EnumerateArray()
                .Select(weight => $"{weight[0].GetString()} {ShapeOf(weight[1])}")));
        return Check.Different(ours, keras)
            + Check.Different([model.CountParams(), whole.CountParams()],
                [golden.GetProperty("params_notop").GetInt64(), golden.GetProperty("params_top").GetInt64()]);
    }

    private static Model Variant(JsonElement variant, string? weights)
    {
        var arguments = variant.GetProperty("arguments");
        T Get<T>(string key, T absent, Func<JsonElement, T> read) => arguments.TryGetProperty(key, out var value) ? read(value) : absent;
        var (top, classes) = (Get("include_top", true, value => value.GetBoolean()), Get("classes", 1000, value => value.GetInt32()));
        var (shape, pooling) = (Get<Shape?>("input_shape", null, ShapeOf), Get<string?>("pooling", null, value => value.GetString()));
        var activation = Get("classifier_activation", "softmax", value => value.GetString());
        return variant.GetProperty("network").GetString() switch
        {
            "VGG16" => Applications.VGG16(top, weights, shape, pooling, classes, activation),
            "VGG19" => Applications.VGG19(top, weights, shape, pooling, classes, activation),
            "ResNet50" => Applications.ResNet50(top, weights, shape, pooling, classes, activation),
            _ => Applications.MobileNetV2(top, weights, shape, pooling, classes, activation, Get("alpha", 1.0, value => value.GetDouble())),
        };
    }

    private static double Computed(string name, JsonElement variant)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Variant(variant, weights: null);
        Golden.Fill(model, Golden.Seed + 5000);
        long[] shape = [.. variant.GetProperty("input").EnumerateArray().Select(size => size.GetInt64())];
        return Check.Relative(model.Predict(Golden.Draw(Golden.Seed + 503, shape, -1, 1)), $"applications/{name}");
    }

    private static double Variant(JsonElement variant)
    {
        using var model = Variant(variant, weights: null);
        return Check.Different([model.Name], [variant.GetProperty("name").GetString()!])
            + Check.Different([model.CountParams()], [variant.GetProperty("params").GetInt64()])
            + Check.Different(
                model.Layers.TakeLast(4).Select(layer => layer.Name),
                variant.GetProperty("last_layers").EnumerateArray().Select(name => name.GetString()!));
    }

    // How many of what Keras refuses is not refused for that argument.
    private static double Refused()
    {
        (string Case, Func<Model> Build, string Named)[] cases =
        [
            ("32 lines too few", () => Applications.VGG16(includeTop: false, weights: null, inputShape: (31, 64, 3)), "(31, 64, 3)"),
            ("top with another size and ImageNet's weights", () => Applications.VGG16(inputShape: (64, 64, 3)), "(64, 64, 3)"),
            ("classes with ImageNet's weights", () => Applications.VGG16(classes: 10), "classes: 10"),
            ("unknown weights", () => Applications.VGG16(weights: "imagnet"), "imagnet"),
            ("alpha with ImageNet's weights", () => Applications.MobileNetV2(alpha: 0.6), "alpha: 0.6"),
            ("one channel and ImageNet's weights", () => Applications.VGG16(includeTop: false, inputShape: (64, 64, 1)), "(64, 64, 1)"),
        ];
        var keras = Golden.Json("applications/variants").GetProperty("refused").EnumerateObject().Select(refused => refused.Name);
        return Check.Different(cases.Select(refused => refused.Case), keras) + cases.Count(refused =>
        {
            try
            {
                refused.Build().Dispose();
                return true;
            }
            catch (Exception error) when (error is ArgumentException or FileNotFoundException)
            {
                return !error.Message.Contains(refused.Named, StringComparison.Ordinal);
            }
        });
    }

    private static double LiteDescribed()
    {
        var golden = Golden.Json("lite/described");
        using var whole = Applications.EfficientNetLite0(weights: null);
        using var features = Applications.EfficientNetLite0(weights: null, includeTop: false, pooling: "avg");
        var ours = whole.Layers.Select(layer => $"{layer.Name} {layer.ClassName} {layer.OutputShape} "
            + string.Join(", ", layer.Weights.Select(weight => $"{layer.Name}/{weight.Name}:0 {weight.Shape}")));
        // An input's name counts the inputs of the process.
        var keras = golden.GetProperty("layers").EnumerateArray().Select(layer =>
            $"{(layer.GetProperty("class").GetString() == "InputLayer" ? "input_1" : layer.GetProperty("name").GetString())} "
            + $"{layer.GetProperty("class").GetString()} {ShapeOf(layer.GetProperty("output"))} "
            + string.Join(", ", layer.GetProperty("weights").EnumerateArray()
                .Select(weight => $"{weight[0].GetString()} {ShapeOf(weight[1])}")));
        return Check.Different(ours, keras) + Check.Different(
            [whole.CountParams(), features.CountParams()],
                [golden.GetProperty("params").GetInt64(), golden.GetProperty("params_notop").GetInt64()]);
    }

    private static double LiteNames()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Applications.EfficientNetLite0();
        var golden = Golden.Json("lite/described").GetProperty("top_3").EnumerateObject().SelectMany(photo => photo.Value.EnumerateArray())
            .ToArray();
        var ours = EfficientNetLite0.DecodePredictions(model.Predict(Photos()), top: 3).SelectMany(photo => photo).ToArray();
        return Check.Different(ours.Select(named => named.ClassName), golden.Select(named => named[0].GetString()!))
            + Check.Farthest(ours.Select(named => (double)named.Probability), golden.Select(named => named[1].GetDouble()));
    }

    private static double Lite(bool includeTop, string? pooling, string golden)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Applications.EfficientNetLite0(includeTop, pooling: pooling);
        return Check.Relative(model.Predict(Photos()), golden);
    }

    // The photographs are the same for every seed.
    private static torch.Tensor Photos()
    {
        string[] paths = [.. Directory.GetFiles(Path.Combine(Golden.Root, "tests", "keras-goldens", "photos"))
            .Order(StringComparer.Ordinal)];
        var pixels = new float[paths.Length * 224 * 224 * 3];
        for (var i = 0; i < paths.Length; i++)
            ImageFile.Load(
                paths[i], (224, 224), 3, Interpolation.Get("bilinear"),
                    pixels.AsSpan(i * pixels.Length / paths.Length, pixels.Length / paths.Length));
        return EfficientNetLite0.PreprocessInput(torch.tensor(pixels, [paths.Length, 224, 224, 3]));
    }

    private static Shape ShapeOf(JsonElement sizes) =>
        new(sizes.EnumerateArray().Select(size => size.ValueKind == JsonValueKind.Null ? null : (int?)size.GetInt32()));

    private static double Pooled(string name, Func<bool, Shape?, string?, Model> build)
    {
        using var scope = torch.NewDisposeScope();
        using var model = build(false, (96, 96, 3), "avg");
        Golden.Fill(model, Golden.Seed + 5000);
        return Check.Relative(model.Predict(Golden.Draw(Golden.Seed + 502, [2, 96, 96, 3], -1, 1)), $"applications/{name}");
    }

    private static double Prepared(string mode, Func<torch.Tensor, torch.Tensor> prepare)
    {
        using var scope = torch.NewDisposeScope();
        return Check.Farthest(Check.Values(prepare(Golden.Tensor("preprocess/input"))), Golden.Floats($"preprocess/{mode}"));
    }

    private static double OfImagenet(string folder, string output, ulong seed, long[] shape, string? pooling = null)
    {
        using var scope = torch.NewDisposeScope();
        using var whole = Applications.VGG16(includeTop: false, inputShape: ((int)shape[1], (int)shape[2], 3),
            weights: Golden.Vgg16Weights, pooling: pooling);
        var model = pooling is null ? new Model(whole.Input, whole.GetLayer(output).Output) : whole;
        return Check.Relative(model.Predict(VGG16.PreprocessInput(Golden.Draw(Golden.Seed + seed, shape, 0, 255))), $"{folder}/{output}");
    }

    private static double OfFiles()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Applications.VGG16(includeTop: false, inputShape: (224, 224, 3), weights: Golden.Vgg16Weights);
        var pixels = new float[2 * 224 * 224 * 3];
        ImageFile.Load(Golden.PathOf("odd/rgb.png"), (224, 224), 3, Interpolation.Get("bilinear"), pixels.AsSpan(0, pixels.Length / 2));
        ImageFile.Load(Golden.PathOf("odd/baseline_444.jpg"), (224, 224), 3, Interpolation.Get("bilinear"),
            pixels.AsSpan(pixels.Length / 2));
        return Check.Relative(model.Predict(VGG16.PreprocessInput(torch.tensor(pixels, [2, 224, 224, 3]))), "vgg16_224/block5_pool");
    }
}
