using DistractedDriver;
using DistractedDriver.Applications;
using DistractedDriver.Layers;
using DistractedDriver.Models;

namespace Goldens;

/// <summary>What a model's summary prints, byte for byte.</summary>
internal static class SummaryChecks
{
    private static readonly Dictionary<string, Func<Model>> Models = new()
    {
        ["functional"] = SavingChecks.Functional,
        ["frozen"] = SavingChecks.Frozen,
        ["sequential"] = SavingChecks.Sequential,
        ["nested"] = SavingChecks.Nested,
        ["long_names"] = LongNames,
        ["mobilenet_head"] = () => new Sequential([MobileNet(), new Dropout(0.2), new Dense(10, name: "head")], name: "mobilenet_head"),
        ["mobilenet"] = MobileNet,
        ["resnet"] = () => Applications.ResNet50(includeTop: false, weights: null, inputShape: (64, 64, 3)),
        ["both"] = SavingChecks.TwoBranches,
    };

    public static IEnumerable<Check> All()
    {
        foreach (var (name, build) in Models)
            foreach (var suffix in new[] { "", "_trainable", "_nested", "_both", "_wide" })
                if (name is not ("mobilenet" or "resnet") || suffix is "" or "_trainable")
                    yield return new($"summaries/{name}{suffix}_keras2.txt", 0,
                        () => Printed(build, suffix, $"summaries/{name}{suffix}_keras2.txt"));
    }

    private static double Printed(Func<Model> build, string suffix, string golden)
    {
        using var model = build();
        var lines = new List<string>();
        model.Summary(lines.Add, suffix == "_wide" ? 120 : null, suffix is "_trainable" or "_both", suffix is "_nested" or "_both");
        // Keras numbers inputs over the whole process.
        var keras = File.ReadAllText(Golden.PathOf(golden)).Replace("input_3", "input_1", StringComparison.Ordinal);
        return Check.Different(lines, keras.TrimEnd('\n').Split('\n'));
    }

    private static Model MobileNet()
    {
        var mobile = Applications.MobileNetV2(includeTop: false, weights: null, inputShape: (32, 32, 3), pooling: "avg");
        foreach (var layer in mobile.Layers.Take(100)) layer.Trainable = false;
        return mobile;
    }

    private static Model LongNames()
    {
        var input = Keras.Input((20, 20, 3), name: "a_rather_long_name_for_an_input_layer");
        var x = new Conv2D(4, 3, name: "a_convolution_whose_name_does_not_fit_into_its_column").Apply(input);
        x = new Add(name: "sum").Apply([x, new Conv2D(4, 3, name: "b").Apply(input)]);
        return new Model(
            input, [new Dense(2, name: "one").Apply(new Flatten().Apply(x)), new GlobalAveragePooling2D(name: "two").Apply(x)],
                name: "two_outputs");
    }
}
