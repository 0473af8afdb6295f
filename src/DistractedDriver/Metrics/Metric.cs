using System.Text.Json.Nodes;
using DistractedDriver.Core;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Metrics;

// Metrics: what is reported beside the loss. One file each, and one line in MetricRegistry.

/// <summary>
/// A figure reported beside the loss, over an epoch's samples. Strings convert as Keras's identifiers do:
/// <c>metrics: ["accuracy"]</c>. One of your own that is a mean of one value a sample derives from <see cref="MeanMetric"/>, any
/// other from this class.
/// </summary>
public abstract class Metric
{
    /// <param name="name">The name in logs and history.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    protected Metric(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
    }

    /// <summary>The name in logs and history, as the user asked for it; behind "weighted_" where two of one name are asked for.</summary>
    public string Name { get; internal set; }

    /// <summary>The metric of that Keras identifier.</summary>
    /// <param name="identifier">
    /// "accuracy", "precision", "recall", "auc", "mae", "categorical_crossentropy", …; the message about one that is not there lists
    /// them.
    /// </param>
    /// <exception cref="ArgumentException">There is no such metric here.</exception>
    public static implicit operator Metric(string identifier) => MetricRegistry.Make(identifier);

    /// <summary>
    /// The mean of a function of one's own: <c>Metric.From((truth, prediction) => (truth - prediction).abs(), "error")</c>.
    /// </summary>
    /// <param name="function">
    /// From labels and predictions, (batch, …), to one value a sample, (batch), or several, which are averaged.
    /// </param>
    /// <param name="name">The name in logs and history.</param>
    public static Metric From(Func<Tensor, Tensor, Tensor> function, string name)
    {
        ArgumentNullException.ThrowIfNull(function);
        return new FunctionMetric(function, name);
    }

    /// <summary>The arguments that it was made with, by Keras's names, but for its name.</summary>
    protected virtual JsonObject Arguments => [];

    /// <summary>The class's name in Keras.</summary>
    internal virtual string ClassName => GetType().Name;

    /// <summary>Its name and arguments, by Keras's names.</summary>
    internal JsonObject GetConfig()
    {
        JsonObject config = new() { ["name"] = Name, ["dtype"] = "float32" };
        foreach (var (key, value) in Arguments) config[key] = value?.DeepClone();
        return config;
    }

    /// <summary>Forgets all samples.</summary>
    protected internal abstract void ResetState();

    /// <summary>Counts a batch. The caller has opened a dispose scope and switched gradients off.</summary>
    /// <param name="truth">What is true.</param>
    /// <param name="prediction">What the model computed.</param>
    /// <param name="weights">How much each sample counts, (batch), or null for once each.</param>
    /// <param name="context">The pass that computed it, which knows the logits.</param>
    protected internal abstract void UpdateState(Tensor truth, Tensor prediction, Tensor? weights, CallContext context);

    /// <summary>The value over the samples counted since the last reset; 0 before any sample.</summary>
    protected internal abstract double Result();
}
