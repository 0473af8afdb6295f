using System.Text.Json.Nodes;
using DistractedDriver.Core;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Layers;

/// <summary>
/// The rectifier: x where it is above the threshold, but at most the maximum; below, slope·(x − threshold), by default 0.
/// </summary>
public sealed class ReLU : Layer
{
    private readonly double? _maxValue;
    private readonly double _negativeSlope;
    private readonly double _threshold;

    /// <param name="maxValue">The largest output, from 0; null for none. ReLU6 has 6.</param>
    /// <param name="negativeSlope">The slope below the threshold, from 0.</param>
    /// <param name="threshold">What an input has to be above, from 0.</param>
    /// <param name="name">Its name in the model.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is negative.</exception>
    public ReLU(double? maxValue = null, double negativeSlope = 0, double threshold = 0, string? name = null) : base(name)
    {
        if (maxValue is { } largest) ArgumentOutOfRangeException.ThrowIfNegative(largest, nameof(maxValue));
        ArgumentOutOfRangeException.ThrowIfNegative(negativeSlope);
        ArgumentOutOfRangeException.ThrowIfNegative(threshold);
        (_maxValue, _negativeSlope, _threshold) = (maxValue, negativeSlope, threshold);
    }

    /// <inheritdoc/>
    protected internal override JsonObject Arguments =>
        new() { ["max_value"] = _maxValue, ["negative_slope"] = _negativeSlope, ["threshold"] = _threshold };

    internal static ReLU FromConfig(LayerConfig config) =>
        new(config.OptionalNumber("max_value"), config.Number("negative_slope", 0), config.Number("threshold", 0), config.Name);

    /// <inheritdoc/>
    protected internal override Shape ComputeOutputShape(IReadOnlyList<Shape> inputs) => inputs[0];

    /// <inheritdoc/>
    protected internal override Tensor Call(IReadOnlyList<Tensor> inputs, CallContext context)
    {
        var x = inputs[0];
        // Nothing is changed in place: the gradient is computed from what each step gave.
        var above = _threshold == 0 ? x.relu() : x * x.gt(_threshold);
        if (_maxValue is { } largest) above = above.clamp_max(largest);
        return _negativeSlope == 0 ? above : above - (_threshold - x).relu() * (float)_negativeSlope;
    }
}
