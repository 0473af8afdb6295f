using DistractedDriver.Core;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Losses;

/// <summary>Σ y·log(y / p): how far predicted shares are from the true ones (S. Kullback, R. Leibler, 1951).</summary>
public sealed class KLDivergence : Loss
{
    /// <inheritdoc/>
    public override string Name => "kl_divergence";

    /// <inheritdoc/>
    protected internal override Tensor Call(Tensor truth, Tensor prediction, CallContext context)
    {
        var (y, p) = (truth.clamp(Epsilon, 1), prediction.clamp(Epsilon, 1));
        return (y * (y / p).log()).sum(-1);
    }
}
