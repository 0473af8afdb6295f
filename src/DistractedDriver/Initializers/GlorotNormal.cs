namespace DistractedDriver.Initializers;

/// <summary>Normal with variance 2 / (fan in + fan out), cut off at two standard deviations: X. Glorot, Y. Bengio, AISTATS 2010.</summary>
/// <param name="seed">Makes the draw repeatable by itself; null draws from the library's one source of randomness.</param>
public sealed class GlorotNormal(int? seed = null) : VarianceScaling(1, "fan_avg", "truncated_normal", seed);
