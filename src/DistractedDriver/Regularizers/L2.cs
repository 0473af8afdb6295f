using System.Text.Json.Nodes;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Regularizers;

/// <summary>The cost l2·Σw².</summary>
/// <param name="l2">From 0.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="l2"/> is negative or no number.</exception>
public sealed class L2(double l2 = 0.01) : Regularizer
{
    private readonly double _factor = Factor(l2, nameof(l2));

    /// <inheritdoc/>
    protected override JsonObject Arguments => new() { ["l2"] = (float)_factor };

    /// <inheritdoc/>
    public override Tensor Call(Tensor weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        return (float)_factor * weight.square().sum();
    }
}
