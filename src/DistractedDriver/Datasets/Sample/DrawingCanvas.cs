using SkiaSharp;

namespace DistractedDriver.Datasets.Sample;

/// <summary>Draws shapes in a few words; whatever it takes from Skia it gives back.</summary>
internal sealed class DrawingCanvas(SKCanvas canvas)
{
    public SKCanvas Canvas { get; } = canvas;

    /// <summary>Fills an area given as SVG path data, blurred by so many pixels.</summary>
    public void Area(string path, SKColor colour, float blur = 0) => Area(path, colour, colour, (0, 0), (0, 1), blur);

    /// <summary>Fills an area with a colour that turns into another from one point to the next.</summary>
    public void Area(string path, SKColor from, SKColor to, (float X, float Y) start, (float X, float Y) end, float blur = 0)
    {
        using var shape = SKPath.ParseSvgPathData(path) ?? throw new ArgumentException($"This is no SVG path: {path}", nameof(path));
        using var shader = SKShader.CreateLinearGradient(Point(start), Point(end), [from, to], SKShaderTileMode.Clamp);
        Fill(paint => Canvas.DrawPath(shape, paint), shader, blur);
    }

    /// <summary>Fills an ellipse, lit from the upper right.</summary>
    public void Oval((float X, float Y) centre, float radiusX, float radiusY, SKColor colour, float degrees = 0, float volume = 0.25f,
        float blur = 0)
    {
        Canvas.Save();
        Canvas.RotateDegrees(degrees, centre.X, centre.Y);
        var light = new SKPoint(centre.X + radiusX * 0.4f, centre.Y - radiusY * 0.45f);
        using var shader = SKShader.CreateRadialGradient(light, Math.Max(radiusX, radiusY) * 1.6f,
            [Lighter(colour, volume * 0.6f), Darker(colour, volume)], SKShaderTileMode.Clamp);
        Fill(paint => Canvas.DrawOval(centre.X, centre.Y, radiusX, radiusY, paint), shader, blur);
        Canvas.Restore();
    }

    /// <summary>Fills what lies between two circles: an arm, a finger, a neck. It is round: light above, dark below.</summary>
    public void Limb((float X, float Y) from, float fromRadius, (float X, float Y) to, float toRadius, SKColor colour)
    {
        var (dx, dy) = (to.X - from.X, to.Y - from.Y);
        var length = MathF.Max(1, MathF.Sqrt(dx * dx + dy * dy));
        // The normal that points up, or right where the limb stands upright.
        var (nx, ny) = (dy / length, -dx / length);
        if (ny > 0.05f || (MathF.Abs(ny) <= 0.05f && nx < 0)) (nx, ny) = (-nx, -ny);
        var radius = MathF.Max(fromRadius, toRadius);
        using var shader = SKShader.CreateLinearGradient(
            new(from.X + nx * radius, from.Y + ny * radius), new(from.X - nx * radius, from.Y - ny * radius),
            [Lighter(colour, 0.12f), colour, Darker(colour, 0.38f)], [0, 0.45f, 1], SKShaderTileMode.Clamp);
        using var builder = new SKPathBuilder();
        builder.AddPoly(
        [
            new(from.X + nx * fromRadius, from.Y + ny * fromRadius), new(to.X + nx * toRadius, to.Y + ny * toRadius),
            new(to.X - nx * toRadius, to.Y - ny * toRadius), new(from.X - nx * fromRadius, from.Y - ny * fromRadius),
        ]);
        using var sides = builder.Detach();
        Fill(
            paint =>
            {
                Canvas.DrawPath(sides, paint);
                Canvas.DrawCircle(Point(from), fromRadius, paint);
                Canvas.DrawCircle(Point(to), toRadius, paint);
            },
            shader, 0);
    }

    /// <summary>Draws a line along SVG path data.</summary>
    public void Line(string path, SKColor colour, float width, float blur = 0)
    {
        using var shape = SKPath.ParseSvgPathData(path) ?? throw new ArgumentException($"This is no SVG path: {path}", nameof(path));
        using var paint = new SKPaint
        {
            Color = colour,
            IsAntialias = true,
            Style = SKPaintStyle.Stroke,
            StrokeWidth = width,
            StrokeCap = SKStrokeCap.Round,
            StrokeJoin = SKStrokeJoin.Round
        };
        using var soft = Soft(blur);
        paint.MaskFilter = soft;
        Canvas.DrawPath(shape, paint);
    }

    /// <summary>A colour of hue (0…360), saturation and value (0…100).</summary>
    public static SKColor Hsv(float hue, float saturation, float value) =>
        SKColor.FromHsv((hue % 360 + 360) % 360, Math.Clamp(saturation, 0, 100), Math.Clamp(value, 0, 100));

    public static SKColor Lighter(SKColor colour, float share) => Mix(colour, SKColors.White, share);

    public static SKColor Darker(SKColor colour, float share) => Mix(colour, SKColors.Black, share);

    /// <summary>Goes a share of the way from a colour to another; keeps how opaque it is.</summary>
    public static SKColor Mix(SKColor from, SKColor to, float share)
    {
        byte Between(byte a, byte b) => (byte)Math.Clamp(a + (b - a) * share, 0, 255);
        return new SKColor(Between(from.Red, to.Red), Between(from.Green, to.Green), Between(from.Blue, to.Blue), from.Alpha);
    }

    /// <summary>Path data, in one or several parts, with its numbers written as SVG has them, whatever the machine's language.</summary>
    public static string Svg(params FormattableString[] parts) => string.Concat(parts.Select(FormattableString.Invariant));

    private static SKPoint Point((float X, float Y) point) => new(point.X, point.Y);

    private static SKMaskFilter? Soft(float blur) => blur > 0 ? SKMaskFilter.CreateBlur(SKBlurStyle.Normal, blur) : null;

    private static void Fill(Action<SKPaint> draw, SKShader shader, float blur)
    {
        using var soft = Soft(blur);
        using var paint = new SKPaint { Shader = shader, IsAntialias = true, MaskFilter = soft };
        draw(paint);
    }
}
