using DistractedDriver.Core;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Metrics;

/// <summary>√ of the mean of (prediction − truth)² over all outputs of all samples.</summary>
/// <param name="name">The name in logs and history.</param>
public sealed class RootMeanSquaredError(string name = "root_mean_squared_error") : Metric(name)
{
    private float _total;
    private float _count;

    /// <inheritdoc/>
    protected internal override void ResetState() => (_total, _count) = (0, 0);

    /// <inheritdoc/>
    protected internal override void UpdateState(Tensor truth, Tensor prediction, Tensor? weights, CallContext context)
    {
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(prediction);
        var means = (truth.reshape(prediction.shape) - prediction).square().reshape(prediction.shape[0], -1).mean([-1]);
        _total += (weights is null ? means : means * weights).sum().item<float>();
        _count += weights is null ? prediction.shape[0] : weights.sum().item<float>();
    }

    /// <inheritdoc/>
    protected internal override double Result() => _count == 0 ? 0 : MathF.Sqrt(_total / _count);
}
