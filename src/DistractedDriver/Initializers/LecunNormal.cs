namespace DistractedDriver.Initializers;

/// <summary>Normal with variance 1 / fan in, cut off at two standard deviations: Y. LeCun et al., Efficient BackProp, 1998.</summary>
/// <param name="seed">Makes the draw repeatable by itself; null draws from the library's one source of randomness.</param>
public sealed class LecunNormal(int? seed = null) : VarianceScaling(1, "fan_in", "truncated_normal", seed);
