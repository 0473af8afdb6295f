using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DistractedDriver.Imaging.Jpeg;

/// <summary>
/// The inverse discrete cosine transform of 8 × 8 blocks after C. Loeffler, A. Ligtenberg and G. Moschytz ("Practical fast 1-D DCT
/// algorithms with 11 multiplications", ICASSP 1989), in the fixed point of libjpeg's accurate transform: factors of 13 bits, 2
/// bits kept between the two passes. Rounding the same way, it gives the same bytes.
/// </summary>
internal static class InverseDct
{
    /// <summary>A block's rows and columns.</summary>
    public const int Side = 8;

    /// <summary>A block's coefficients.</summary>
    public const int Size = Side * Side;

    private const int FactorBits = 13, KeptBits = 2;

    /// <summary>From coefficients to samples.</summary>
    /// <param name="block">64 coefficients, multiplied, row by row.</param>
    /// <param name="isFlat">Whether all but the first are zero.</param>
    /// <param name="samples">Where the block's first sample goes.</param>
    /// <param name="stride">How far it is from one row to the next.</param>
    public static void Transform(ReadOnlySpan<int> block, bool isFlat, ref byte samples, int stride)
    {
        if (isFlat)
        {
            var value = Vector64.Create((byte)Math.Clamp((((block[0] << KeptBits) + 16) >> 5) + 128, 0, 255));
            for (var y = 0; y < Side; y++) value.StoreUnsafe(ref samples, (nuint)(y * stride));
            return;
        }
        ref var from = ref MemoryMarshal.GetReference(block);
        var rows = new Rows(
            Vector256.LoadUnsafe(ref from), Vector256.LoadUnsafe(ref from, 8), Vector256.LoadUnsafe(ref from, 16),
                Vector256.LoadUnsafe(ref from, 24),
            Vector256.LoadUnsafe(ref from, 32), Vector256.LoadUnsafe(ref from, 40), Vector256.LoadUnsafe(ref from, 48),
                Vector256.LoadUnsafe(ref from, 56));
        Pass(ref rows, FactorBits - KeptBits);
        Transpose(ref rows);
        Pass(ref rows, FactorBits + KeptBits + 3);
        Transpose(ref rows);
        Store(rows.R0, ref samples);
        Store(rows.R1, ref Unsafe.Add(ref samples, stride));
        Store(rows.R2, ref Unsafe.Add(ref samples, 2 * stride));
        Store(rows.R3, ref Unsafe.Add(ref samples, 3 * stride));
        Store(rows.R4, ref Unsafe.Add(ref samples, 4 * stride));
        Store(rows.R5, ref Unsafe.Add(ref samples, 5 * stride));
        Store(rows.R6, ref Unsafe.Add(ref samples, 6 * stride));
        Store(rows.R7, ref Unsafe.Add(ref samples, 7 * stride));
    }

    // One dimension for eight lines at once: each lane is a line.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pass(ref Rows r, int shift)
    {
        var rounding = Vector256.Create(1 << (shift - 1));
        // Even numbers.
        var z = (r.R2 + r.R6) * 4433;
        var (even2, even3) = (z - r.R6 * 15137, z + r.R2 * 6270);
        var (sum, difference) = (((r.R0 + r.R4) << FactorBits) + rounding, ((r.R0 - r.R4) << FactorBits) + rounding);
        var (a0, a3, a1, a2) = (sum + even3, sum - even3, difference + even2, difference - even2);
        // Odd numbers.
        var (z1, z2, z3, z4) = (r.R7 + r.R1, r.R5 + r.R3, r.R7 + r.R3, r.R5 + r.R1);
        var z5 = (z3 + z4) * 9633;
        (z1, z2, z3, z4) = (z1 * 7373, z2 * 20995, z5 - z3 * 16069, z5 - z4 * 3196);
        var b0 = r.R7 * 2446 - z1 + z3;
        var b1 = r.R5 * 16819 - z2 + z4;
        var b2 = r.R3 * 25172 - z2 + z3;
        var b3 = r.R1 * 12299 - z1 + z4;
        r = new Rows(
            (a0 + b3) >> shift, (a1 + b2) >> shift, (a2 + b1) >> shift, (a3 + b0) >> shift,
            (a3 - b0) >> shift, (a2 - b1) >> shift, (a1 - b2) >> shift, (a0 - b3) >> shift);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(ref Rows r)
    {
        if (!Avx2.IsSupported)
        {
            TransposeOneByOne(ref r);
            return;
        }
        var (a0, a1, a2, a3) = (Avx2.UnpackLow(r.R0, r.R1), Avx2.UnpackHigh(r.R0, r.R1), Avx2.UnpackLow(r.R2, r.R3),
            Avx2.UnpackHigh(r.R2, r.R3));
        var (a4, a5, a6, a7) = (Avx2.UnpackLow(r.R4, r.R5), Avx2.UnpackHigh(r.R4, r.R5), Avx2.UnpackLow(r.R6, r.R7),
            Avx2.UnpackHigh(r.R6, r.R7));
        var (b0, b1, b2, b3) = (Low(a0, a2), High(a0, a2), Low(a1, a3), High(a1, a3));
        var (b4, b5, b6, b7) = (Low(a4, a6), High(a4, a6), Low(a5, a7), High(a5, a7));
        r = new Rows(
            Avx2.Permute2x128(b0, b4, 0x20), Avx2.Permute2x128(b1, b5, 0x20), Avx2.Permute2x128(b2, b6, 0x20),
                Avx2.Permute2x128(b3, b7, 0x20),
            Avx2.Permute2x128(b0, b4, 0x31), Avx2.Permute2x128(b1, b5, 0x31), Avx2.Permute2x128(b2, b6, 0x31),
                Avx2.Permute2x128(b3, b7, 0x31));

        static Vector256<int> Low(Vector256<int> x, Vector256<int> y) => Avx2.UnpackLow(x.AsInt64(), y.AsInt64()).AsInt32();
        static Vector256<int> High(Vector256<int> x, Vector256<int> y) => Avx2.UnpackHigh(x.AsInt64(), y.AsInt64()).AsInt32();
    }

    private static void TransposeOneByOne(ref Rows r)
    {
        Span<int> all = stackalloc int[Size];
        ref var to = ref MemoryMarshal.GetReference(all);
        r.R0.StoreUnsafe(ref to);
        r.R1.StoreUnsafe(ref to, 8);
        r.R2.StoreUnsafe(ref to, 16);
        r.R3.StoreUnsafe(ref to, 24);
        r.R4.StoreUnsafe(ref to, 32);
        r.R5.StoreUnsafe(ref to, 40);
        r.R6.StoreUnsafe(ref to, 48);
        r.R7.StoreUnsafe(ref to, 56);
        r = new Rows(Column(all, 0), Column(all, 1), Column(all, 2), Column(all, 3), Column(all, 4), Column(all, 5), Column(all, 6),
            Column(all, 7));

        static Vector256<int> Column(Span<int> all, int x) =>
            Vector256.Create(all[x], all[8 + x], all[16 + x], all[24 + x], all[32 + x], all[40 + x], all[48 + x], all[56 + x]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<int> row, ref byte samples)
    {
        var shifted = Vector256.Clamp(row + Vector256.Create(128), Vector256<int>.Zero, Vector256.Create(255));
        var words = Vector128.Narrow(shifted.GetLower(), shifted.GetUpper()).AsUInt16();
        Vector128.Narrow(words, words).GetLower().StoreUnsafe(ref samples);
    }

    private readonly struct Rows(
        Vector256<int> r0, Vector256<int> r1, Vector256<int> r2, Vector256<int> r3, Vector256<int> r4, Vector256<int> r5,
            Vector256<int> r6, Vector256<int> r7)
    {
        public readonly Vector256<int> R0 = r0, R1 = r1, R2 = r2, R3 = r3, R4 = r4, R5 = r5, R6 = r6, R7 = r7;
    }
}
