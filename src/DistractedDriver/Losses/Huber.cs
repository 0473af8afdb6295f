using System.Text.Json.Nodes;
using DistractedDriver.Core;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Losses;

/// <summary>
/// Half the squared error where it is small, and where it is above δ as much as the error grows, so that outliers count less:
/// e²/2 for |e| ≤ δ, else δ·|e| − δ²/2 (P. Huber, Annals of Mathematical Statistics 35, 1964); the mean over a sample's outputs.
/// </summary>
/// <param name="delta">δ, above 0.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="delta"/> is not above 0.</exception>
public sealed class Huber(double delta = 1) : Loss
{
    private readonly float _delta = delta > 0
        ? (float)delta
        : throw new ArgumentOutOfRangeException(nameof(delta), $"delta is above 0. Received: {delta}.");

    /// <inheritdoc/>
    public override string Name => "huber_loss";

    /// <inheritdoc/>
    protected override JsonObject Arguments => new() { ["delta"] = delta };

    /// <inheritdoc/>
    protected internal override Tensor Call(Tensor truth, Tensor prediction, CallContext context)
    {
        var error = prediction - truth;
        var size = error.abs();
        return torch.where(size.le(_delta), 0.5f * error.square(), _delta * size - 0.5f * _delta * _delta).mean([-1]);
    }
}
