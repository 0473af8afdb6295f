using System.Text.Json.Nodes;
using DistractedDriver.Core;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Losses;

/// <summary>The categorical cross-entropy for labels that are the classes' numbers (classMode: "sparse").</summary>
/// <param name="fromLogits">Whether the model gives logits, without a softmax.</param>
public sealed class SparseCategoricalCrossentropy(bool fromLogits = false) : Loss
{
    /// <inheritdoc/>
    public override string Name => "sparse_categorical_crossentropy";

    /// <inheritdoc/>
    protected override JsonObject Arguments => fromLogits ? new() { ["from_logits"] = true } : [];

    /// <inheritdoc/>
    protected internal override Tensor Call(Tensor truth, Tensor prediction, CallContext context)
    {
        // Probabilities without known logits are taken to their logarithms and made to sum to 1, as Keras does.
        var logits = fromLogits ? prediction : context.LogitsOf(prediction, "softmax") ?? prediction.clamp(Epsilon, 1 - Epsilon).log();
        var classes = truth.reshape(-1, 1).to_type(torch.ScalarType.Int64);
        var (least, greatest, count) = (classes.min().item<long>(), classes.max().item<long>(), logits.shape[^1]);
        if (least < 0 || greatest >= count)
            throw new ArgumentException(
                $"A label is {(least < 0 ? least : greatest)}, but the model's last layer has {count} units, for the classes 0 to "
                    + $"{count - 1}. Number the classes from 0, or give the layer as many units as there are classes.", nameof(truth));
        return logits.log_softmax(-1).gather(1, classes).squeeze(1).neg();
    }

    /// <inheritdoc/>
    protected internal override Shape LabelShape(Shape output) => new((int?)null);

    /// <inheritdoc/>
    protected internal override string LabelAdvice => "the number of each sample's class is needed (classMode: \"sparse\")";
}
