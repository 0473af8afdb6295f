using System.Text.Json;
using DistractedDriver.Applications;
using DistractedDriver.Preprocessing;
using TorchSharp;

namespace Goldens;

/// <summary>ImageDataGenerator: which files, in which order, with which labels, changed and standardised how.</summary>
internal static class GeneratorChecks
{
    private static readonly string Val = Golden.PathOf("imgs/val");
    private static readonly JsonElement Described = Golden.Json("generator/described");

    public static IEnumerable<Check> All()
    {
        yield return new("generator/described#filenames", 0, () =>
            Check.Different(Plain().Filenames, Texts(Described.GetProperty("filenames"))));
        yield return new("generator/described#classes", 0, () =>
            Check.Different(Plain().Classes, Integers(Described.GetProperty("classes"))));
        yield return new("generator/described#class_indices", 0, () =>
            Check.Different(Plain().ClassIndices.OrderBy(pair => pair.Value).Select(pair => pair.Key),
                Described.GetProperty("class_indices").EnumerateObject().Select(pair => pair.Name)));
        yield return new("generator/described#samples", 0, () => Math.Abs(Plain().Samples - Described.GetProperty("samples").GetInt32()));
        yield return new("generator/described#batches", 0, () => Math.Abs(Plain().Count - Described.GetProperty("batches").GetInt32()));
        yield return new("generator/val_batch3_x", 1.001 / 255, () =>
            Batch(Plain(), 3, batch => Check.Farthest(Check.Values(batch.X), Golden.Floats("generator/val_batch3_x"))));
        yield return new("generator/val_batch3_y", 0, () =>
            Batch(Plain(), 3, batch => Check.Different(Check.Values(batch.Y!), Golden.Floats("generator/val_batch3_y"))));
        foreach (var mode in Described.GetProperty("class_mode").EnumerateObject())
            yield return new($"generator/described#class_mode {mode.Name}", 0, () => Labelled(mode.Name, mode.Value));
        foreach (var shuffled in Described.GetProperty("shuffle").EnumerateObject())
            yield return new($"generator/described#shuffle {shuffled.Name}", 0, () => Shuffled(int.Parse(shuffled.Name), shuffled.Value));
        foreach (var subset in Described.GetProperty("validation_split").EnumerateObject())
            yield return new($"generator/described#validation_split {subset.Name}", 0, () => Check.Different(
                new ImageDataGenerator(validationSplit: 0.25)
                    .FlowFromDirectory(Golden.PathOf("imgs/train"), targetSize: (4, 4), shuffle: false, subset: subset.Name).Filenames,
                        Texts(subset.Value)));

        foreach (var mode in new[] { "categorical", "raw" })
            yield return new($"generator/dataframe#{mode}", 0, () => Tabled(mode));

        // In units of a standard deviation, which is many grey levels.
        yield return new("generator/featurewise", 0.05, () =>
            Prepared("featurewise", new ImageDataGenerator(samplewiseCenter: true, samplewiseStdNormalization: true)));
        yield return new("generator/preprocessing", 1.001, () =>
            Prepared("preprocessing", new ImageDataGenerator(preprocessingFunction: VGG16.PreprocessInput)));
        yield return new("generator/featurewise_center_std", 1e-5, () =>
            Fitted("featurewise_center_std", new ImageDataGenerator(featurewiseCenter: true, featurewiseStdNormalization: true)));
        yield return new("generator/zca", 1e-4, () =>
            Fitted("zca", new ImageDataGenerator(featurewiseCenter: true, zcaWhitening: true, zcaEpsilon: 1e-3)));

        foreach (var drawn in Golden.Json("augment_seeded/transforms").EnumerateObject())
            yield return new($"augment_seeded/transforms#{drawn.Name}", 1e-12, () => Drawn(int.Parse(drawn.Name), drawn.Value));
        // A grey level of the file may be turned brighter, or divided by 255.
        foreach (var (name, bound) in new[] { ("usual", 1.01 / 255), ("colour", 2.01), ("pixels", 1.01) })
        {
            yield return new($"augment_seeded/{name}#labels", 0, () =>
                Enumerable.Range(0, 4).Sum(number => Augmented(name, number).Labels));
            foreach (var number in Enumerable.Range(0, 4))
                yield return new($"augment_seeded/{name}_{number}", bound, () => Augmented(name, number).Pixels);
        }
    }

    private static DirectoryIterator Plain() =>
        new ImageDataGenerator(rescale: 1f / 255).FlowFromDirectory(Val, targetSize: (24, 32), batchSize: 6, shuffle: false);

    private static double Batch(ImageIterator flow, int number, Func<ImageBatch, double> measure)
    {
        for (var i = 0; i < number; i++) flow.Next().Dispose();
        using var batch = flow.Next();
        return measure(batch);
    }

    private static double Labelled(string mode, JsonElement golden)
    {
        var flow = new ImageDataGenerator()
            .FlowFromDirectory(Val, targetSize: (4, 4), batchSize: 5, classMode: mode == "None"
                ? null
                : mode, shuffle: false, classes: ["c3", "c1"]);
        return Check.Different(flow.Filenames, Texts(golden.GetProperty("filenames")))
            + Batch(flow, 0, batch => golden.GetProperty("y").ValueKind switch
        {
            JsonValueKind.Null => batch.Y is null ? 0 : 1,
            JsonValueKind.String => Check.Different(Check.Values(batch.Y!), Check.Values(batch.X)),
            _ => Check.Different(Check.Values(batch.Y!), golden.GetProperty("y").EnumerateArray().Select(label => label.GetSingle())),
        });
    }

    private static double Shuffled(int seed, JsonElement golden)
    {
        var flow = new ImageDataGenerator().FlowFromDirectory(Val, targetSize: (4, 4), batchSize: 8, classMode: "sparse", seed: seed);
        return golden.EnumerateArray().Sum(batch => Check.Different(flow.NextIndices(), Integers(batch)));
    }

    private static double Tabled(string mode)
    {
        var golden = Golden.Json("generator/dataframe");
        var rows = golden.GetProperty("rows").EnumerateArray()
            .Select(row => row.EnumerateObject().ToDictionary(cell => cell.Name, cell => cell.Value.ToString())).ToArray();
        var flow = new ImageDataGenerator().FlowFromDataframe(
            rows, Val, xCol: "img", yCol: mode == "raw"
                ? "amount"
                : "classname", classMode: mode, targetSize: (4, 4), batchSize: 4, shuffle: false);
        var labels = golden.GetProperty($"{mode}_batch0").EnumerateArray()
            .SelectMany(label => label.ValueKind == JsonValueKind.Array ? label.EnumerateArray() : new[] { label }.AsEnumerable());
        return Check.Different(flow.Filenames, Texts(golden.GetProperty("filenames")))
            + (mode == "raw"
                ? 0
                : Check.Different(flow.ClassIndices.Select(pair => $"{pair.Key} {pair.Value}"),
                    golden.GetProperty("class_indices").EnumerateObject().Select(pair => $"{pair.Name} {pair.Value}")))
            + Batch(flow, 0, batch => Check.Different(Check.Values(batch.Y!), labels.Select(label => label.GetSingle())));
    }

    private static double Prepared(string name, ImageDataGenerator generator) =>
        Batch(generator.FlowFromDirectory(Val, targetSize: (24, 32), batchSize: 2, shuffle: false), 0, batch =>
            Check.Farthest(Check.Values(batch.X), Golden.Floats($"generator/{name}")));

    private static double Fitted(string name, ImageDataGenerator generator)
    {
        using var scope = torch.NewDisposeScope();
        var pictures = Golden.Tensor("generator/statistics_input");
        generator.Fit(pictures);
        return Check.Relative(Check.Values(generator.Standardize(pictures.slice(0, 0, 1, 1))), Golden.Floats($"generator/{name}"));
    }

    private static double Drawn(int seed, JsonElement golden)
    {
        var drawn = Augmenting("usual").GetRandomTransform(24, 32, seed);
        double[] keras = [.. new[] { "theta", "tx", "ty", "shear", "zx", "zy", "flip_horizontal" }.Select(key =>
            golden.GetProperty(key).GetDouble())];
        return Check.Farthest([drawn.Theta, drawn.Tx, drawn.Ty, drawn.Shear, drawn.Zx, drawn.Zy, drawn.FlipHorizontal ? 1 : 0], keras)
            + (drawn.FlipVertical || drawn.Brightness is not null ? 1 : 0);
    }

    private static (double Pixels, double Labels) Augmented(string name, int number)
    {
        var flow = Augmenting(name)
            .FlowFromDirectory(Val, targetSize: (24, 32), batchSize: 8, classMode: "sparse", shuffle: true, seed: 11);
        double labels = 0;
        var pixels = Batch(flow, number, batch =>
        {
            labels = Check.Different(Check.Values(batch.Y!),
                Golden.Json($"augment_seeded/{name}").GetProperty("labels")[number].EnumerateArray().Select(label => label.GetSingle()));
            return Check.Farthest(Check.Values(batch.X), Golden.Floats($"augment_seeded/{name}_{number}"));
        });
        return (pixels, labels);
    }

    private static ImageDataGenerator Augmenting(string name) => name switch
    {
        "usual" => new ImageDataGenerator(rotationRange: 15, widthShiftRange: 0.1, heightShiftRange: 0.1, shearRange: 8, zoomRange: 0.15,
            horizontalFlip: true, fillMode: "nearest", rescale: 1f / 255),
        "colour" => new ImageDataGenerator(brightnessRange: (0.6, 1.4), channelShiftRange: 30, verticalFlip: true),
        _ => new ImageDataGenerator(widthShiftRange: 4, heightShiftRange: new double[] { -3, 0, 3 }, zoomRange: (0.8, 1.1),
            fillMode: "constant", cval: 128),
    };

    private static IEnumerable<string> Texts(JsonElement array) => array.EnumerateArray().Select(text => text.GetString()!);

    private static IEnumerable<int> Integers(JsonElement array) => array.EnumerateArray().Select(number => number.GetInt32());
}
