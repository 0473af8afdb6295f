using System.Text.Json.Nodes;
using DistractedDriver.Core;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Layers;

/// <summary>
/// While training, whole channels of an image are set to 0 at random, the others made larger in return (J. Tompson et al.,
/// arXiv:1411.4280).
/// </summary>
public sealed class SpatialDropout2D : Layer
{
    private readonly double _rate;

    /// <param name="rate">The share to drop, from 0 up to but not including 1.</param>
    /// <param name="name">Its name in the model.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rate"/> is outside its range.</exception>
    public SpatialDropout2D(double rate, string? name = null) : base(name)
    {
        if (rate is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(
                nameof(rate), $"SpatialDropout2D's rate is the share to drop, from 0 up to but not including 1. Received: {rate}.");
        _rate = rate;
    }

    /// <inheritdoc/>
    protected internal override JsonObject Arguments => new() { ["rate"] = _rate };

    internal static SpatialDropout2D FromConfig(LayerConfig config) => new(config.Number("rate"), config.Name);

    /// <inheritdoc/>
    protected internal override Shape ComputeOutputShape(IReadOnlyList<Shape> inputs) => Images(inputs);

    /// <inheritdoc/>
    protected internal override bool IsDeterministic => _rate == 0;

    /// <inheritdoc/>
    protected internal override Tensor Call(IReadOnlyList<Tensor> inputs, CallContext context)
    {
        if (!context.Training || _rate == 0) return inputs[0].alias();
        using var channels = inputs[0].narrow(1, 0, 1).narrow(2, 0, 1);
        using var keep = RandomSource.Bernoulli(channels, 1 - _rate);
        return inputs[0].mul(keep).mul_((float)(1 / (1 - _rate)));
    }
}
