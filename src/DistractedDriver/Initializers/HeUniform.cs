namespace DistractedDriver.Initializers;

/// <summary>Uniform in ±√(6 / fan in): K. He et al., arXiv:1502.01852.</summary>
/// <param name="seed">Makes the draw repeatable by itself; null draws from the library's one source of randomness.</param>
public sealed class HeUniform(int? seed = null) : VarianceScaling(2, "fan_in", "uniform", seed);
