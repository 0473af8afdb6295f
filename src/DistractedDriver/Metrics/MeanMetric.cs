using DistractedDriver.Core;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Metrics;

/// <summary>A metric that is the mean of one value a sample.</summary>
/// <param name="name">The name in logs and history.</param>
public abstract class MeanMetric(string name) : Metric(name)
{
    // Float32, since the last digit shows in logs. A batch's sum is taken in float64 before it is added: found to give the
    // digits of Keras's metrics_named, where float32 or float64 throughout did not.
    private float _total;
    private float _count;

    /// <inheritdoc/>
    protected internal sealed override void ResetState() => (_total, _count) = (0, 0);

    /// <inheritdoc/>
    protected internal sealed override void UpdateState(Tensor truth, Tensor prediction, Tensor? weights, CallContext context)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        var values = Values(truth, prediction, context);
        _total += Sum(weights is null ? values : values * weights);
        _count += weights is null ? prediction.shape[0] : Sum(weights);
    }

    /// <inheritdoc/>
    protected internal sealed override double Result() => _count == 0 ? 0 : _total / _count;

    /// <summary>One value a sample.</summary>
    /// <param name="truth">What is true.</param>
    /// <param name="prediction">What the model computed.</param>
    /// <param name="context">The pass that computed it, which knows the logits.</param>
    /// <returns>Shape (batch).</returns>
    protected abstract Tensor Values(Tensor truth, Tensor prediction, CallContext context);

    private static float Sum(Tensor values) => (float)values.sum(TorchSharp.torch.ScalarType.Float64).item<double>();
}
