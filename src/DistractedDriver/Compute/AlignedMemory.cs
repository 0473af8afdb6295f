using System.Runtime.InteropServices;

namespace DistractedDriver.Compute;

/// <summary>
/// Numbers for our own loops that stay where they are, from the start of a cache line on. They lie outside the C library's
/// heaps, where blocks that are kept for long would leave gaps too small for a network's activations.
/// </summary>
internal sealed unsafe class AlignedMemory
{
    private const int Line = 64;

    [ThreadStatic]
    private static AlignedMemory? _ofThread;

    // Held for its lifetime's sake: the numbers go when this object does.
    private readonly float[] _numbers;

    /// <param name="count">How many numbers; all zero.</param>
    public AlignedMemory(long count)
    {
        Count = count;
        _numbers = GC.AllocateArray<float>(checked((int)(count + Line / sizeof(float))), pinned: true);
        Address = (float*)(((nuint)(void*)Marshal.UnsafeAddrOfPinnedArrayElement(_numbers, 0) + Line - 1) / Line * Line);
    }

    /// <summary>Memory of the calling thread's own, for as long as it asks for no more; what it held before may still be there.</summary>
    /// <param name="count">How many numbers at least.</param>
    public static AlignedMemory OfThread(long count) => _ofThread is { } memory && memory.Count >= count ? memory : _ofThread = new(count);

    /// <summary>How many numbers there are.</summary>
    public long Count { get; }

    /// <summary>Where the first one is; good as long as this object is referred to.</summary>
    public float* Address { get; }
}
