using System.Text.Json.Nodes;
using DistractedDriver.Core;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Initializers;

/// <summary>Normal: Keras's RandomNormal.</summary>
/// <param name="mean">The mean.</param>
/// <param name="stddev">The standard deviation.</param>
/// <param name="seed">Makes the draw repeatable by itself; null draws from the library's one source of randomness.</param>
public sealed class RandomNormal(double mean = 0, double stddev = 0.05, int? seed = null) : Initializer
{
    /// <inheritdoc/>
    protected override JsonObject Arguments => new() { ["mean"] = mean, ["stddev"] = stddev, ["seed"] = seed };

    /// <inheritdoc/>
    public override Tensor Call(Shape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return Plan(shape)();
    }

    internal override Func<Tensor> Plan(Shape shape)
    {
        var own = seed ?? RandomSource.Seed();
        return () => RandomSource.Normal(shape.Elements, (float)stddev, own).add_((float)mean);
    }
}
