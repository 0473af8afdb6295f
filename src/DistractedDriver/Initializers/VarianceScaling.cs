using System.Text.Json.Nodes;
using DistractedDriver.Core;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Initializers;

/// <summary>Drawn around 0 with the variance scale / n, n being how many values go into a unit, come out of it, or their mean.</summary>
public class VarianceScaling : Initializer
{
    // The standard deviation of the standard normal distribution cut off at ±2, so that what is drawn has the variance asked for.
    private const double CutOffDeviation = 0.87962566103423978;

    private readonly double _scale;
    private readonly string _mode;
    private readonly string _distribution;
    private readonly int? _seed;

    /// <param name="scale">Above 0.</param>
    /// <param name="mode">"fan_in", "fan_out" or "fan_avg".</param>
    /// <param name="distribution">
    /// "uniform", "truncated_normal" (also "normal"), which is cut off at two standard deviations, or "untruncated_normal".
    /// </param>
    /// <param name="seed">Makes the draw repeatable by itself; null draws from the library's one source of randomness.</param>
    /// <exception cref="ArgumentException">An argument is none of these.</exception>
    public VarianceScaling(double scale = 1, string mode = "fan_in", string distribution = "truncated_normal", int? seed = null)
    {
        if (!(scale > 0)) throw new ArgumentOutOfRangeException(nameof(scale), $"scale is above 0. Received: {scale}.");
        if (mode is not ("fan_in" or "fan_out" or "fan_avg"))
            throw new ArgumentException($"The mode is \"fan_in\", \"fan_out\" or \"fan_avg\". Received: \"{mode}\".", nameof(mode));
        _distribution = distribution is "normal" ? "truncated_normal" : distribution;
        if (_distribution is not ("uniform" or "truncated_normal" or "untruncated_normal"))
            throw new ArgumentException(
                $"The distribution is \"uniform\", \"truncated_normal\" or \"untruncated_normal\". Received: \"{distribution}\".",
                    nameof(distribution));
        (_scale, _mode, _seed) = (scale, mode, seed);
    }

    /// <inheritdoc/>
    protected override JsonObject Arguments => GetType() == typeof(VarianceScaling)
        ? new() { ["scale"] = _scale, ["mode"] = _mode, ["distribution"] = _distribution, ["seed"] = _seed }
        : new() { ["seed"] = _seed };

    /// <inheritdoc/>
    public override Tensor Call(Shape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return Plan(shape)();
    }

    internal override Func<Tensor> Plan(Shape shape)
    {
        // Keras's fans: the last two axes are input and output; the axes before them, a convolution's window, count for both.
        var window = shape.Take(shape.Count - 2).Aggregate(1L, (product, size) => product * size!.Value);
        var (fanIn, fanOut) = shape.Count == 1
            ? (shape.Channels, shape.Channels)
            : (window * shape[shape.Count - 2]!.Value, window * shape.Channels);
        var variance = _scale / _mode switch
        {
            "fan_in" => fanIn,
            "fan_out" => fanOut,
            _ => (fanIn + fanOut) / 2.0,
        };
        var (limit, deviation) = (Math.Sqrt(3 * variance), Math.Sqrt(variance));
        var own = _seed ?? RandomSource.Seed();
        return () => _distribution switch
        {
            "uniform" => RandomSource.Uniform(shape.Elements, (float)-limit, (float)limit, own),
            "truncated_normal" => RandomSource.TruncatedNormal(shape.Elements, (float)(deviation / CutOffDeviation), own),
            _ => RandomSource.Normal(shape.Elements, (float)deviation, own),
        };
    }
}
