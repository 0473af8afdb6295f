using System.Text.Json.Nodes;
using DistractedDriver.Core;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Initializers;

/// <summary>Even between two bounds: Keras's RandomUniform.</summary>
/// <param name="minval">The lower bound.</param>
/// <param name="maxval">The upper bound.</param>
/// <param name="seed">Makes the draw repeatable by itself; null draws from the library's one source of randomness.</param>
public sealed class RandomUniform(double minval = -0.05, double maxval = 0.05, int? seed = null) : Initializer
{
    /// <inheritdoc/>
    protected override JsonObject Arguments => new() { ["minval"] = minval, ["maxval"] = maxval, ["seed"] = seed };

    /// <inheritdoc/>
    public override Tensor Call(Shape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return Plan(shape)();
    }

    internal override Func<Tensor> Plan(Shape shape)
    {
        var own = seed ?? RandomSource.Seed();
        return () => RandomSource.Uniform(shape.Elements, (float)minval, (float)maxval, own);
    }
}
