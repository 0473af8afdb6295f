using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DistractedDriver.Compute.Convolution;

/// <summary>
/// Products of matrices in registers, for <see cref="WinogradConvolution"/>: six rows of one matrix with a panel of columns of
/// the other at once, whose sums stay in registers. The second matrix lies in such panels: of 64 columns, four vectors of 512
/// bits and 24 sums, where the processor has them, else of two of its vectors and twelve sums.
/// </summary>
internal static unsafe class TileProducts
{
    private const int Rows = 6, Wide = 4 * 16;

    /// <summary>How many columns make a panel of a matrix.</summary>
    /// <param name="columns">How many the matrix has; it can be multiplied if these are whole panels.</param>
    public static int Columns(int columns) => Vector512.IsHardwareAccelerated && columns % Wide == 0 ? Wide : 2 * Vector<float>.Count;

    /// <summary>So many rows and perhaps some more, of which none is left over when they are multiplied.</summary>
    public static int WholeRows(int count) => (count + Rows - 1) / Rows * Rows;

    /// <summary>Multiplies a matrix with panels.</summary>
    /// <param name="left">Its first number; as many rows as <see cref="WholeRows"/> says can be read.</param>
    /// <param name="leftStep">From one row to the next.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="panels">The first panel: for each inner number as many columns as <see cref="Columns"/> says.</param>
    /// <param name="inner">How many numbers are multiplied and added for each result.</param>
    /// <param name="columns">How many columns, whole panels.</param>
    /// <param name="result">Receives the products; as many rows can be written.</param>
    /// <param name="resultStep">From one row to the next.</param>
    public static void Multiply(float* left, long leftStep, int rows, float* panels, int inner, int columns, float* result, long resultStep)
    {
        var width = Columns(columns);
        for (var column = 0; column < columns; column += width)
        {
            for (var row = 0; row < rows; row += Rows)
            {
                float* from = left + row * leftStep, panel = panels + (long)column * inner, to = result + row * resultStep + column;
                if (width == Wide) MultiplyWide(from, leftStep, panel, inner, to, resultStep);
                else MultiplyNarrow(from, leftStep, panel, inner, to, resultStep);
            }
        }
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyWide(float* left, long step, float* panel, int inner, float* result, long resultStep)
    {
        float* l0 = left, l1 = left + step, l2 = l1 + step, l3 = l2 + step, l4 = l3 + step, l5 = l4 + step;
        Vector512<float> a0 = default, b0 = default, c0 = default, d0 = default, a1 = default, b1 = default, c1 = default, d1 = default;
        Vector512<float> a2 = default, b2 = default, c2 = default, d2 = default, a3 = default, b3 = default, c3 = default, d3 = default;
        Vector512<float> a4 = default, b4 = default, c4 = default, d4 = default, a5 = default, b5 = default, c5 = default, d5 = default;
        for (nint i = 0; i < inner; i++, panel += Wide)
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

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyNarrow(float* left, long step, float* panel, int inner, float* result, long resultStep)
    {
        float* l0 = left, l1 = left + step, l2 = l1 + step, l3 = l2 + step, l4 = l3 + step, l5 = l4 + step;
        Vector<float> a0 = default, b0 = default, a1 = default, b1 = default, a2 = default, b2 = default;
        Vector<float> a3 = default, b3 = default, a4 = default, b4 = default, a5 = default, b5 = default;
        for (nint i = 0; i < inner; i++, panel += 2 * Vector<float>.Count)
        {
            var (a, b) = (Vector.Load(panel), Vector.Load(panel + Vector<float>.Count));
            Add(l0[i], a, b, ref a0, ref b0);
            Add(l1[i], a, b, ref a1, ref b1);
            Add(l2[i], a, b, ref a2, ref b2);
            Add(l3[i], a, b, ref a3, ref b3);
            Add(l4[i], a, b, ref a4, ref b4);
            Add(l5[i], a, b, ref a5, ref b5);
        }
        Store(a0, b0, result);
        Store(a1, b1, result + resultStep);
        Store(a2, b2, result + 2 * resultStep);
        Store(a3, b3, result + 3 * resultStep);
        Store(a4, b4, result + 4 * resultStep);
        Store(a5, b5, result + 5 * resultStep);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(float factor, Vector<float> a, Vector<float> b, ref Vector<float> sumA, ref Vector<float> sumB)
    {
        var all = Vector.Create(factor);
        sumA = Vector.FusedMultiplyAdd(all, a, sumA);
        sumB = Vector.FusedMultiplyAdd(all, b, sumB);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector<float> a, Vector<float> b, float* to)
    {
        a.Store(to);
        b.Store(to + Vector<float>.Count);
    }
}
