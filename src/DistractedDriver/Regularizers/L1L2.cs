using System.Text.Json.Nodes;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Regularizers;

/// <summary>The cost l1·Σ|w| + l2·Σw².</summary>
/// <param name="l1">From 0.</param>
/// <param name="l2">From 0.</param>
/// <exception cref="ArgumentOutOfRangeException">A factor is negative or no number.</exception>
public sealed class L1L2(double l1 = 0, double l2 = 0) : Regularizer
{
    private readonly double _l1 = Factor(l1, nameof(l1));
    private readonly double _l2 = Factor(l2, nameof(l2));

    /// <inheritdoc/>
    protected override JsonObject Arguments => new() { ["l1"] = (float)_l1, ["l2"] = (float)_l2 };

    /// <inheritdoc/>
    public override Tensor Call(Tensor weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        return (float)_l1 * weight.abs().sum() + (float)_l2 * weight.square().sum();
    }
}
