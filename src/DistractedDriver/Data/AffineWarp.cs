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
        for (var y = 0; y < _height; y++)
        {
            for (var x = 0; x < _width; x++)
            {
                var target = result.AsSpan((y * _width + x) * channels, channels);
                var sourceY = Inside(m[0, 2] + m[0, 0] * y + m[0, 1] * x, _height, fill);
                var sourceX = Inside(m[1, 2] + m[1, 0] * y + m[1, 1] * x, _width, fill);
                if (double.IsNaN(sourceY) || double.IsNaN(sourceX)) target.Fill(cval);
                else Blend(image, channels, sourceY, sourceX, fill, target);
            }
        }
        return result;
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
