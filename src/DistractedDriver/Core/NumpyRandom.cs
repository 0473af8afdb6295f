namespace DistractedDriver.Core;

/// <summary>
/// NumPy's legacy generator, <c>numpy.random.RandomState</c>: the Mersenne Twister with NumPy's way of drawing from it, so that
/// a seed gives Keras's own shuffles.
/// </summary>
internal sealed class NumpyRandom
{
    private readonly Lock _gate = new();
    private readonly MersenneTwister _twister = new();

    public NumpyRandom(uint seed) => Seed(seed);

    /// <summary>What draws without a seed of their own take from, as NumPy's module-level functions do.</summary>
    public static NumpyRandom Global { get; } = new((uint)Random.Shared.NextInt64());

    public void Seed(uint seed)
    {
        lock (_gate) _twister.Seed(seed);
    }

    /// <summary>
    /// A number from <paramref name="low"/> up to but not including <paramref name="high"/>, with 53 random bits (NumPy's
    /// <c>uniform</c>).
    /// </summary>
    public double NextUniform(double low, double high) => low + (high - low) * NextDouble();

    /// <summary>The same with the range's width in single precision, on which the sample dataset's bytes hang.</summary>
    public float Uniform(float low, float high) => (float)(low + (high - low) * NextDouble());

    /// <summary>A whole number from 0 up to but not including <paramref name="count"/> (NumPy's <c>randint</c>).</summary>
    public int Below(int count)
    {
        lock (_gate) return count == 1 ? 0 : (int)Interval((uint)count - 1);
    }

    /// <summary>Whether something of that likelihood happens.</summary>
    public bool Chance(float probability) => NextDouble() < probability;

    /// <summary>One of several things, each as likely.</summary>
    public T Pick<T>(IReadOnlyList<T> things) => things[(int)(NextDouble() * things.Count)];

    /// <summary>The numbers 0…count−1 in random order (Fisher–Yates from the end, as NumPy shuffles).</summary>
    public int[] Permutation(int count)
    {
        lock (_gate) return MersenneTwister.Permutation(count, i => (int)Interval((uint)i));
    }

    private double NextDouble()
    {
        lock (_gate)
        {
            var high = _twister.Next() >> 5;
            var low = _twister.Next() >> 6;
            return (high * 67108864.0 + low) / 9007199254740992.0;
        }
    }

    // A whole number in 0…max, without bias: bits are masked and drawn again until they fit.
    private uint Interval(uint max)
    {
        var mask = uint.MaxValue >> System.Numerics.BitOperations.LeadingZeroCount(max);
        uint value;
        do value = _twister.Next() & mask;
        while (value > max);
        return value;
    }
}
