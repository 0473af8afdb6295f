using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DistractedDriver;

/// <summary>What stands beyond an image's edge: a | abcd | d.</summary>
internal enum FillMode
{
    /// <summary>The edge goes on: aaaa | abcd | dddd.</summary>
    Nearest,

    /// <summary>A constant value.</summary>
    Constant,

    /// <summary>The image mirrored: dcba | abcd | dcba.</summary>
    Reflect,

    /// <summary>The image again: abcd | abcd | abcd.</summary>
    Wrap,
}

/// <summary>
/// Rotation, shift, shear and zoom about an image's centre as one matrix that leads from each target pixel to its source, and
/// linear interpolation there, as SciPy's <c>ndimage.affine_transform</c> of order 1 computes it.
/// </summary>
internal sealed class AffineWarp
{
    private readonly double[,]? _matrix;
    private readonly int _height;
    private readonly int _width;

    public AffineWarp(ImageTransform transform, int height, int width)
    {
        (_height, _width) = (height, width);
        double[,]? matrix = null;
        void Then(double[,] next) => matrix = matrix is null ? next : Product(matrix, next);
        if (transform.Theta != 0)
        {
            var (sin, cos) = (Math.Sin(transform.Theta * Math.PI / 180), Math.Cos(transform.Theta * Math.PI / 180));
            Then(new[,] { { cos, -sin, 0 }, { sin, cos, 0 }, { 0, 0, 1 } });
        }
        if (transform.Tx != 0 || transform.Ty != 0) Then(new[,] { { 1, 0, transform.Tx }, { 0, 1, transform.Ty }, { 0, 0, 1 } });
        if (transform.Shear != 0)
        {
            var (sin, cos) = (Math.Sin(transform.Shear * Math.PI / 180), Math.Cos(transform.Shear * Math.PI / 180));
            Then(new[,] { { 1, -sin, 0 }, { 0, cos, 0 }, { 0, 0, 1 } });
        }
        if (transform.Zx != 1 || transform.Zy != 1) Then(new[,] { { transform.Zx, 0, 0 }, { 0, transform.Zy, 0 }, { 0, 0, 1 } });
        if (matrix is null) return;
        // Keras takes the matrix as one of (x, y) and exchanges its axes at the end. It does so after it has moved the centre, for
        // which it gave the height to x: in an image that is not square, things turn about a point beside the centre.
        var (first, second) = (height / 2.0 - 0.5, width / 2.0 - 0.5);
        matrix = Product(Product(new[,] { { 1, 0, first }, { 0, 1, second }, { 0, 0, 1 } }, matrix), new[,] { { 1, 0, -first }, { 0, 1, -second }, { 0, 0, 1 } });
        _matrix = new[,] { { matrix[1, 1], matrix[1, 0], matrix[1, 2] }, { matrix[0, 1], matrix[0, 0], matrix[0, 2] } };
    }

    /// <summary>The warped image; the one given where there is nothing to do.</summary>
    public float[] Apply(float[] image, int channels, FillMode fill, float cval)
    {
        if (_matrix is not { } m) return image;
        var result = new float[image.Length];
        var (lastRow, lastColumn) = (_height - 1, _width - 1);
        // Four values can be read from a pixel's place on, except from the last one's where it has three.
        var inner = channels == 4 ? image.Length : image.Length - 4;
        var (yPerX, xPerX) = (m[0, 1], m[1, 1]);
        for (var y = 0; y < _height; y++)
        {
            var (startY, startX) = (m[0, 2] + m[0, 0] * y, m[1, 2] + m[1, 0] * y);
            for (var x = 0; x < _width; x++)
            {
                var (sourceY, sourceX) = (startY + yPerX * x, startX + xPerX * x);
                var to = (y * _width + x) * channels;
                if (channels >= 3 && sourceY >= 0 && sourceY < lastRow && sourceX >= 0 && sourceX < lastColumn && to < inner)
                {
                    BlendInside(image, channels, sourceY, sourceX, result, to);
                    continue;
                }
                var target = result.AsSpan(to, channels);
                (sourceY, sourceX) = (Inside(sourceY, _height, fill), Inside(sourceX, _width, fill));
                if (double.IsNaN(sourceY) || double.IsNaN(sourceX)) target.Fill(cval);
                else Blend(image, channels, sourceY, sourceX, fill, target);
            }
        }
        return result;
    }

    // What Blend computes, for all channels at once, where all four neighbours are pixels of the image. Of three channels a
    // fourth value, the next pixel's first, comes along; the next pixel writes over it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void BlendInside(float[] image, int channels, double y, double x, float[] result, int to)
    {
        var (top, left) = ((int)y, (int)x);
        var (down, right) = (Vector256.Create(y - top), Vector256.Create(x - left));
        var (up, toLeft) = (Vector256<double>.One - down, Vector256<double>.One - right);
        ref var values = ref MemoryMarshal.GetArrayDataReference(image);
        var from = (nuint)((top * _width + left) * channels);
        var below = from + (nuint)(_width * channels);
        var next = (nuint)channels;
        // The lower right pixel may be the last one, behind which there is nothing.
        if (below + next + 4 > (nuint)image.Length)
        {
            Blend(image, channels, y, x, FillMode.Nearest, result.AsSpan(to, channels));
            return;
        }
        var blended = up * (toLeft * Wide(ref values, from) + right * Wide(ref values, from + next)) + down * (toLeft * Wide(ref values, below) + right * Wide(ref values, below + next));
        Vector128.Narrow(blended.GetLower(), blended.GetUpper()).StoreUnsafe(ref MemoryMarshal.GetArrayDataReference(result), (nuint)to);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Wide(ref float values, nuint at)
    {
        var (low, high) = Vector128.Widen(Vector128.LoadUnsafe(ref values, at));
        return Vector256.Create(low, high);
    }

    private void Blend(float[] image, int channels, double y, double x, FillMode fill, Span<float> target)
    {
        var (top, left) = ((int)Math.Floor(y), (int)Math.Floor(x));
        var (down, right) = (y - top, x - left);
        var (row0, row1) = (Place(top, _height, fill) * _width, Place(top + 1, _height, fill) * _width);
        var (column0, column1) = (Place(left, _width, fill), Place(left + 1, _width, fill));
        for (var channel = 0; channel < channels; channel++)
        {
            double At(int row, int column) => image[(row + column) * channels + channel];
            target[channel] = (float)(
                (1 - down) * ((1 - right) * At(row0, column0) + right * At(row0, column1)) +
                down * ((1 - right) * At(row1, column0) + right * At(row1, column1)));
        }
    }

    // SciPy's map_coordinate: where a place beyond the edge is taken from; not a number where nowhere.
    private static double Inside(double place, int size, FillMode fill)
    {
        var last = size - 1;
        if (place >= 0 && place <= last) return place;
        switch (fill)
        {
            case FillMode.Constant:
                return double.NaN;
            case FillMode.Nearest:
                return Math.Clamp(place, 0, last);
            case FillMode.Reflect when size > 1 && place < 0:
                if (place < -2 * size) place += 2 * size * (int)(-place / (2 * size));
                return place < -size ? place + 2 * size : -place - 1;
            case FillMode.Reflect when size > 1:
                place -= 2 * size * (int)(place / (2 * size));
                return place >= size ? 2 * size - place - 1 : place;
            case FillMode.Wrap when size > 1 && place < 0:
                // Its period is the distance of the outer pixels' centres.
                return place + last * ((int)(-place / last) + 1);
            case FillMode.Wrap when size > 1:
                return place - last * (int)(place / last);
            default:
                return 0;
        }
    }

    private static int Place(int place, int size, FillMode fill) =>
        fill == FillMode.Reflect && (place < 0 || place >= size) ? Math.Clamp((int)Inside(place, size, fill), 0, size - 1) : Math.Clamp(place, 0, size - 1);

    private static double[,] Product(double[,] a, double[,] b)
    {
        var product = new double[3, 3];
        for (var i = 0; i < 3; i++)
            for (var j = 0; j < 3; j++) product[i, j] = a[i, 0] * b[0, j] + a[i, 1] * b[1, j] + a[i, 2] * b[2, j];
        return product;
    }
}
