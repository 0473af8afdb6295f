namespace DistractedDriver.Initializers;

/// <summary>Uniform in ±√(3 / fan in): Y. LeCun et al., Efficient BackProp, 1998.</summary>
/// <param name="seed">Makes the draw repeatable by itself; null draws from the library's one source of randomness.</param>
public sealed class LecunUniform(int? seed = null) : VarianceScaling(1, "fan_in", "uniform", seed);
