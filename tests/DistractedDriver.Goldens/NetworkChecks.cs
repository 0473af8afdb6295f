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

    public static IEnumerable<Check> All()
    {
        foreach (var (name, build) in Networks)
        {
            yield return new($"applications#{name}", 0, () => Described(name, build));
            yield return new($"applications/{name}", Check.Activations, () => Pooled(name, build));
        }
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

    private static Shape ShapeOf(System.Text.Json.JsonElement sizes) =>
        new(sizes.EnumerateArray().Select(size => size.ValueKind == System.Text.Json.JsonValueKind.Null ? null : (int?)size.GetInt32()));

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
