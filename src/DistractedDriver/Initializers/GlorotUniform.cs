namespace DistractedDriver.Initializers;

/// <summary>Uniform in ±√(6 / (fan in + fan out)): X. Glorot, Y. Bengio, AISTATS 2010. Keras's default for kernels.</summary>
/// <param name="seed">Makes the draw repeatable by itself; null draws from the library's one source of randomness.</param>
public sealed class GlorotUniform(int? seed = null) : VarianceScaling(1, "fan_avg", "uniform", seed);
