using System.Text.Json.Nodes;
using DistractedDriver.Core;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Layers;

/// <summary>
/// While training, sets a share of its inputs to zero at random and scales the others by 1 / (1 − rate), so that their
/// expected sum stays (N. Srivastava et al., JMLR 15, 2014). Passes everything on at inference.
/// </summary>
public sealed class Dropout : Layer
{
    private readonly double _rate;

    /// <param name="rate">The share set to zero, from 0 up to, not including, 1.</param>
    /// <param name="name">Its name in the model.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rate"/> is outside that range.</exception>
    public Dropout(double rate, string? name = null) : base(name)
    {
        if (rate is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(rate),
                $"Dropout's rate is the share to drop, from 0 up to but not including 1. Received: {rate}.");
        _rate = rate;
    }

    /// <inheritdoc/>
    protected internal override JsonObject Arguments => new() { ["rate"] = _rate, ["noise_shape"] = null, ["seed"] = null };

    internal static Dropout FromConfig(LayerConfig config) => new(config.Number("rate"), config.Name);

    /// <inheritdoc/>
    protected internal override Shape ComputeOutputShape(IReadOnlyList<Shape> inputs) => inputs[0];

    /// <inheritdoc/>
    protected internal override bool IsDeterministic => _rate == 0;

    /// <inheritdoc/>
    protected internal override Tensor Call(IReadOnlyList<Tensor> inputs, CallContext context)
    {
        if (!context.Training || _rate == 0) return inputs[0].alias();
        using var keep = RandomSource.Bernoulli(inputs[0], 1 - _rate);
        return inputs[0].mul(keep).mul_((float)(1 / (1 - _rate)));
    }
}
