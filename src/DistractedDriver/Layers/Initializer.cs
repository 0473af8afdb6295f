using System.Text.Json.Nodes;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver;

/// <summary>How a weight's first values are made. Strings convert as Keras's identifiers do: "glorot_uniform", "zeros".</summary>
public abstract class Initializer
{
    /// <summary>The initializer of that Keras identifier, unseeded: it draws from the library's one source of randomness.</summary>
    /// <param name="identifier">"glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "zeros" or "ones".</param>
    /// <exception cref="ArgumentException">There is no such initializer here.</exception>
    public static implicit operator Initializer(string identifier) => identifier switch
    {
        "glorot_uniform" => new GlorotUniform(),
        "glorot_normal" => new GlorotNormal(),
        "he_uniform" => new HeUniform(),
        "he_normal" => new HeNormal(),
        "zeros" => new Constant(0),
        "ones" => new Constant(1),
        _ => throw new ArgumentException($"The initializers are \"glorot_uniform\", \"glorot_normal\", \"he_uniform\", \"he_normal\", \"zeros\" and \"ones\". Received: \"{identifier}\".", nameof(identifier)),
    };

    internal static Initializer FromConfig(string className, JsonObject config) => className switch
    {
        "GlorotUniform" => new GlorotUniform((int?)config["seed"]),
        "GlorotNormal" => new GlorotNormal((int?)config["seed"]),
        "HeUniform" => new HeUniform((int?)config["seed"]),
        "HeNormal" => new HeNormal((int?)config["seed"]),
        "Zeros" => new Constant(0),
        "Ones" => new Constant(1),
        "Constant" => new Constant((float)config["value"]!),
        _ => throw new ArgumentException($"The initializers are GlorotUniform, GlorotNormal, HeUniform, HeNormal, Zeros, Ones and Constant. Received: {className}.", nameof(className)),
    };

    /// <summary>As Keras 2.15 writes it into a layer's configuration.</summary>
    internal JsonObject GetConfig() => new() { ["module"] = "keras.initializers", ["class_name"] = ClassName, ["config"] = Arguments, ["registered_name"] = null };

    private protected virtual string ClassName => GetType().Name;

    private protected abstract JsonObject Arguments { get; }

    /// <summary>
    /// How a weight's first numbers are made, if it comes to that: a network whose weights are loaded draws none. What is drawn does
    /// not depend on when, since a draw from the library's one source of randomness is of a seed, and made at once.
    /// </summary>
    /// <returns>Gives the numbers, in Keras's order; the caller owns them.</returns>
    internal abstract Func<Tensor> Plan(Weight weight);
}

/// <summary>The same value everywhere.</summary>
/// <param name="value">That value.</param>
public sealed class Constant(float value) : Initializer
{
    private protected override string ClassName => value switch
    {
        0 => "Zeros",
        1 => "Ones",
        _ => "Constant",
    };

    private protected override JsonObject Arguments => value is 0 or 1 ? [] : new() { ["value"] = value };

    internal override Func<Tensor> Plan(Weight weight) => () => torch.full(weight.Count, value);
}

/// <summary>Drawn around 0 with a variance that follows from how many values go into and come out of a unit.</summary>
/// <param name="seed">Makes the draw repeatable by itself; null draws from the library's one source of randomness.</param>
/// <param name="normal">Whether the draw is normal, cut off at two standard deviations; uniform otherwise.</param>
public abstract class VarianceScaling(int? seed, bool normal) : Initializer
{
    // The standard deviation of the standard normal distribution cut off at ±2, so that what is drawn has the variance asked for.
    private const double CutOffDeviation = 0.87962566103423978;

    private protected override JsonObject Arguments => new() { ["seed"] = seed };

    /// <summary>The variance of the draw.</summary>
    /// <param name="fanIn">How many values go into a unit.</param>
    /// <param name="fanOut">How many units a value goes to.</param>
    protected abstract double Variance(long fanIn, long fanOut);

    internal override Func<Tensor> Plan(Weight weight)
    {
        // Keras's fans: the last two axes are input and output; the axes before them, a convolution's window, count for both.
        var shape = weight.Shape;
        var window = shape.Take(shape.Count - 2).Aggregate(1L, (product, size) => product * size!.Value);
        var (fanIn, fanOut) = shape.Count == 1 ? (shape.Channels, shape.Channels) : (window * shape[shape.Count - 2]!.Value, window * shape.Channels);
        var variance = Variance(fanIn, fanOut);
        var limit = Math.Sqrt(3 * variance);
        var own = seed ?? RandomSource.Seed();
        return () => normal
            ? RandomSource.TruncatedNormal(weight.Count, (float)(Math.Sqrt(variance) / CutOffDeviation), own)
            : RandomSource.Uniform(weight.Count, (float)-limit, (float)limit, own);
    }
}

/// <summary>Uniform in ±√(6 / (fan in + fan out)): X. Glorot, Y. Bengio, AISTATS 2010. Keras's default for kernels.</summary>
/// <param name="seed">Makes the draw repeatable by itself; null draws from the library's one source of randomness.</param>
public sealed class GlorotUniform(int? seed = null) : VarianceScaling(seed, normal: false)
{
    /// <inheritdoc/>
    protected override double Variance(long fanIn, long fanOut) => 2.0 / (fanIn + fanOut);
}

/// <summary>Normal with variance 2 / (fan in + fan out), cut off at two standard deviations: X. Glorot, Y. Bengio, AISTATS 2010.</summary>
/// <param name="seed">Makes the draw repeatable by itself; null draws from the library's one source of randomness.</param>
public sealed class GlorotNormal(int? seed = null) : VarianceScaling(seed, normal: true)
{
    /// <inheritdoc/>
    protected override double Variance(long fanIn, long fanOut) => 2.0 / (fanIn + fanOut);
}

/// <summary>Uniform in ±√(6 / fan in): K. He et al., arXiv:1502.01852.</summary>
/// <param name="seed">Makes the draw repeatable by itself; null draws from the library's one source of randomness.</param>
public sealed class HeUniform(int? seed = null) : VarianceScaling(seed, normal: false)
{
    /// <inheritdoc/>
    protected override double Variance(long fanIn, long fanOut) => 2.0 / fanIn;
}

/// <summary>Normal with variance 2 / fan in, cut off at two standard deviations: K. He et al., arXiv:1502.01852.</summary>
/// <param name="seed">Makes the draw repeatable by itself; null draws from the library's one source of randomness.</param>
public sealed class HeNormal(int? seed = null) : VarianceScaling(seed, normal: true)
{
    /// <inheritdoc/>
    protected override double Variance(long fanIn, long fanOut) => 2.0 / fanIn;
}
