using DistractedDriver.Core;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Losses;

/// <summary>The mean of |prediction − truth| over a sample's outputs.</summary>
public sealed class MeanAbsoluteError : Loss
{
    /// <inheritdoc/>
    public override string Name => "mean_absolute_error";

    /// <inheritdoc/>
    protected internal override Tensor Call(Tensor truth, Tensor prediction, CallContext context) =>
        (prediction - truth).abs().mean([-1]);
}
