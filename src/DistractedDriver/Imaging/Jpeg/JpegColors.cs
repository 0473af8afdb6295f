using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DistractedDriver.Imaging.Jpeg;

/// <summary>
/// From planes to colours at chosen columns: samples that stand for several pixels are interpolated with the nearer neighbour,
/// three parts to one in each direction, and YCbCr becomes RGB in 16-bit fixed point (ITU-R BT.601, JFIF 1.02). Both round as
/// libjpeg does. Blue and red colour are carried in one number, 16 bits each, until they are interpolated.
/// </summary>
internal ref struct JpegColors
{
    private const uint Both = 0x10001;
    private readonly JpegPlane[] _planes;
    private readonly ReadOnlySpan<int> _columns;
    private readonly Place[] _places = [];
    private readonly uint[] _samples = [];
    private readonly int _shift;
    private readonly int[] _brightness;
    private readonly uint[] _colors;

    /// <param name="planes">Brightness, and blue and red colour where there are any.</param>
    /// <param name="columns">Which columns, all within the image.</param>
    public JpegColors(JpegPlane[] planes, ReadOnlySpan<int> columns)
    {
        _planes = planes;
        _columns = columns;
        // Whole vectors: those beyond the last column are computed and not stored.
        (_brightness, _colors) = (new int[columns.Length + Vector<int>.Count], new uint[columns.Length + Vector<int>.Count]);
        if (planes.Length == 1) return;
        var colors = planes[1];
        _samples = new uint[colors.Width];
        _places = new Place[columns.Length];
        _shift = colors.IsHalfHigh ? 4 : 2;
        for (var i = 0; i < columns.Length; i++)
        {
            var isOdd = columns[i] & 1;
            var own = colors.IsHalfWide ? columns[i] / 2 : columns[i];
            _places[i] = new(own, colors.IsHalfWide
                ? Math.Clamp(own + 2 * isOdd - 1, 0, colors.Width - 1)
                : own, (uint)(colors.IsHalfHigh ? 8 - isOdd : colors.IsHalfWide ? 1 + isOdd : 0) * Both);
        }
    }

    /// <summary>One row's pixels, as bytes of red, green, blue and 255 each.</summary>
    public readonly void Row(int y, Span<uint> pixels)
    {
        ref var bright = ref MemoryMarshal.GetReference(_planes[0].Row(y));
        for (var i = 0; i < _columns.Length; i++) _brightness[i] = Unsafe.Add(ref bright, _columns[i]);
        if (_planes.Length == 1)
        {
            for (var i = 0; i < pixels.Length; i++) pixels[i] = 0xff000000 | ((uint)_brightness[i] * 0x10101);
            return;
        }
        if (_planes[1].IsHalfHigh) MixRows(y / 2, Math.Clamp(y / 2 + 2 * (y & 1) - 1, 0, _planes[1].Height - 1));
        else MixRows(y, null);
        ref var samples = ref MemoryMarshal.GetArrayDataReference(_samples);
        for (var i = 0; i < _places.Length; i++)
        {
            var place = _places[i];
            _colors[i] = 3 * Unsafe.Add(ref samples, place.Own) + Unsafe.Add(ref samples, place.Neighbour) + place.Rounding;
        }
        var half = new Vector<int>(1 << 15);
        for (var i = 0; i < pixels.Length; i += Vector<int>.Count)
        {
            var both = new Vector<uint>(_colors, i);
            var blue = Vector.AsVectorInt32((both & new Vector<uint>(0xffff)) >> _shift) - new Vector<int>(128);
            var red = Vector.AsVectorInt32(both >> (16 + _shift)) - new Vector<int>(128);
            var luma = new Vector<int>(_brightness, i);
            var packed = new Vector<uint>(0xff000000)
                | Byte(luma + ((red * 91881 + half) >> 16))
                | (Byte(luma + ((blue * -22554 - red * 46802 + half) >> 16)) << 8)
                | (Byte(luma + ((blue * 116130 + half) >> 16)) << 16);
            if (i + Vector<uint>.Count <= pixels.Length) packed.CopyTo(pixels[i..]);
            else for (var rest = i; rest < pixels.Length; rest++) pixels[rest] = packed[rest - i];
        }
    }

    // A row of colours: three parts of the one it lies in and one of the nearer neighbour, or the row as it is.
    private readonly void MixRows(int near, int? far)
    {
        var blue = _planes[1].Row(near);
        var red = _planes[2].Row(near);
        if (far is not { } other)
        {
            for (var x = 0; x < _samples.Length; x++) _samples[x] = blue[x] | (uint)red[x] << 16;
            return;
        }
        var otherBlue = _planes[1].Row(other);
        var otherRed = _planes[2].Row(other);
        var done = 0;
        for (; done + Vector256<uint>.Count <= _samples.Length; done += Vector256<uint>.Count)
        {
            var mixed = (Wide(blue, done) | (Wide(red, done) << 16)) * 3 + (Wide(otherBlue, done) | (Wide(otherRed, done) << 16));
            mixed.CopyTo(_samples, done);
        }
        for (; done < _samples.Length; done++) _samples[done] = 3 * (blue[done] | (uint)red[done] << 16)
            + (otherBlue[done] | (uint)otherRed[done] << 16);
    }

    private static Vector256<uint> Wide(ReadOnlySpan<byte> row, int at)
    {
        var words = Vector128.WidenLower(
            Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref MemoryMarshal.GetReference(row), at))).AsByte());
        return Vector256.WidenLower(words.ToVector256Unsafe());
    }

    private static Vector<uint> Byte(Vector<int> value) =>
        Vector.AsVectorUInt32(Vector.Min(Vector.Max(value, Vector<int>.Zero), new Vector<int>(255)));

    /// <summary>
    /// The sample of colour that a column of pixels lies in, the neighbour that it is nearer to, and what is added for rounding.
    /// </summary>
    private readonly record struct Place(int Own, int Neighbour, uint Rounding);
}
