using System.Text.Json.Nodes;
using DistractedDriver.Core;
using DistractedDriver.Losses;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Metrics;

/// <summary>A loss, reported: "mean_absolute_error", "categorical_crossentropy".</summary>
/// <param name="loss">The loss.</param>
internal sealed class LossMetric(Loss loss) : MeanMetric(loss.Name)
{
    // Keras has a metric of the same name for each of these losses.
    internal override string ClassName => loss.ClassName;

    /// <inheritdoc/>
    protected override JsonObject Arguments => new(loss.GetConfig()?.Where(pair => pair.Key is not ("name" or "reduction"))
        .Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())) ?? []);

    /// <inheritdoc/>
    protected override Tensor Values(Tensor truth, Tensor prediction, CallContext context) => loss.Call(truth, prediction, context);
}
