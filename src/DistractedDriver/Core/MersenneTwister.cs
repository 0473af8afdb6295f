namespace DistractedDriver.Core;

/// <summary>
/// The Mersenne Twister MT19937 (M. Matsumoto, T. Nishimura, ACM TOMACS 8, 1998), on which NumPy's and Python's draws rest.
/// </summary>
internal sealed class MersenneTwister
{
    private const int Length = 624, Offset = 397;
    private readonly uint[] _state = new uint[Length];
    private int _next = Length;

    /// <summary>Starts from a number, as the authors' <c>init_genrand</c>.</summary>
    public void Seed(uint seed)
    {
        _state[0] = seed;
        for (var i = 1u; i < Length; i++) _state[i] = 1812433253u * (_state[i - 1] ^ (_state[i - 1] >> 30)) + i;
        _next = Length;
    }

    /// <summary>Starts from a key of one number, as the authors' <c>init_by_array</c>.</summary>
    public void SeedByKey(uint key)
    {
        Seed(19650218u);
        var i = 1;
        for (var k = 0; k < Length; k++) i = Mix(i, 1664525u, key);
        for (var k = 0; k < Length - 1; k++) i = Mix(i, 1566083941u, unchecked((uint)-i));
        _state[0] = 0x80000000u;
    }

    /// <summary>The next 32 bits.</summary>
    public uint Next()
    {
        if (_next == Length) Twist();
        var y = _state[_next++];
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c5680u;
        y ^= (y << 15) & 0xefc60000u;
        return y ^ (y >> 18);
    }

    /// <summary>The numbers 0…count−1 in random order: Fisher–Yates from the end.</summary>
    /// <param name="count">How many.</param>
    /// <param name="upTo">Draws a number from 0 up to and including the one given.</param>
    public static int[] Permutation(int count, Func<int, int> upTo)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        for (var i = count - 1; i > 0; i--)
        {
            var j = upTo(i);
            (order[i], order[j]) = (order[j], order[i]);
        }
        return order;
    }

    private int Mix(int i, uint factor, uint added)
    {
        _state[i] = (_state[i] ^ ((_state[i - 1] ^ (_state[i - 1] >> 30)) * factor)) + added;
        if (++i < Length) return i;
        _state[0] = _state[Length - 1];
        return 1;
    }

    private void Twist()
    {
        for (var i = 0; i < Length; i++)
        {
            var y = (_state[i] & 0x80000000u) | (_state[(i + 1) % Length] & 0x7fffffffu);
            _state[i] = _state[(i + Offset) % Length] ^ (y >> 1) ^ ((y & 1) == 0 ? 0 : 0x9908b0dfu);
        }
        _next = 0;
    }
}
