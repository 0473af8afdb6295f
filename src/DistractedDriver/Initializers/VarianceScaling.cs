using System.Text.Json.Nodes;
using DistractedDriver.Core;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Initializers;

/// <summary>Drawn around 0 with a variance that follows from how many values go into and come out of a unit.</summary>
/// <param name="seed">Makes the draw repeatable by itself; null draws from the library's one source of randomness.</param>
/// <param name="normal">Whether the draw is normal, cut off at two standard deviations; uniform otherwise.</param>
public abstract class VarianceScaling(int? seed, bool normal) : Initializer
{
    // The standard deviation of the standard normal distribution cut off at ±2, so that what is drawn has the variance asked for.
    private const double CutOffDeviation = 0.87962566103423978;

    /// <inheritdoc/>
    protected override JsonObject Arguments => new() { ["seed"] = seed };

    /// <summary>The variance of the draw.</summary>
    /// <param name="fanIn">How many values go into a unit.</param>
    /// <param name="fanOut">How many units a value goes to.</param>
    protected abstract double Variance(long fanIn, long fanOut);

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
        var variance = Variance(fanIn, fanOut);
        var limit = Math.Sqrt(3 * variance);
        var own = seed ?? RandomSource.Seed();
        return () => normal
            ? RandomSource.TruncatedNormal(shape.Elements, (float)(Math.Sqrt(variance) / CutOffDeviation), own)
            : RandomSource.Uniform(shape.Elements, (float)-limit, (float)limit, own);
    }
}
