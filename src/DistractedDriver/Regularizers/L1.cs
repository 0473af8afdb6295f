using System.Text.Json.Nodes;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Regularizers;

/// <summary>The cost l1·Σ|w|.</summary>
/// <param name="l1">From 0.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="l1"/> is negative or no number.</exception>
public sealed class L1(double l1 = 0.01) : Regularizer
{
    private readonly double _factor = Factor(l1, nameof(l1));

    /// <inheritdoc/>
    protected override JsonObject Arguments => new() { ["l1"] = (float)_factor };

    /// <inheritdoc/>
    public override Tensor Call(Tensor weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        return (float)_factor * weight.abs().sum();
    }
}
