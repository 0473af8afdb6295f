using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DistractedDriver;

/// <summary>
/// Products of matrices in registers of 512 bits, for <see cref="WinogradConvolution"/>: six rows of one matrix with 64
/// columns of the other at once, whose 24 sums stay in registers. The second matrix lies in panels of 64 columns.
/// </summary>
internal static unsafe class TileProducts
{
    /// <summary>How many rows are multiplied at once.</summary>
    public const int Rows = 6;

    /// <summary>How many columns make a panel.</summary>
    public const int Columns = 4 * 16;

    [ThreadStatic]
    private static float* _scratch;
    [ThreadStatic]
    private static long _size;

    /// <summary>Whether this machine has such registers and so many columns make whole panels.</summary>
    public static bool Takes(long columns) => Vector512.IsHardwareAccelerated && columns % Columns == 0;

    /// <summary>Memory of the calling thread's own, kept for as long as it lives.</summary>
    /// <param name="size">How many numbers; zeros where they were not used before.</param>
    public static float* Scratch(long size)
    {
        if (size <= _size) return _scratch;
        NativeMemory.AlignedFree(_scratch);
        _scratch = null;
        _size = 0;
        _scratch = (float*)NativeMemory.AlignedAlloc((nuint)size * sizeof(float), 64);
        NativeMemory.Clear(_scratch, (nuint)size * sizeof(float));
        _size = size;
        return _scratch;
    }

    /// <summary>Multiplies a matrix with panels.</summary>
    /// <param name="left">Its first number; rows up to a multiple of <see cref="Rows"/> can be read.</param>
    /// <param name="leftStep">From one row to the next.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="panels">The first panel: for each inner number <see cref="Columns"/> columns.</param>
    /// <param name="inner">How many numbers are multiplied and added for each result.</param>
    /// <param name="columns">How many columns, a multiple of <see cref="Columns"/>.</param>
    /// <param name="result">Receives the products; rows up to a multiple of <see cref="Rows"/> can be written.</param>
    /// <param name="resultStep">From one row to the next.</param>
    public static void Multiply(float* left, long leftStep, int rows, float* panels, int inner, int columns, float* result, long resultStep)
    {
        for (var column = 0; column < columns; column += Columns)
            for (var row = 0; row < rows; row += Rows)
                Multiply(left + row * leftStep, leftStep, panels + (long)column * inner, inner, result + row * resultStep + column, resultStep);
    }

    [SkipLocalsInit]
    private static void Multiply(float* left, long step, float* panel, int inner, float* result, long resultStep)
    {
        float* l0 = left, l1 = left + step, l2 = l1 + step, l3 = l2 + step, l4 = l3 + step, l5 = l4 + step;
        Vector512<float> a0 = default, b0 = default, c0 = default, d0 = default, a1 = default, b1 = default, c1 = default, d1 = default;
        Vector512<float> a2 = default, b2 = default, c2 = default, d2 = default, a3 = default, b3 = default, c3 = default, d3 = default;
        Vector512<float> a4 = default, b4 = default, c4 = default, d4 = default, a5 = default, b5 = default, c5 = default, d5 = default;
        for (nint i = 0; i < inner; i++, panel += Columns)
        {
            var (a, b, c, d) = (Vector512.Load(panel), Vector512.Load(panel + 16), Vector512.Load(panel + 32), Vector512.Load(panel + 48));
            Add(l0[i], a, b, c, d, ref a0, ref b0, ref c0, ref d0);
            Add(l1[i], a, b, c, d, ref a1, ref b1, ref c1, ref d1);
            Add(l2[i], a, b, c, d, ref a2, ref b2, ref c2, ref d2);
            Add(l3[i], a, b, c, d, ref a3, ref b3, ref c3, ref d3);
            Add(l4[i], a, b, c, d, ref a4, ref b4, ref c4, ref d4);
            Add(l5[i], a, b, c, d, ref a5, ref b5, ref c5, ref d5);
        }
        Store(a0, b0, c0, d0, result);
        Store(a1, b1, c1, d1, result + resultStep);
        Store(a2, b2, c2, d2, result + 2 * resultStep);
        Store(a3, b3, c3, d3, result + 3 * resultStep);
        Store(a4, b4, c4, d4, result + 4 * resultStep);
        Store(a5, b5, c5, d5, result + 5 * resultStep);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(
        float factor, Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d,
        ref Vector512<float> sumA, ref Vector512<float> sumB, ref Vector512<float> sumC, ref Vector512<float> sumD)
    {
        var all = Vector512.Create(factor);
        sumA = Vector512.FusedMultiplyAdd(all, a, sumA);
        sumB = Vector512.FusedMultiplyAdd(all, b, sumB);
        sumC = Vector512.FusedMultiplyAdd(all, c, sumC);
        sumD = Vector512.FusedMultiplyAdd(all, d, sumD);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, float* to)
    {
        a.Store(to);
        b.Store(to + 16);
        c.Store(to + 32);
        d.Store(to + 48);
    }
}
