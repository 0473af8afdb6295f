using DistractedDriver.Core;
using SkiaSharp;

namespace DistractedDriver.Datasets.Sample;

/// <summary>One picture of the sample data: the cabin and its driver, through the camera's lens onto its sensor.</summary>
internal static class Photograph
{
    public const int Width = 640, Height = 480;
    private const int Quality = 90;

    /// <summary>Takes a picture.</summary>
    /// <param name="appearance">The driver, the car and the day.</param>
    /// <param name="className">"c0" … "c9".</param>
    /// <param name="clip">Draws what is the same in a clip; freshly seeded for each frame.</param>
    /// <param name="frame">Draws what changes from frame to frame.</param>
    /// <param name="number">The frame's number in its clip.</param>
    /// <returns>The bytes of a JPEG file.</returns>
    public static byte[] Take(Appearance appearance, string className, NumpyRandom clip, NumpyRandom frame, int number)
    {
        var pose = Pose.Draw(className, clip, frame);
        var blur = clip.Uniform(0.3f, 0.9f) + frame.Uniform(0, 0.35f);
        var noise = clip.Uniform(2.5f, 7);
        var exposure = appearance.Daylight * clip.Uniform(0.93f, 1.07f) * frame.Uniform(0.985f, 1.015f);
        var (nearReach, farReach) = (clip.Uniform(0.72f, 0.98f), clip.Uniform(0.72f, 0.95f));
        var speed = clip.Uniform(0, 26);

        using var bitmap = new SKBitmap(new SKImageInfo(Width, Height, SKColorType.Rgba8888, SKAlphaType.Premul));
        using (var canvas = new SKCanvas(bitmap))
        {
            // Fresh memory holds anything, and the camera may look past the scene's edge.
            canvas.Clear(SKColors.Black);
            using var lens = SKImageFilter.CreateBlur(blur, blur);
            using var paint = new SKPaint { ImageFilter = lens };
            canvas.SaveLayer(paint);
            canvas.Translate(Width / 2f + appearance.ShiftX + frame.Uniform(-2.5f, 2.5f),
                Height / 2f + appearance.ShiftY + frame.Uniform(-2.5f, 2.5f));
            canvas.RotateDegrees(appearance.Tilt + frame.Uniform(-0.4f, 0.4f));
            canvas.Scale(appearance.Zoom);
            canvas.Translate(-Width / 2f, -Height / 2f);
            Scene(new DrawingCanvas(canvas), appearance, pose, clip, speed * number, nearReach, farReach);
            canvas.Restore();
        }
        Develop(bitmap.GetPixelSpan(), appearance, exposure, noise, frame);
        using var data = bitmap.Encode(SKEncodedImageFormat.Jpeg, Quality);
        return data.ToArray();
    }

    private static void Scene(DrawingCanvas drawing, Appearance appearance, Pose pose, NumpyRandom clip, float way, float nearReach,
        float farReach)
    {
        var cabin = new CabinPainter(drawing, appearance);
        var figure = new FigurePainter(drawing, appearance, pose);
        var head = new HeadPainter(drawing, appearance, pose, figure.Head);
        // A hand at the ear is hidden by the head in part.
        var farHandAtHead = pose.Far.Hand.Y < 210 && pose.Far.Hand.X < 400;
        cabin.Behind(clip, way);
        cabin.Seat();
        figure.FarArm(farReach);
        if (farHandAtHead) figure.FarHand();
        figure.Body();
        cabin.Wheel();
        if (!farHandAtHead) figure.FarHand();
        cabin.Dashboard();
        head.Paint();
        figure.NearArm(nearReach);
        cabin.Console();

        var sun = new SKColor(255, 244, 214, (byte)(255 * appearance.SunStrength));
        var shade = new SKColor(0, 0, 0, 70);
        using var glow = SKShader.CreateRadialGradient(new(appearance.SunFrom, 90), 300, [sun, sun.WithAlpha(0)], SKShaderTileMode.Clamp);
        using var corners = SKShader.CreateRadialGradient(new(Width / 2f, Height / 2f), 460,
            [SKColors.Transparent, SKColors.Transparent, shade], [0, 0.55f, 1], SKShaderTileMode.Clamp);
        foreach (var shader in new[] { glow, corners })
        {
            using var light = new SKPaint { Shader = shader };
            drawing.Canvas.DrawRect(-100, -100, Width + 200, Height + 200, light);
        }
    }

    // Exposure, the light's colour and the sensor's noise.
    private static void Develop(Span<byte> pixels, Appearance appearance, float exposure, float noise, NumpyRandom frame)
    {
        Span<float> gain = [exposure * (1 + appearance.Warmth), exposure, exposure * (1 - appearance.Warmth)];
        // A table of a bell curve's values (a sum of uniform draws), met at places that jump about, is quick and has no pattern.
        Span<float> bell = stackalloc float[1024];
        foreach (ref var value in bell) value = (frame.Uniform(-1, 1) + frame.Uniform(-1, 1) + frame.Uniform(-1, 1)) * noise;
        var state = (uint)frame.Uniform(1, 1 << 24);
        for (var i = 0; i < pixels.Length; i++)
        {
            if (i % 4 == 3) continue;
            state = state * 1664525u + 1013904223u;
            pixels[i] = (byte)Math.Clamp(pixels[i] * gain[i % 4] + bell[(int)(state >> 22)] + 0.5f, 0, 255);
        }
    }
}
