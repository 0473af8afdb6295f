using TorchSharp;

namespace DistractedDriver;

/// <summary>How a weight's first values are made. Strings convert as Keras's identifiers do: "glorot_uniform", "zeros".</summary>
public abstract class Initializer
{
    /// <summary>The initializer of that Keras identifier, unseeded: it draws from the library's one source of randomness.</summary>
    /// <param name="identifier">"glorot_uniform", "he_uniform", "zeros" or "ones".</param>
    /// <exception cref="ArgumentException">There is no such initializer here.</exception>
    public static implicit operator Initializer(string identifier) => identifier switch
    {
        "glorot_uniform" => new GlorotUniform(),
        "he_uniform" => new HeUniform(),
        "zeros" => new Constant(0),
        "ones" => new Constant(1),
        _ => throw new ArgumentException($"The initializers are \"glorot_uniform\", \"he_uniform\", \"zeros\" and \"ones\". Received: \"{identifier}\".", nameof(identifier)),
    };

    internal abstract void Fill(Weight weight);
}

/// <summary>The same value everywhere.</summary>
/// <param name="value">That value.</param>
public sealed class Constant(float value) : Initializer
{
    internal override void Fill(Weight weight)
    {
        using var _ = torch.no_grad();
        weight.Stored.fill_(value);
    }
}

/// <summary>Uniform in ±<see cref="Limit"/>, which follows from how many values go into and come out of a unit.</summary>
/// <param name="seed">Makes the draw repeatable by itself; null draws from the library's one source of randomness.</param>
public abstract class UniformByFan(int? seed) : Initializer
{
    /// <summary>The bound of the draw.</summary>
    /// <param name="fanIn">How many values go into a unit.</param>
    /// <param name="fanOut">How many units a value goes to.</param>
    protected abstract double Limit(long fanIn, long fanOut);

    internal override void Fill(Weight weight)
    {
        // Keras's fans: the last two axes are input and output; the axes before them, a convolution's window, count for both.
        var shape = weight.Shape;
        var window = shape.Take(shape.Count - 2).Aggregate(1L, (product, size) => product * size!.Value);
        var (fanIn, fanOut) = shape.Count == 1 ? (shape.Channels, shape.Channels) : (window * shape[shape.Count - 2]!.Value, window * shape.Channels);
        var limit = Limit(fanIn, fanOut);
        weight.Assign(RandomSource.Uniform(weight.Count, (float)-limit, (float)limit, seed));
    }
}

/// <summary>Uniform in ±√(6 / (fan in + fan out)): X. Glorot, Y. Bengio, AISTATS 2010. Keras's default for kernels.</summary>
/// <param name="seed">Makes the draw repeatable by itself; null draws from the library's one source of randomness.</param>
public sealed class GlorotUniform(int? seed = null) : UniformByFan(seed)
{
    /// <inheritdoc/>
    protected override double Limit(long fanIn, long fanOut) => Math.Sqrt(6.0 / (fanIn + fanOut));
}

/// <summary>Uniform in ±√(6 / fan in): K. He et al., arXiv:1502.01852.</summary>
/// <param name="seed">Makes the draw repeatable by itself; null draws from the library's one source of randomness.</param>
public sealed class HeUniform(int? seed = null) : UniformByFan(seed)
{
    /// <inheritdoc/>
    protected override double Limit(long fanIn, long fanOut) => Math.Sqrt(6.0 / fanIn);
}
