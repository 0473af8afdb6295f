using DistractedDriver.Core;
using SkiaSharp;

namespace DistractedDriver.Datasets.Sample;

/// <summary>Paints the car around the driver, 640 × 480 pixels: what is outside, what stands behind the driver, what in front.</summary>
internal sealed class CabinPainter(DrawingCanvas drawing, Appearance appearance)
{
    private const string Windows = "M -80 20 L 720 20 L 720 260 L -80 232 Z";

    /// <summary>Paints the view through the windows, the far door, the roof and the pillars.</summary>
    /// <param name="random">Draws the scenery; the same for a whole clip.</param>
    /// <param name="way">How many pixels the car has gone since the clip began.</param>
    public void Behind(NumpyRandom random, float way)
    {
        using (var outside = SKPath.ParseSvgPathData(Windows))
        {
            drawing.Canvas.Save();
            drawing.Canvas.ClipPath(outside);
            Outside(random, way);
            drawing.Canvas.Restore();
        }

        var (cabin, dark) = (appearance.Cabin, DrawingCanvas.Darker(appearance.Cabin, 0.45f));
        // The far door with its rail, handle and speaker.
        drawing.Area("M -60 226 C 160 218 420 222 720 250 L 720 540 L -60 540 Z", DrawingCanvas.Lighter(cabin, 0.1f), dark, (0, 226),
            (0, 470));
        drawing.Line("M -60 228 C 160 220 420 224 640 246", DrawingCanvas.Lighter(cabin, 0.35f), 3);
        drawing.Area("M 330 292 L 520 300 L 516 324 L 334 314 Z", DrawingCanvas.Darker(cabin, 0.3f), blur: 2);
        drawing.Line("M 396 266 L 440 268", DrawingCanvas.Lighter(cabin, 0.5f), 6);
        // Roof, front pillar with the sun visor, middle pillar with the belt's upper end, rear pillar.
        drawing.Area("M -60 -40 L 700 -40 L 700 34 C 520 46 180 50 -60 46 Z", DrawingCanvas.Lighter(appearance.Roof, 0.1f),
            DrawingCanvas.Darker(appearance.Roof, 0.35f),
            (0, 0), (0, 52));
        drawing.Area("M 560 30 L 612 30 C 574 100 548 170 536 250 L 506 248 C 518 160 538 90 560 30 Z",
            DrawingCanvas.Darker(appearance.Roof, 0.2f),
            DrawingCanvas.Darker(appearance.Roof, 0.6f), (510, 0), (610, 0));
        drawing.Area("M 452 34 L 586 28 L 578 62 L 458 58 Z", appearance.Roof, DrawingCanvas.Darker(appearance.Roof, 0.3f), (0, 28),
            (0, 62));
        drawing.Area("M 118 40 L 168 42 L 184 240 L 112 236 Z", DrawingCanvas.Darker(appearance.Roof, 0.25f),
            DrawingCanvas.Darker(appearance.Roof, 0.6f), (110, 0),
            (180, 0));
        drawing.Area("M -60 30 L 6 36 L -10 236 L -60 236 Z", DrawingCanvas.Darker(appearance.Roof, 0.35f));
    }

    /// <summary>Paints the driver's seat and the rear bench.</summary>
    public void Seat()
    {
        var (seat, x) = (appearance.Seat, appearance.SeatForward);
        drawing.Area("M -60 262 C -20 240 40 244 70 268 L 96 540 L -60 540 Z", DrawingCanvas.Darker(seat, 0.15f),
            DrawingCanvas.Darker(seat, 0.55f),
            (0, 240), (0, 470));
        drawing.Canvas.Save();
        drawing.Canvas.Translate(x * 0.7f, appearance.Height * 0.3f);
        drawing.Line("M 168 196 L 172 240 M 196 196 L 198 240", SKColors.Gray, 5);
        drawing.Area("M 148 116 C 150 92 214 90 220 114 L 224 186 C 222 204 154 206 150 188 Z", DrawingCanvas.Lighter(seat, 0.12f),
            DrawingCanvas.Darker(seat, 0.35f), (150, 100), (220, 200));
        drawing.Area("M 128 236 C 136 212 226 212 240 238 C 262 320 276 400 292 540 L 120 540 C 108 420 112 310 128 236 Z",
            DrawingCanvas.Lighter(seat, 0.08f), DrawingCanvas.Darker(seat, 0.5f), (120, 230), (280, 470));
        drawing.Line("M 150 236 C 136 320 138 400 150 500", DrawingCanvas.Darker(seat, 0.55f), 2.5f, 0.6f);
        drawing.Canvas.Restore();
    }

    /// <summary>Paints the steering wheel.</summary>
    public void Wheel()
    {
        var rim = DrawingCanvas.Darker(appearance.Cabin, 0.55f);
        drawing.Canvas.Save();
        drawing.Canvas.Translate(474, 318 + appearance.WheelLift);
        drawing.Canvas.RotateDegrees(-17);
        drawing.Area("M 0 -22 L 120 -6 L 120 34 L 0 24 Z", DrawingCanvas.Darker(appearance.Cabin, 0.5f));
        for (var spoke = 0; spoke < appearance.WheelSpokes; spoke++)
        {
            var angle = MathF.PI * (2f * spoke / appearance.WheelSpokes + (appearance.WheelSpokes == 3 ? 0.5f : 0));
            drawing.Line(DrawingCanvas.Svg($"M 6 0 L {44 * MathF.Cos(angle)} {98 * MathF.Sin(angle)}"), DrawingCanvas.Lighter(rim, 0.1f),
                13);
        }
        drawing.Oval((8, 0), 19, 31, DrawingCanvas.Lighter(rim, 0.07f));
        const string ring = "M 44 0 A 44 98 0 1 1 -44 0 A 44 98 0 1 1 44 0 Z";
        drawing.Line(ring, rim, 15);
        drawing.Line("M -42 -28 A 44 98 0 0 1 26 -80", DrawingCanvas.Lighter(rim, 0.35f), 3, 1.2f);
        drawing.Canvas.Restore();
    }

    /// <summary>Paints the dashboard, the radio and the console, which stand nearer to the camera than the wheel's hub.</summary>
    public void Dashboard()
    {
        var (cabin, dark) = (DrawingCanvas.Lighter(appearance.Cabin, 0.06f), DrawingCanvas.Darker(appearance.Cabin, 0.5f));
        drawing.Area("M 532 262 C 570 240 620 232 700 226 L 700 540 L 556 540 C 540 470 520 330 532 262 Z",
            DrawingCanvas.Lighter(cabin, 0.14f),
            dark, (540, 240), (640, 470));
        drawing.Line("M 532 264 C 570 242 620 234 700 228", DrawingCanvas.Lighter(cabin, 0.4f), 3, 0.8f);
        var screen = appearance.ScreenLit ? DrawingCanvas.Hsv(appearance.SkyHue, 55, 62) : new SKColor(18, 20, 24);
        drawing.Area("M 556 322 L 622 304 L 630 362 L 562 378 Z", DrawingCanvas.Lighter(screen, 0.15f), DrawingCanvas.Darker(screen, 0.3f),
            (556, 310),
            (630, 370));
        for (var i = 0; i < 4; i++)
        {
            drawing.Oval((568 + 17 * i, 396 - 4.4f * i), 6, 6.5f, DrawingCanvas.Lighter(cabin, 0.3f));
            drawing.Line(DrawingCanvas.Svg($"M {566 + 17 * i} {420 - 4 * i} l 10 -2"), DrawingCanvas.Lighter(cabin, 0.22f), 5);
        }
        drawing.Area("M 560 268 L 640 256 L 640 286 L 562 300 Z", DrawingCanvas.Darker(cabin, 0.45f));
        for (var i = 0; i < 3; i++) drawing.Line(DrawingCanvas.Svg($"M 564 {276 + 8 * i} L 640 {264 + 8 * i}"),
            DrawingCanvas.Lighter(cabin, 0.12f), 2);
    }

    /// <summary>Paints the gear lever, which stands before everything else.</summary>
    public void Console()
    {
        drawing.Area("M 330 540 C 350 452 450 440 560 446 L 640 470 L 640 540 Z", DrawingCanvas.Lighter(appearance.Cabin, 0.05f),
            DrawingCanvas.Darker(appearance.Cabin, 0.5f), (0, 440), (0, 480));
        drawing.Limb((452, 470), 5, (444, 436), 6, DrawingCanvas.Darker(appearance.Cabin, 0.3f));
        drawing.Oval((443, 428), 13, 12, DrawingCanvas.Lighter(appearance.Cabin, 0.15f));
    }

    private void Outside(NumpyRandom random, float way)
    {
        var sky = DrawingCanvas.Hsv(appearance.SkyHue, appearance.SkySaturation, 96);
        drawing.Area("M -80 0 H 720 V 260 H -80 Z", sky, DrawingCanvas.Lighter(sky, 0.6f), (0, 40), (0, 170));
        var ground = appearance.Scenery is "trees"
            ? DrawingCanvas.Hsv(random.Uniform(75, 110), 30, 62)
            : DrawingCanvas.Hsv(220, 4, random.Uniform(52, 70));
        var horizon = random.Uniform(150, 176);
        drawing.Area(DrawingCanvas.Svg($"M -80 {horizon} H 720 V 260 H -80 Z"), ground, DrawingCanvas.Darker(ground, 0.2f), (0, horizon),
            (0, 240));
        var start = random.Uniform(-160, 0) - way;
        for (var x = start; x < 760;) x += Thing(random, x, horizon);
    }

    // Paints one thing beside the road and says how much room it took.
    private float Thing(NumpyRandom random, float x, float horizon)
    {
        var size = random.Uniform(0.7f, 1.3f);
        var shade = random.Uniform(0, 1);
        switch (appearance.Scenery)
        {
            case "trees":
                var leaves = DrawingCanvas.Hsv(70 + 50 * shade, 32, 42 + 24 * size);
                drawing.Limb((x + 40, horizon + 30), 5, (x + 40, horizon - 30), 4, new SKColor(96, 82, 70));
                for (var i = 0; i < 4; i++) drawing.Oval((x + 14 + 18 * i, horizon - 44 - 16 * (i % 2)), 30 * size, 32 * size, leaves,
                    blur: 3);
                return 90 + 60 * shade;
            case "town":
                var wall = DrawingCanvas.Hsv(20 + 30 * shade, 12, 62 + 24 * size);
                var (width, height) = (70 + 70 * shade, 90 * size);
                drawing.Area(DrawingCanvas.Svg($"M {x} {horizon + 14} v {-height} h {width} v {height} Z"), wall, blur: 1.5f);
                for (var row = 1; row * 26 < height; row++)
                    for (var column = 0; column * 22 + 16 < width; column++)
                        drawing.Area(DrawingCanvas.Svg($"M {x + 8 + column * 22} {horizon + 8 - row * 26} h 10 v 13 h -10 Z"),
                            DrawingCanvas.Darker(wall, 0.45f), blur: 1);
                return width + 14 * size;
            case "highway":
                drawing.Line(DrawingCanvas.Svg(
                    $"M {x} {horizon + 26} h 190 M {x + 20} {horizon + 26} v 22 M {x + 110} {horizon + 26} v 22"),
                    new SKColor(176, 178, 182), 6, 1.5f);
                if (shade < 0.4f) Car(x + 30, horizon + 12, 0.7f * size, shade * 900);
                if (shade > 0.7f) drawing.Oval((x + 90, horizon - 8), 90 * size, 34, DrawingCanvas.Hsv(100, 26, 58), blur: 5);
                return 170;
            default:
                Car(x, horizon + 24, 1.05f * size, shade * 360);
                return 128 * size + 30;
        }
    }

    private void Car(float x, float y, float scale, float hue)
    {
        drawing.Canvas.Save();
        drawing.Canvas.Translate(x, y);
        drawing.Canvas.Scale(scale);
        var paint = DrawingCanvas.Hsv(hue, hue % 3 < 1 ? 8 : 55, 50 + hue % 45);
        drawing.Area("M 0 20 C 2 0 14 -2 28 -4 C 40 -26 78 -26 94 -4 C 114 -2 124 4 124 24 L 120 30 H 4 Z", paint,
            DrawingCanvas.Darker(paint, 0.35f), (0, -20), (0, 30), 1);
        drawing.Area("M 36 -4 C 44 -20 74 -20 86 -4 Z", new SKColor(60, 70, 80), blur: 1);
        drawing.Oval((26, 28), 11, 11, new SKColor(30, 30, 32));
        drawing.Oval((100, 28), 11, 11, new SKColor(30, 30, 32));
        drawing.Canvas.Restore();
    }
}
