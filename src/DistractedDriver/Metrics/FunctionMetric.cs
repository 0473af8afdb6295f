using DistractedDriver.Core;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Metrics;

/// <summary>The mean of a function of one's own.</summary>
internal sealed class FunctionMetric(Func<Tensor, Tensor, Tensor> function, string name) : MeanMetric(name)
{
    /// <inheritdoc/>
    protected override Tensor Values(Tensor truth, Tensor prediction, CallContext context)
    {
        var values = function(truth, prediction);
        return values.dim() <= 1 ? values : values.reshape(values.shape[0], -1).mean([-1]);
    }
}
