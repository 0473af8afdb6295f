using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DistractedDriver.Imaging;

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
        matrix = Product(Product(new[,] { { 1, 0, first }, { 0, 1, second }, { 0, 0, 1 } }, matrix),
            new[,] { { 1, 0, -first }, { 0, 1, -second }, { 0, 0, 1 } });
        _matrix = new[,] { { matrix[1, 1], matrix[1, 0], matrix[1, 2] }, { matrix[0, 1], matrix[0, 0], matrix[0, 2] } };
    }

    /// <summary>Whether there is nothing to do.</summary>
    public bool IsIdentity => _matrix is null;

    /// <summary>Warps an image.</summary>
    /// <param name="image">Height × width × channels values.</param>
    /// <param name="channels">How many values a pixel has.</param>
    /// <param name="fill">What stands beyond the edge.</param>
    /// <param name="cval">The value of <see cref="FillMode.Constant"/>.</param>
    /// <param name="result">Receives as many values; another image than the one given.</param>
    public void Apply(ReadOnlySpan<float> image, int channels, FillMode fill, float cval, Span<float> result)
    {
        if (_matrix is not { } m)
        {
            image.CopyTo(result);
            return;
        }
        var across = new Line(m[0, 1], m[1, 1]);
        // A pixel of three values is read and written as four: those of the next one are in reach but for the last.
        var room = channels is 3 or 4 ? image.Length - 4 : -1;
        for (var y = 0; y < _height; y++)
        {
            across.Y = m[0, 2] + m[0, 0] * y;
            across.X = m[1, 2] + m[1, 0] * y;
            var (first, end) = room < 0 ? (0, 0) : across.Within(_height - 1, _width - 1, _width);
            for (var x = 0; x < first; x++) BlendAcrossEdges(image, channels, fill, cval, across, x, result, room, y);
            Inner(image, channels, across, first, end, result, room, y);
            for (var x = end; x < _width; x++) BlendAcrossEdges(image, channels, fill, cval, across, x, result, room, y);
        }
    }

    // A stretch of a row whose pixels come from within the image, all four neighbours of each.
    private void Inner(ReadOnlySpan<float> image, int channels, in Line across, int first, int end, Span<float> result, int room, int y)
    {
        ref var values = ref MemoryMarshal.GetReference(image);
        ref var target = ref MemoryMarshal.GetReference(result);
        var (startY, startX, stepY, stepX) = (across.Y, across.X, across.StepY, across.StepX);
        var row = _width * channels;
        for (var x = first; x < end; x++)
        {
            var (sourceY, sourceX) = (startY + stepY * x, startX + stepX * x);
            var (top, left) = ((int)sourceY, (int)sourceX);
            var (down, right) = ((float)(sourceY - top), (float)(sourceX - left));
            var from = top * row + left * channels;
            var to = (y * _width + x) * channels;
            if (from + row + channels <= room && to <= room)
                BlendAll(ref values, from, from + channels, from + row, from + row + channels, down, right, ref Unsafe.Add(ref target, to));
            else
                BlendOneByOne(image, channels, from, from + channels, from + row, from + row + channels, down, right,
                    result.Slice(to, channels));
        }
    }

    private void BlendAcrossEdges(ReadOnlySpan<float> image, int channels, FillMode fill, float cval, in Line across, int x,
        Span<float> result, int room, int y)
    {
        var (sourceY, sourceX) = (Inside(across.Y + across.StepY * x, _height, fill), Inside(across.X + across.StepX * x, _width, fill));
        var to = (y * _width + x) * channels;
        if (double.IsNaN(sourceY) || double.IsNaN(sourceX))
        {
            result.Slice(to, channels).Fill(cval);
            return;
        }
        var (top, left) = ((int)Math.Floor(sourceY), (int)Math.Floor(sourceX));
        var (down, right) = ((float)(sourceY - top), (float)(sourceX - left));
        var (row0, row1) = (Place(top, _height, fill) * _width, Place(top + 1, _height, fill) * _width);
        var (column0, column1) = (Place(left, _width, fill), Place(left + 1, _width, fill));
        var (a, b, c, d) = ((row0 + column0) * channels, (row0 + column1) * channels, (row1 + column0) * channels,
            (row1 + column1) * channels);
        if (Math.Max(Math.Max(a, b), Math.Max(c, d)) <= room && to <= room)
            BlendAll(ref MemoryMarshal.GetReference(image), a, b, c, d, down, right, ref result[to]);
        else
            BlendOneByOne(image, channels, a, b, c, d, down, right, result.Slice(to, channels));
    }

    // Of three channels a fourth value, the next pixel's first, comes along; the next pixel writes over it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void BlendAll(ref float values, int a, int b, int c, int d, float down, float right, ref float target)
    {
        var (across, along) = (Vector128.Create(right), Vector128.Create(down));
        var (left, right0) = (Vector128.LoadUnsafe(ref values, (nuint)a), Vector128.LoadUnsafe(ref values, (nuint)b));
        var (left1, right1) = (Vector128.LoadUnsafe(ref values, (nuint)c), Vector128.LoadUnsafe(ref values, (nuint)d));
        var upper = Vector128.FusedMultiplyAdd(across, right0 - left, left);
        var lower = Vector128.FusedMultiplyAdd(across, right1 - left1, left1);
        Vector128.FusedMultiplyAdd(along, lower - upper, upper).StoreUnsafe(ref target);
    }

    private static void BlendOneByOne(ReadOnlySpan<float> image, int channels, int a, int b, int c, int d, float down, float right,
        Span<float> target)
    {
        for (var channel = 0; channel < channels; channel++)
        {
            var upper = float.FusedMultiplyAdd(right, image[b + channel] - image[a + channel], image[a + channel]);
            var lower = float.FusedMultiplyAdd(right, image[d + channel] - image[c + channel], image[c + channel]);
            target[channel] = float.FusedMultiplyAdd(down, lower - upper, upper);
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
        fill == FillMode.Reflect && (place < 0 || place >= size)
            ? Math.Clamp((int)Inside(place, size, fill), 0, size - 1)
            : Math.Clamp(place, 0, size - 1);

    private static double[,] Product(double[,] a, double[,] b)
    {
        var product = new double[3, 3];
        for (var i = 0; i < 3; i++)
            for (var j = 0; j < 3; j++) product[i, j] = a[i, 0] * b[0, j] + a[i, 1] * b[1, j] + a[i, 2] * b[2, j];
        return product;
    }

    /// <summary>Where a row's pixels come from: a straight line through the source.</summary>
    private struct Line(double stepY, double stepX)
    {
        public readonly double StepY = stepY, StepX = stepX;
        public double Y, X;

        /// <summary>The first of the pixels whose source lies from 0 up to before two bounds, and the one after the last.</summary>
        public readonly (int First, int End) Within(int boundY, int boundX, int pixels)
        {
            var (least, most) = (0.0, (double)pixels);
            Narrow(Y, StepY, boundY, ref least, ref most);
            Narrow(X, StepX, boundX, ref least, ref most);
            if (!(most > least)) return (0, 0);
            var (first, end) = (Math.Max(0, (int)Math.Floor(least)), Math.Min(pixels, (int)Math.Ceiling(most) + 1));
            // What was divided is not exact: what counts is where the pixels themselves lie.
            while (first < end && !IsWithin(first, boundY, boundX)) first++;
            while (end > first && !IsWithin(end - 1, boundY, boundX)) end--;
            return (first, end);
        }

        private readonly bool IsWithin(int x, int boundY, int boundX)
        {
            var (y0, x0) = (Y + StepY * x, X + StepX * x);
            return y0 >= 0 && y0 < boundY && x0 >= 0 && x0 < boundX;
        }

        private static void Narrow(double start, double step, int bound, ref double least, ref double most)
        {
            if (step == 0)
            {
                if (!(start >= 0 && start < bound)) most = -1;
                return;
            }
            var (enters, leaves) = (-start / step, (bound - start) / step);
            least = Math.Max(least, Math.Min(enters, leaves));
            most = Math.Min(most, Math.Max(enters, leaves));
        }
    }
}
