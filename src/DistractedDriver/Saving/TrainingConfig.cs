using System.Text.Json.Nodes;
using DistractedDriver.Losses;
using DistractedDriver.Metrics;
using DistractedDriver.Models;
using DistractedDriver.Optimizers;

namespace DistractedDriver.Saving;

/// <summary>How a model was compiled - its optimizer, loss and metrics - in the JSON that Keras saves.</summary>
internal static class TrainingConfig
{
    /// <summary>For an HDF5 file, in a form that Keras 2.15 and Keras 3 both take.</summary>
    public static JsonObject Write(Model model, Compilation compiled)
    {
        var optimizer = compiled.Optimizer;
        var config = Write(model, compiled, (_, className, arguments) => new() { ["class_name"] = className, ["config"] = arguments });
        config["optimizer_config"] = new JsonObject
        {
            ["class_name"] = optimizer.ClassName,
            ["config"] = optimizer.GetConfig(),
            // By this name Keras 2.15 takes the optimizer of today rather than that of 2.10; Keras 3 goes by the class.
            ["registered_name"] = $"Custom>{optimizer.ClassName}",
        };
        return config;
    }

    /// <summary>For an archive of Keras 3.</summary>
    public static JsonObject WriteForKeras3(Model model, Compilation compiled)
    {
        var config = Write(model, compiled, Keras3Config.Describe);
        config["optimizer"] = Keras3Config.Describe("keras.optimizers", compiled.Optimizer.ClassName, compiled.Optimizer.GetConfig());
        config["run_eagerly"] = false;
        config["steps_per_execution"] = 1;
        config["jit_compile"] = false;
        return config;
    }

    /// <summary>Makes what a model was compiled with.</summary>
    /// <exception cref="ArgumentException">There is no such optimizer, loss or metric in this library; the message names it.</exception>
    public static Compilation Read(JsonObject config, Model model)
    {
        var described = (config["optimizer"] ?? config["optimizer_config"])!;
        var (className, arguments) = ClassAndConfig(described);
        var optimizer = OptimizerRegistry.All.Make(className.Split('>')[^1], arguments);
        return new(
            optimizer, ReadLoss(config["loss"]), ReadMetrics(config["metrics"]), ReadMetrics(config["weighted_metrics"]),
            model);
    }

    private static JsonObject Write(Model model, Compilation compiled, Func<string, string, JsonObject, JsonObject> describe)
    {
        JsonArray Metrics(IEnumerable<Metric> metrics) => [.. metrics.Select(metric => WriteMetric(model, compiled, metric, describe))];
        return new()
        {
            ["loss"] = compiled.Loss.GetConfig() is { } loss ? describe("keras.losses", compiled.Loss.ClassName, loss) : compiled.Loss.Name,
            ["metrics"] = compiled.Metrics.Count == 0 ? null : Metrics(compiled.Metrics),
            ["weighted_metrics"] = compiled.WeightedMetrics.Count == 0 ? null : Metrics(compiled.WeightedMetrics),
            ["loss_weights"] = null,
        };
    }

    // "accuracy" is no class of Keras's but a word for one of three, which one following from the output and the labels.
    private static JsonNode WriteMetric(
        Model model, Compilation compiled, Metric metric, Func<string, string, JsonObject, JsonObject> describe)
    {
        if (metric is Accuracy && metric.Name is "accuracy" or "acc") return metric.Name;
        var className = metric is not Accuracy ? metric.ClassName
            : model.OutputShape.Channels == 1 ? nameof(BinaryAccuracy)
            : compiled.Loss is SparseCategoricalCrossentropy ? nameof(SparseCategoricalAccuracy)
            : nameof(CategoricalAccuracy);
        return describe("keras.metrics", className, metric.GetConfig());
    }

    private static Loss ReadLoss(JsonNode? described) => described switch
    {
        JsonValue identifier => LossRegistry.All.Make((string)identifier!),
        JsonObject made when made["class_name"] is not null
            && ClassAndConfig(made) is var (className, config) => LossRegistry.All.Make(className, config),
        JsonArray { Count: 1 } list => ReadLoss(list[0]),
        JsonObject { Count: 1 } named => ReadLoss(named.First().Value),
        null => throw new ArgumentException("there is no loss"),
        _ => throw new ArgumentException("there are several losses; models of this library have one"),
    };

    // Keras 2 has a list for each output.
    private static IReadOnlyList<Metric> ReadMetrics(JsonNode? described) => described switch
    {
        null => [],
        JsonArray list => [.. list.SelectMany(ReadMetrics)],
        JsonValue identifier => [MetricRegistry.Make((string)identifier!)],
        JsonObject made when made["class_name"] is not null => [ReadMetric(made)],
        _ => [.. described.AsObject().SelectMany(output => ReadMetrics(output.Value))],
    };

    private static Metric ReadMetric(JsonObject made)
    {
        var (identifier, config) = ClassAndConfig(made);
        if ((string?)config["name"] is "accuracy" or "acc" && identifier.EndsWith("_accuracy", StringComparison.Ordinal))
            return MetricRegistry.Make((string)config["name"]!);
        var metric = MetricRegistry.All.Make(identifier, config);
        if ((string?)config["name"] is { } name) metric.Name = name;
        return metric;
    }

    // A wrapper's class is the function that it wraps, which may stand as a name or as an object of its own.
    private static (string ClassName, JsonObject Config) ClassAndConfig(JsonNode made)
    {
        var (className, config) = ((string)made["class_name"]!, made["config"]);
        if (className == "function") return ((string)config!, []);
        var arguments = config?.AsObject() ?? [];
        if (className is "MeanMetricWrapper" or "LossFunctionWrapper" && arguments["fn"] is { } function)
            className = function is JsonObject described ? (string)described["config"]! : (string)function!;
        return (className, arguments);
    }
}
