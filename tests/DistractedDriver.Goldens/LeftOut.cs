using System.Text.Json;

namespace Goldens;

/// <summary>What Keras computed and no check looks at, with the reason.</summary>
internal static class LeftOut
{
    private const string Input = "an input; the checks read it";
    private const string Dataset = "the library has no tf.data";

    // By how a golden's name begins; the first that fits counts.
    private static readonly (string Prefix, string Reason)[] Reasons =
    [
        ("augment/input", Input), ("layers/image", Input), ("layers/row", Input), ("fit/x", Input), ("preprocess/input", Input),
            ("generator/statistics_input", Input),
        ("evaluation/described#folds groups", Input), ("evaluation/described#folds labels", Input),
        .. new[] { "ten", "rare", "two", "sigmoids" }.SelectMany(set => new[]
        {
            ($"evaluation/{set}_probabilities", Input), ($"evaluation/described#{set} labels", Input),
            ($"evaluation/described#{set} classes", Input), ($"evaluation/described#{set} kaggle", "says how the values were made"),
        }),
        ("losses/logits", Input), ("losses/onehot", Input), ("losses/multi", Input), ("losses/real", Input), ("losses/weights", Input),
        ("optimizers/start", Input), ("optimizers/gradients", Input), ("weights/small_input", Input), ("weights/branched_input", Input),
        ("finetune/x", Input), ("gradients/single", Input), ("gradients/second", Input), ("binary/x", Input),
        ("binary/runs#raw_two_columns", "a table's labels are one column here"),
        ("edges#steps_per_epoch 2 of 5, dataset", Dataset), ("edges#steps_per_epoch 9 of 5, dataset", Dataset),
        ("csvlogger#", "logs hold numbers here, no lists or texts"),
        ("edges#epochs 0", "no epoch is refused: it would train nothing"),
        ("applications", "this network is not in the library"),
        ("preprocess/torch", "no network of the library takes images prepared so"),
        ("summaries/", "as Keras 3 prints it, in boxes; the library prints Keras 2.15's table"),
        ("gradcam/", "the library does not draw Grad-CAM"),
    ];

    /// <summary>Everything in the folder: its arrays, the entries of its JSON files, its other files.</summary>
    public static IEnumerable<string> Everything() =>
    [
        .. Golden.Arrays,
        .. Entries("losses/values", json => json.GetProperty("cases").EnumerateArray(), "loss"),
        .. Entries("metrics", json => json.EnumerateArray(), "metric"),
        .. Entries("optimizers/steps", json => json.EnumerateArray(), "optimizer"),
        .. Entries("callbacks", json => json.GetProperty("runs").EnumerateArray(), "callback"),
        .. Names("optimizers/schedules"), .. Names("applications"), .. Names("applications/variants"), "lite/described",
            .. Names("fit/runs"), .. Runs("finetune/runs"), .. Says("trainable"), .. EdgeChecks.Names(), .. CallbackChecks.Entries(),
            .. Names("binary/runs"), .. Names("tensorboard/events"), .. Names("augment_seeded/transforms"), .. Names("formats/cut_short"),
            .. Names("generator/described"), .. Names("saving/keras2"), .. Names("saving/keras3"), .. EvaluationChecks.Entries(),
        "generator/dataframe",
        .. Directory.GetFiles(Golden.PathOf("augment_seeded"), "*.json").Select(Path.GetFileNameWithoutExtension)
            .Where(name => name != "transforms").Select(name => $"augment_seeded/{name}"),
        .. Directory.GetFiles(Golden.PathOf("training"), "*.json").Select(file => $"training/{Path.GetFileNameWithoutExtension(file)}"),
        .. new[] { "saving", "summaries", "training", "weights" }.SelectMany(folder => Directory.GetFiles(Golden.PathOf(folder))
            .Where(file => Path.GetExtension(file) is not (".json" or ".f32")).Select(file => $"{folder}/{Path.GetFileName(file)}")),
    ];

    /// <summary>Those without a check, with the reason; null where there is none.</summary>
    public static IEnumerable<(string Golden, string? Reason)> All()
    {
        var covered = Check.All.Select(check => check.Golden).ToArray();
        return Everything()
            .Where(golden => !covered.Any(name =>
                name == golden || (name.StartsWith(golden, StringComparison.Ordinal) && name[golden.Length] is '#' or ' ')))
            .Order(StringComparer.Ordinal)
            .Select(golden => (golden,
                Reasons.Where(entry => golden.StartsWith(entry.Prefix, StringComparison.Ordinal)).Select(entry => entry.Reason)
                    .FirstOrDefault()));
    }

    private static IEnumerable<string> Entries(string file, Func<JsonElement, JsonElement.ArrayEnumerator> list, string kind) =>
        list(Golden.Json(file)).Select((entry, number) => LossChecks.Name(file, number, entry, kind));

    private static IEnumerable<string> Runs(string file) =>
        Golden.Json(file).GetProperty("runs").EnumerateObject().Select(run => $"{file}#{run.Name}");

    private static IEnumerable<string> Says(string file) =>
        Golden.Json(file).EnumerateArray().Select(row => $"{file}#{row.GetProperty("says").GetString()}");

    private static IEnumerable<string> Names(string file) => Golden.Json(file).EnumerateObject().Select(entry => $"{file}#{entry.Name}");
}
