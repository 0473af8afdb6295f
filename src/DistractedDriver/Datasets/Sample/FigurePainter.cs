using SkiaSharp;

namespace DistractedDriver.Datasets.Sample;

/// <summary>Paints the driver's body, arms and hands, and what the hands hold.</summary>
internal sealed class FigurePainter(DrawingCanvas drawing, Appearance appearance, Pose pose)
{
    private const float UpperArm = 116, Forearm = 112;
    private static readonly SKColor Dark = new(22, 22, 26);

    private float X => 226 + appearance.SeatForward + pose.Lean;

    private float Y => 268 + appearance.Height;

    private (float X, float Y) NearShoulder => (X - 4, Y + 4);

    private (float X, float Y) FarShoulder => (X + 44, Y - 8);

    /// <summary>Where the head is, for whoever paints it.</summary>
    public (float X, float Y) Head => (X + 40 + pose.Lean * 0.25f + pose.Nod * 0.5f, Y - 100 + pose.Nod * 0.4f);

    /// <summary>Paints the left arm, up to the hand.</summary>
    /// <param name="reach">How long the arm appears, 0…1: less where it points towards the camera.</param>
    public void FarArm(float reach) => Arm(FarShoulder, pose.Far, reach, 0.86f);

    /// <summary>Paints the left hand.</summary>
    public void FarHand() => Hand(FarShoulder, pose.Far, pose.FarHolds, 0.88f);

    /// <summary>Paints the right arm with its hand.</summary>
    /// <param name="reach">How long the arm appears, 0…1: less where it points towards the camera.</param>
    public void NearArm(float reach)
    {
        var (elbow, _) = Elbow(NearShoulder, pose.Near, reach);
        drawing.Canvas.Save();
        drawing.Canvas.Translate(3, 9);
        drawing.Line(DrawingCanvas.Svg(
            $"M {NearShoulder.X} {NearShoulder.Y} L {elbow.X} {elbow.Y} L {pose.Near.Hand.X} {pose.Near.Hand.Y}"),
            new SKColor(0, 0, 0, 80), 40, 9);
        drawing.Canvas.Restore();
        Arm(NearShoulder, pose.Near, reach, 1);
        Hand(NearShoulder, pose.Near, pose.NearHolds, 1);
    }

    /// <summary>Paints trunk, legs, neck and belt.</summary>
    public void Body()
    {
        var (x, y, b) = (X, Y, appearance.Build);
        var outline = DrawingCanvas.Svg(
            $"M {x + 18} {y - 50} C {x - 16} {y - 42} {x - 42 * b} {y - 26} {x - 48 * b} {y + 30} C {x - 56 * b} {y + 110} {x - 56 * b} ",
                $"{y + 180} {x - 50 * b} 520 L {x + 84 * b} 520 C {x + 80 * b} {y + 190} {x + 82 * b} {y + 116} {x + 64 * b} {y + 50} C ",
                    $"{x + 62 * b} {y + 4} {x + 64} {y - 30} {x + 50} {y - 46} Z");
        drawing.Limb((x + 30, y - 30), 25 * b, (Head.X - 4, Head.Y + 34), 22 * b, appearance.Skin);
        drawing.Area(outline, DrawingCanvas.Lighter(appearance.Shirt, 0.1f), DrawingCanvas.Darker(appearance.Shirt, 0.45f),
            (x + 70, y - 30), (x - 50, y + 160));
        using (var clip = SKPath.ParseSvgPathData(outline))
        {
            drawing.Canvas.Save();
            drawing.Canvas.ClipPath(clip, antialias: true);
            Cloth(x, y, b);
            drawing.Area(DrawingCanvas.Svg(
                $"M {x + 30 * b} {y + 20} C {x + 44 * b} {y + 100} {x + 40 * b} {y + 170} {x + 46 * b} 520 L {x + 10} 520 C {x + 20} ",
                    $"{y + 150} {x + 14} {y + 80} {x + 30 * b} {y + 20} Z"), new SKColor(0, 0, 0, 34), blur: 9);
            drawing.Line(DrawingCanvas.Svg($"M {x + 52} {y - 54} C {x + 40} {y + 40} {x + 20} {y + 120} {x - 30} 500"),
                DrawingCanvas.Darker(new SKColor(96, 96, 104), 0.45f), 15);
            drawing.Line(DrawingCanvas.Svg($"M {x + 56} {y - 54} C {x + 44} {y + 40} {x + 24} {y + 120} {x - 26} 500"),
                new SKColor(120, 120, 126, 90), 2);
            drawing.Canvas.Restore();
        }
        drawing.Line(DrawingCanvas.Svg($"M {x + 16} {y - 48} C {x + 24} {y - 34} {x + 40} {y - 32} {x + 54} {y - 44}"),
            DrawingCanvas.Lighter(appearance.Shirt, 0.2f), 7);
        drawing.Line(DrawingCanvas.Svg($"M 170 70 L {x + 48} {y - 50}"), DrawingCanvas.Darker(new SKColor(96, 96, 104), 0.4f), 11);
        drawing.Limb((x + 10, 486), 52 * b, (436, 470), 40, appearance.Trousers);
    }

    private void Cloth(float x, float y, float b)
    {
        var second = appearance.ShirtSecond.WithAlpha(150);
        switch (appearance.Pattern)
        {
            case "stripes":
                for (var i = -1; i < 12; i++) drawing.Line(
                    DrawingCanvas.Svg($"M {x - 70} {y + 22 * i} C {x} {y + 22 * i + 10} {x + 40} {y + 22 * i + 8} {x + 100} ",
                        $"{y + 22 * i - 4}"),
                        second, 9);
                break;
            case "checks":
                for (var i = -1; i < 16; i++)
                {
                    drawing.Line(DrawingCanvas.Svg($"M {x - 70} {y + 16 * i} L {x + 100} {y + 16 * i - 4}"), second.WithAlpha(90), 5);
                    drawing.Line(DrawingCanvas.Svg($"M {x - 60 + 14 * i} {y - 60} L {x - 66 + 14 * i} 520"), second.WithAlpha(90), 4);
                }
                break;
            case "jacket":
                drawing.Area(DrawingCanvas.Svg(
                    $"M {x + 36} {y - 52} L {x + 56 * b} {y - 30} C {x + 60 * b} {y + 80} {x + 56 * b} {y + 160} {x + 62 * b} 520 L ",
                        $"{x + 30} 520 C {x + 34} {y + 120} {x + 40} {y + 40} {x + 36} {y - 52} Z"), appearance.ShirtSecond,
                            DrawingCanvas.Darker(appearance.ShirtSecond, 0.4f), (x + 60, y), (x + 20, y + 160));
                drawing.Line(DrawingCanvas.Svg($"M {x + 36} {y - 50} C {x + 42} {y + 40} {x + 34} {y + 120} {x + 30} 520"),
                    DrawingCanvas.Darker(appearance.Shirt, 0.55f), 4);
                break;
        }
    }

    private void Arm((float X, float Y) shoulder, Arm arm, float reach, float scale)
    {
        var (elbow, foreshortening) = Elbow(shoulder, arm, reach);
        var width = scale * (0.55f + 0.45f * appearance.Build) * MathF.Sqrt(foreshortening);
        var wrist = Between(elbow, arm.Hand, 0.88f);
        var sleeve = scale < 1 ? DrawingCanvas.Darker(appearance.Shirt, 0.22f) : appearance.Shirt;
        var skin = scale < 1 ? DrawingCanvas.Darker(appearance.Skin, 0.14f) : appearance.Skin;
        if (appearance.LongSleeves)
        {
            drawing.Limb(elbow, 22 * width, wrist, 16 * width, sleeve);
            drawing.Limb(shoulder, 31 * width, elbow, 23 * width, sleeve);
            drawing.Limb(Between(elbow, arm.Hand, 0.82f), 16 * width, wrist, 16 * width, DrawingCanvas.Darker(sleeve, 0.2f));
        }
        else
        {
            drawing.Limb(elbow, 20 * width, wrist, 13 * width, skin);
            drawing.Limb(Between(shoulder, elbow, 0.4f), 25 * width, elbow, 20 * width, skin);
            drawing.Limb(shoulder, 32 * width, Between(shoulder, elbow, 0.55f), 28 * width, sleeve);
        }
    }

    private void Hand((float X, float Y) shoulder, Arm arm, string? held, float scale)
    {
        var skin = scale < 1 ? DrawingCanvas.Darker(appearance.Skin, 0.1f) : appearance.Skin;
        var (elbow, _) = Elbow(shoulder, arm, 1);
        drawing.Canvas.Save();
        drawing.Canvas.Translate(arm.Hand.X, arm.Hand.Y);
        // From here on the forearm comes from the left.
        drawing.Canvas.RotateDegrees(MathF.Atan2(arm.Hand.Y - elbow.Y, arm.Hand.X - elbow.X) * 180 / MathF.PI);
        drawing.Canvas.Scale(scale);
        Held(held);
        drawing.Limb((-14, 0), 13, (2, 0), 15, skin);
        // Fingers closed around what the hand holds, thumb on the other side.
        for (var finger = 0; finger < 4; finger++)
            drawing.Limb((8, -10 + 7 * finger), 5, (held is null ? 16 : 12, -5 + 7 * finger), 4.4f,
                DrawingCanvas.Darker(skin, 0.05f * finger));
        drawing.Limb((-4, -12), 5.5f, (8, -17), 4.5f, DrawingCanvas.Lighter(skin, 0.06f));
        drawing.Canvas.Restore();
    }

    private void Held(string? thing)
    {
        switch (thing)
        {
            case "phone":
                drawing.Area("M 2 -40 Q 2 -46 8 -46 L 24 -46 Q 30 -46 30 -40 L 30 26 Q 30 32 24 32 L 8 32 Q 2 32 2 26 Z",
                    DrawingCanvas.Lighter(Dark, 0.14f), Dark, (2, -46), (30, 32));
                drawing.Area("M 6 -38 H 26 V 22 H 6 Z", new SKColor(96, 128, 160), new SKColor(44, 58, 80), (6, -38), (26, 22));
                break;
            case "cup":
                drawing.Area("M -14 -34 L 26 -34 L 20 30 L -8 30 Z", new SKColor(240, 236, 226), new SKColor(150, 142, 130), (26, 0),
                    (-14, 0));
                drawing.Area("M -13 -14 L 25 -14 L 22 12 L -10 12 Z", new SKColor(150, 104, 66), new SKColor(96, 64, 42), (26, 0),
                    (-14, 0));
                drawing.Area("M -18 -42 H 30 V -32 H -18 Z", new SKColor(70, 54, 46));
                break;
            case "can":
                drawing.Area("M -10 -34 Q 8 -40 26 -34 L 26 26 Q 8 32 -10 26 Z", new SKColor(200, 206, 212), new SKColor(110, 116, 126),
                    (26, 0), (-10, 0));
                drawing.Area("M -10 -20 H 26 V 14 H -10 Z", new SKColor(60, 120, 90), new SKColor(30, 70, 56), (26, 0), (-10, 0));
                break;
            case "bottle":
                drawing.Area("M -6 -20 C -6 -36 2 -38 4 -54 L 16 -54 C 18 -38 26 -36 26 -20 L 26 44 H -6 Z",
                    new SKColor(190, 216, 226, 220),
                    new SKColor(110, 150, 170, 220), (26, 0), (-6, 0));
                drawing.Area("M 3 -64 H 17 V -54 H 3 Z", new SKColor(60, 90, 150));
                break;
            case "drawing":
                drawing.Limb((0, -44), 7, (10, 30), 4, new SKColor(70, 44, 40));
                drawing.Limb((-8, -50), 4, (-4, -20), 4, new SKColor(40, 34, 34));
                break;
        }
    }

    // Two bones of given length meet at the elbow; where they would have to be stretched the arm comes towards the camera.
    private static ((float X, float Y) Elbow, float Foreshortening) Elbow((float X, float Y) shoulder, Arm arm, float reach)
    {
        var (dx, dy) = (arm.Hand.X - shoulder.X, arm.Hand.Y - shoulder.Y);
        var distance = MathF.Max(30, MathF.Sqrt(dx * dx + dy * dy));
        var scale = MathF.Max(reach, distance / (UpperArm + Forearm) * 1.02f);
        var (upper, fore) = (UpperArm * scale, Forearm * scale);
        var along = (distance * distance + upper * upper - fore * fore) / (2 * distance);
        var aside = MathF.Sqrt(MathF.Max(0, upper * upper - along * along));
        var (ux, uy) = (dx / distance, dy / distance);
        var (nx, ny) = (-uy, ux);
        if (ny < -0.15f || (MathF.Abs(ny) <= 0.15f && nx < 0)) (nx, ny) = (-nx, -ny);
        aside *= arm.Bend;
        return ((shoulder.X + ux * along + nx * aside, shoulder.Y + uy * along + ny * aside), MathF.Max(1, scale));
    }

    private static (float X, float Y) Between((float X, float Y) from, (float X, float Y) to, float share) =>
        (from.X + (to.X - from.X) * share, from.Y + (to.Y - from.Y) * share);
}
