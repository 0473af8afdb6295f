using System.Numerics;

namespace DistractedDriver.Core;

/// <summary>Python's module <c>random</c>, from which Keras's fit draws the order of a generator's batches.</summary>
internal sealed class PythonRandom
{
    private readonly Lock _gate = new();
    private readonly MersenneTwister _twister = new();

    public PythonRandom(uint seed) => Seed(seed);

    /// <summary>What the module's functions draw from.</summary>
    public static PythonRandom Global { get; } = new((uint)Random.Shared.NextInt64());

    public void Seed(uint seed)
    {
        lock (_gate) _twister.SeedByKey(seed);
    }

    /// <summary>The numbers 0…count−1 in random order, as <c>random.shuffle</c> leaves them.</summary>
    public int[] Permutation(int count)
    {
        lock (_gate) return MersenneTwister.Permutation(count, i => Below(i + 1));
    }

    // As many bits as the bound has, drawn again until they are below it.
    private int Below(int bound)
    {
        var unused = BitOperations.LeadingZeroCount((uint)bound);
        uint value;
        do value = _twister.Next() >> unused;
        while (value >= bound);
        return (int)value;
    }
}
