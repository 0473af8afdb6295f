using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using DistractedDriver;
using DistractedDriver.Callbacks;
using DistractedDriver.Core;
using DistractedDriver.Layers;
using DistractedDriver.Metrics;
using DistractedDriver.Models;
using DistractedDriver.Optimizers;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Goldens;

/// <summary>What callbacks write: logs, files' names, and the lines that training prints.</summary>
internal static partial class CallbackChecks
{
    private static readonly JsonElement Logs = Golden.Json("csvlogger");
    private static readonly JsonElement Names = Golden.Json("checkpoint_names");
    private static readonly JsonElement Progress = Golden.Json("progress");

    // Where Keras glues rows together or lets them not fit, we complete the line, follow the header, or refuse.
    private static readonly Dictionary<string, string?> Better = new()
    {
        ["append"] = "epoch,accuracy,loss\n0,0.1,2.0\n0,0.25,0.5\r\n",
        ["append_crlf"] = "epoch,accuracy,loss\r\n0,0.1,2.0\r\n0,0.25,0.5\r\n",
        ["append_without_final_newline"] = "epoch,accuracy,loss\n0,0.1,2.0\r\n0,0.25,0.5\r\n",
        ["append_other_columns"] = "epoch,loss\n0,2.0\n",
        ["no_such_folder"] = "epoch,accuracy,loss,val_accuracy,val_loss\r\n0,0.25,0.5,NA,NA\r\n",
    };

    private static readonly Dictionary<string, Action> Printed = new()
    {
        ["fit verbose=1"] = () => Fit(1),
        ["fit verbose=2"] = () => Fit(2),
        ["evaluate"] = () => With(Progressing(), model => model.Evaluate(Pictures(), SmallNetworks.OneHot(), batchSize: 8)),
        ["predict"] = () => With(Progressing(), model => model.Predict(Pictures(), batchSize: 8)),
        ["small loss"] = () => With(Single(0.01), model => model.Fit(torch.ones(4, 1), torch.full(4, 1, 0.01f), verbose: 2)),
        ["large loss"] = () => With(Single(0.01), model => model.Fit(torch.ones(4, 1), torch.full(4, 1, 12345f), verbose: 2)),
        ["EarlyStopping"] = () => Watched(new EarlyStopping("loss", patience: 1, verbose: 1, restoreBestWeights: true), [1, 1], 4),
        ["ReduceLROnPlateau"] = () => Watched(new ReduceLROnPlateau("loss", patience: 1, factor: 0.5, verbose: 1), [0, 0, 0], 3),
        ["ModelCheckpoint"] = () =>
        {
            var folder = Directory.CreateTempSubdirectory("checkpoint");
            Watched(new ModelCheckpoint(Path.Combine(folder.FullName, "w.h5"), monitor: "loss", saveBestOnly: true, saveWeightsOnly: true,
                verbose: 1), [1, 0.81], 2);
            folder.Delete(recursive: true);
        },
        ["LearningRateScheduler"] = () => Watched(new LearningRateScheduler(epoch => 0.1 / (1 + epoch), verbose: 1), [1, 1], 2),
        ["TerminateOnNaN"] = () => With(Single(0.01), model => model.Fit(torch.ones(4, 1), torch.full(4, 1, float.NaN), verbose: 0,
            epochs: 2, callbacks: [new TerminateOnNaN()])),
    };

    public static IEnumerable<Check> All() =>
    [
        .. Logs.EnumerateObject().Where(log => !IsOfOtherThings(log.Value)).Select(log =>
            new Check($"csvlogger#{log.Name}", 0, () => Logged(log.Name, log.Value))),
        .. Names.GetProperty("names").EnumerateObject().Select(name =>
            new Check($"checkpoint_names#{name.Name}", 0, () => Named(name.Name, name.Value))),
        .. Printed.Select(entry => new Check($"progress#{entry.Key}", 0, () => Lines(entry.Key, entry.Value))),
    ];

    /// <summary>All entries, those of logs of other things than numbers apart.</summary>
    public static IEnumerable<string> Entries() =>
    [
        .. Logs.EnumerateObject().Select(log => $"csvlogger#{log.Name}"),
        .. Names.GetProperty("names").EnumerateObject().Select(name => $"checkpoint_names#{name.Name}"),
        .. Progress.EnumerateObject().Select(entry => $"progress#{entry.Name}"),
    ];

    private static bool IsOfOtherThings(JsonElement log) => log.GetProperty("epochs").EnumerateArray().Any(epoch =>
        epoch.ValueKind == JsonValueKind.Object && epoch.EnumerateObject().Any(value => Number(value.Value.GetString()!) is null));

    private static double? Number(string text) => text switch
    {
        "nan" => double.NaN,
        "inf" => double.PositiveInfinity,
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null,
    };

    private static double Logged(string name, JsonElement golden)
    {
        var folder = Directory.CreateTempSubdirectory("csvlogger");
        try
        {
            var path = Path.Combine(folder.FullName, name == "no_such_folder" ? "new/log.csv" : "log.csv");
            if (golden.GetProperty("before").GetString() is { } before) File.WriteAllText(path, before);
            var arguments = golden.GetProperty("arguments");
            var logger = new CSVLogger(path,
                arguments.TryGetProperty("separator", out var separator) ? separator.GetString()! : ",",
                arguments.TryGetProperty("append", out var append) && append.GetBoolean());
            var refused = Thrown(() =>
            {
                logger.OnTrainBegin();
                var number = 0;
                foreach (var epoch in golden.GetProperty("epochs").EnumerateArray().Where(epoch => epoch.ValueKind == JsonValueKind.Object))
                    logger.OnEpochEnd(number++, epoch.EnumerateObject().ToDictionary(value => value.Name,
                        value => Number(value.Value.GetString()!)!.Value));
                logger.OnTrainEnd();
            });
            var after = Better.TryGetValue(name, out var better) ? better : golden.GetProperty("after").GetString();
            return (File.Exists(path) ? File.ReadAllText(path) : null) == after && refused == (name == "append_other_columns") ? 0
                : double.PositiveInfinity;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static double Named(string pattern, JsonElement golden)
    {
        var folder = Path.GetFullPath("names");
        var logs = Names.GetProperty("logs").EnumerateObject().ToDictionary(value => value.Name, value => value.Value.GetDouble());
        var named = "";
        var refused = Thrown(() => named = Path.GetRelativePath(folder, new ModelCheckpoint(Path.Combine(folder, pattern))
            .PathOf(Names.GetProperty("epoch").GetInt32() - 1, logs)));
        return golden.ValueKind == JsonValueKind.String
            ? (!refused && named == golden.GetString() ? 0 : double.PositiveInfinity)
            : (refused ? 0 : double.PositiveInfinity);
    }

    private static bool Thrown(Action action)
    {
        try
        {
            action();
            return false;
        }
        catch (Exception error) when (error is ArgumentException or InvalidDataException)
        {
            return true;
        }
    }

    // Times masked with their units, and of lines that are rewritten the last state, as the golden has them.
    private static double Lines(string name, Action act)
    {
        using var scope = torch.NewDisposeScope();
        var text = new StringWriter();
        lock (Golden.Folder)
        {
            TextOutput.Set(text, isInteractive: false);
            try
            {
                act();
            }
            finally
            {
                TextOutput.Set(null, null);
            }
        }
        var lines = text.ToString().ReplaceLineEndings("\n").Split('\n')
            .Select(line => Folders().Replace(line, "DIR/"));
        return Check.Different(lines.Select(Masked), Progress.GetProperty(name).EnumerateArray().Select(line => Masked(line.GetString()!)));
    }

    private static string Masked(string line) => Times().Replace(line, "T");

    private static void With(Model model, Action<Model> act)
    {
        using (model) act(model);
    }

    private static void Fit(int verbose) => With(Progressing(), model =>
    {
        var (x, y) = (Pictures(), SmallNetworks.OneHot());
        model.Fit(x, y, epochs: 2, batchSize: 8, shuffle: false, verbose: verbose,
            validationData: (x.narrow(0, 0, 8), y.narrow(0, 0, 8)));
    });

    // make_files.py's pictures.
    private static Tensor Pictures() => SmallNetworks.Images() + (SmallNetworks.Classes() - 1).reshape(40, 1, 1, 1) * 0.3f;

    private static Model Progressing()
    {
        var model = SavingChecks.Functional();
        model.Compile(new Adam(0.01), "categorical_crossentropy", ["accuracy", new TopKCategoricalAccuracy(2, name: "top2")]);
        return model;
    }

    private static Sequential Single(double rate)
    {
        var model = new Sequential([new InputLayer(1), new Dense(1, kernelInitializer: "zeros")]);
        model.Compile(new SGD(rate), "mse");
        model.Optimizer.LearningRate = 1e-30;
        return model;
    }

    // Epochs that end with given losses.
    private static void Watched(Callback callback, double[] losses, int epochs)
    {
        using var model = Single(0.1);
        model.Optimizer.LearningRate = 0.1f;
        callback.Model = model;
        callback.OnTrainBegin();
        for (var epoch = 0; epoch < Math.Min(epochs, losses.Length) && !model.StopTraining; epoch++)
        {
            callback.OnEpochBegin(epoch);
            callback.OnEpochEnd(epoch, new Dictionary<string, double> { ["loss"] = losses[epoch] });
        }
        callback.OnTrainEnd();
    }

    [GeneratedRegex(@"(\d+|T)(ms|us|s)\b")]
    private static partial Regex Times();

    [GeneratedRegex(@"/\S*/")]
    private static partial Regex Folders();
}
