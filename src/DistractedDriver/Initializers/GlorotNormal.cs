namespace DistractedDriver.Initializers;

/// <summary>Normal with variance 2 / (fan in + fan out), cut off at two standard deviations: X. Glorot, Y. Bengio, AISTATS 2010.</summary>
/// <param name="seed">Makes the draw repeatable by itself; null draws from the library's one source of randomness.</param>
public sealed class GlorotNormal(int? seed = null) : VarianceScaling(seed, normal: true)
{
    /// <inheritdoc/>
    protected override double Variance(long fanIn, long fanOut) => 2.0 / (fanIn + fanOut);
}
