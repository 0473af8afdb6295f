using DistractedDriver.Core;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Losses;

/// <summary>A loss that is a function of one's own.</summary>
internal sealed class FunctionLoss(Func<Tensor, Tensor, Tensor> function, string name) : Loss
{
    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    protected internal override Tensor Call(Tensor truth, Tensor prediction, CallContext context)
    {
        var losses = function(truth, prediction);
        // As Keras: whatever axes are left are averaged.
        return losses.dim() <= 1 ? losses : losses.reshape(losses.shape[0], -1).mean([-1]);
    }
}
