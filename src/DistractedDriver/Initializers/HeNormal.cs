namespace DistractedDriver.Initializers;

/// <summary>Normal with variance 2 / fan in, cut off at two standard deviations: K. He et al., arXiv:1502.01852.</summary>
/// <param name="seed">Makes the draw repeatable by itself; null draws from the library's one source of randomness.</param>
public sealed class HeNormal(int? seed = null) : VarianceScaling(2, "fan_in", "truncated_normal", seed);
