using System.Text.Json.Nodes;
using DistractedDriver.Core;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Losses;

// Losses: what training makes small. One file each, and one line in LossRegistry.

/// <summary>
/// What training makes small: for each sample a number that says how far the prediction is from the truth. Strings convert as
/// Keras's identifiers do: <c>loss: "binary_crossentropy"</c>. One of your own overrides <see cref="Name"/> and <see cref="Call"/>, and
/// <see cref="Arguments"/> if it is to be saved.
/// </summary>
public abstract class Loss
{
    /// <summary>Keras's added constant against log 0 and division by 0.</summary>
    internal const float Epsilon = 1e-7f;

    /// <summary>Keras's identifier, for example "categorical_crossentropy".</summary>
    public abstract string Name { get; }

    /// <summary>The loss of that Keras identifier.</summary>
    /// <param name="identifier">
    /// "binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy", "mse", "mae", "huber", …; the message about
    /// one that is not there lists them.
    /// </param>
    /// <exception cref="ArgumentException">There is no such loss here.</exception>
    public static implicit operator Loss(string identifier) => LossRegistry.All.Make(identifier);

    /// <summary>A function of one's own as a loss: <c>Loss.From((truth, prediction) => (truth - prediction).abs())</c>.</summary>
    /// <param name="function">
    /// From labels and predictions, (batch, …), to one loss a sample, (batch), or several, which are averaged.
    /// </param>
    /// <param name="name">What messages call it.</param>
    public static Loss From(Func<Tensor, Tensor, Tensor> function, string name = "loss")
    {
        ArgumentNullException.ThrowIfNull(function);
        return new FunctionLoss(function, name);
    }

    /// <summary>One loss a sample.</summary>
    /// <param name="truth">What is true, of <see cref="LabelShape"/>.</param>
    /// <param name="prediction">What the model computed.</param>
    /// <param name="context">The pass that computed it, which knows the logits.</param>
    /// <returns>Shape (batch).</returns>
    protected internal abstract Tensor Call(Tensor truth, Tensor prediction, CallContext context);

    /// <summary>The shape that labels have for a model's output: the same, one-hot where there are classes.</summary>
    protected internal virtual Shape LabelShape(Shape output) => output;

    /// <summary>How labels are given, for a message about their shape.</summary>
    protected internal virtual string LabelAdvice =>
        "as many values are needed as the last layer has units, one-hot for classes (classMode: \"categorical\")";

    /// <summary>The arguments that it was made with, by Keras's names; none where they are Keras's defaults.</summary>
    protected virtual JsonObject Arguments => [];

    /// <summary>The class's name in Keras.</summary>
    internal string ClassName => GetType().Name;

    /// <summary>What Keras's configuration says of it; null where its name says all.</summary>
    internal JsonObject? GetConfig()
    {
        if (Arguments.Count == 0) return null;
        JsonObject config = new() { ["name"] = Name, ["reduction"] = "sum_over_batch_size" };
        foreach (var (key, value) in Arguments) config[key] = value?.DeepClone();
        return config;
    }

    private protected static float Smoothing(double labelSmoothing) => labelSmoothing is >= 0 and <= 1
        ? (float)labelSmoothing
        : throw new ArgumentOutOfRangeException(nameof(labelSmoothing), $"labelSmoothing is from 0 to 1. Received: {labelSmoothing}.");
}
