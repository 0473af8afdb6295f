using SkiaSharp;

namespace DistractedDriver.Datasets.Sample;

/// <summary>Paints the driver's head as features on a globe that turns: what looks away from the camera is not seen.</summary>
internal sealed class HeadPainter(DrawingCanvas drawing, Appearance appearance, Pose pose, (float X, float Y) centre)
{
    private const float Radius = 44;
    private readonly float _turn = pose.Turn * MathF.PI / 180;

    private float Side => MathF.Sin(_turn);

    public void Paint()
    {
        var (x, y) = centre;
        BackHair();
        Ear(90);
        drawing.Oval((x - 0.1f * Radius * Side, y - 0.14f * Radius), Radius * 1.1f, Radius * 1.2f, appearance.HairLength > 0
            ? appearance.Hair
            : appearance.Skin);
        var jaw = DrawingCanvas.Darker(appearance.Skin, 0.05f);
        drawing.Oval((x + 0.26f * Radius * Side, y + 0.42f * Radius), Radius * (0.78f - 0.1f * MathF.Abs(Side)), Radius * 0.86f, jaw,
            volume: 0.3f);
        drawing.Oval((x + 0.2f * Radius * Side, y + 0.08f * Radius), Radius * (0.94f - 0.1f * MathF.Abs(Side)), Radius * 0.98f,
            appearance.Skin);
        if (appearance.HasBeard) Beard();
        Nose();
        Mouth();
        Eye(-27);
        Eye(27);
        Fringe();
        Ear(-90);
        if (appearance.HasGlasses) Glasses();
        if (appearance.HasCap) Cap();
    }

    // A place on the globe: longitude in degrees from the nose, height in radii; how far it faces the camera.
    private (float X, float Y, float Facing) On(float longitude, float height, float distance = 1)
    {
        var angle = _turn + longitude * MathF.PI / 180;
        return (centre.X + (0.14f * Side + 0.9f * distance * MathF.Sin(angle)) * Radius, centre.Y + (height + pose.Nod * 0.012f) * Radius,
            MathF.Cos(angle));
    }

    private void BackHair()
    {
        if (appearance.HairLength < 0.5f) return;
        var (x, y) = (centre.X - 0.34f * Radius * Side, centre.Y + 0.3f * Radius);
        drawing.Oval((x, y + 22 * appearance.HairLength), Radius * 0.98f, Radius * (0.8f + 0.75f * appearance.HairLength),
            DrawingCanvas.Darker(appearance.Hair, 0.15f));
    }

    private void Fringe()
    {
        if (appearance.HairLength == 0) return;
        var (x, y) = centre;
        var side = MathF.Abs(Side);
        var front = x + (0.2f * side + 0.84f) * Radius;
        var back = x - (0.84f - 0.2f * side) * Radius;
        // Hair over the forehead, lower at the back of the head.
        var low = 0.35f * side;
        drawing.Canvas.Save();
        if (Side < 0) drawing.Canvas.Scale(-1, 1, x, y);
        drawing.Area(
            DrawingCanvas.Svg(
                $"M {back - 3} {y + (low + 0.1f) * Radius} C {back - 6} {y - 1.3f * Radius} {front + 6} {y - 1.35f * Radius} ",
                $"{front + 1} {y - (0.32f + low) * Radius} C {front - 8} {y - 0.78f * Radius} {x + 0.3f * Radius * side} ",
                    $"{y - 0.72f * Radius} {x - 0.34f * Radius * side} {y - 0.62f * Radius} C {x - 0.6f * Radius * side} ",
                        $"{y - 0.5f * Radius} {x - 0.62f * Radius * side} {y - 0.1f * Radius} {x - 0.52f * Radius * side} ",
                            $"{y + 0.22f * Radius} C {x - 0.7f * Radius * side} {y + 0.5f * Radius} {back + 2} {y + 0.5f * Radius} ",
                                $"{back - 3} {y + (low + 0.1f) * Radius} Z"),
            DrawingCanvas.Lighter(appearance.Hair, 0.12f), DrawingCanvas.Darker(appearance.Hair, 0.2f), (front, y - 50), (back, y + 10));
        drawing.Canvas.Restore();
    }

    private void Beard()
    {
        var (x, y, _) = On(0, 0.86f, 0.55f);
        drawing.Oval((x, y), Radius * 0.5f, Radius * 0.4f, appearance.Hair.WithAlpha(215), blur: 2.5f);
        var (cheekX, cheekY, _) = On(-60, 0.55f, 0.8f);
        drawing.Oval((cheekX, cheekY), Radius * 0.18f, Radius * 0.42f, appearance.Hair.WithAlpha(170), blur: 3);
    }

    private void Eye(float longitude)
    {
        var (x, y, facing) = On(longitude, -0.1f);
        if (facing < 0.12f) return;
        var width = 7.5f * facing + 1.2f;
        drawing.Oval((x, y), width + 2, 6.5f, DrawingCanvas.Darker(appearance.Skin, 0.3f), volume: 0, blur: 1.5f);
        drawing.Oval((x, y), width, 3.9f, new SKColor(236, 232, 228), volume: 0);
        drawing.Oval((x + 0.35f * width * Side, y + pose.Nod * 0.07f), MathF.Min(width, 3.4f), 3.6f, new SKColor(48, 34, 28), volume: 0);
        drawing.Line(DrawingCanvas.Svg(
            $"M {x - width} {y - 1.5f + pose.Nod * 0.1f} Q {x} {y - 5.5f + MathF.Max(0, pose.Nod) * 0.25f} {x + width} {y - 1}"),
                DrawingCanvas.Darker(appearance.Skin, 0.6f), 1.8f);
        drawing.Line(DrawingCanvas.Svg($"M {x - width - 2} {y - 9} Q {x} {y - 14} {x + width + 2} {y - 10}"),
            DrawingCanvas.Darker(appearance.Hair, 0.2f), 3.2f);
    }

    private void Nose()
    {
        var (bridgeX, bridgeY, _) = On(0, -0.12f, 0.98f);
        var (tipX, tipY, _) = On(0, 0.34f, 1.18f);
        drawing.Limb((bridgeX, bridgeY), 4, (tipX, tipY), 6.6f, DrawingCanvas.Lighter(appearance.Skin, 0.03f));
        drawing.Oval((tipX - 4 * Side, tipY + 5), 6, 2.4f, DrawingCanvas.Darker(appearance.Skin, 0.4f), volume: 0, blur: 1.4f);
    }

    private void Mouth()
    {
        var (fromX, fromY, from) = On(-24, 0.66f, 0.96f);
        var (toX, _, to) = On(24, 0.66f, 0.96f);
        if (from < 0 && to < 0) return;
        if (from < 0) fromX = On(-8, 0, 1).X;
        if (to < 0) toX = On(8, 0, 1).X;
        var lips = DrawingCanvas.Mix(DrawingCanvas.Darker(appearance.Skin, 0.25f), new SKColor(168, 72, 72), 0.4f);
        if (pose.MouthOpen > 0.1f) drawing.Oval(((fromX + toX) / 2, fromY + 2), MathF.Abs(toX - fromX) * 0.42f, 1 + 6 * pose.MouthOpen,
            new SKColor(70, 28, 28), volume: 0);
        drawing.Line(DrawingCanvas.Svg($"M {fromX} {fromY} Q {(fromX + toX) / 2} {fromY + 3} {toX} {fromY}"), lips, 3.4f);
    }

    private void Ear(float longitude)
    {
        var (x, y, facing) = On(longitude, 0.1f, 0.92f);
        if (facing < -0.35f || appearance.HairLength > 0.6f) return;
        drawing.Oval((x - 4 * Side, y), 5 + 4 * MathF.Max(0, facing), 11, DrawingCanvas.Darker(appearance.Skin, 0.08f));
        drawing.Oval((x - 4 * Side, y + 1), 2 + 2 * MathF.Max(0, facing), 6, DrawingCanvas.Darker(appearance.Skin, 0.35f), volume: 0,
            blur: 1);
    }

    private void Glasses()
    {
        foreach (var longitude in new[] { -27f, 27f })
        {
            var (x, y, facing) = On(longitude, -0.08f, 1.04f);
            if (facing < 0.12f) continue;
            drawing.Line(DrawingCanvas.Svg(
                $"M {x - 10 * facing - 2} {y} a {10 * facing + 2} 9 0 1 1 {20 * facing + 4} 0 a {10 * facing + 2} 9 0 1 1 ",
                    $"{-20 * facing - 4} 0 Z"), new SKColor(28, 26, 28), 2.2f);
        }
        var (earX, earY, ear) = On(-80, -0.1f);
        var (eyeX, eyeY, eye) = On(-45, -0.1f, 1.04f);
        if (ear > 0 && eye > 0) drawing.Line(DrawingCanvas.Svg($"M {eyeX} {eyeY} L {earX} {earY}"), new SKColor(28, 26, 28), 2.2f);
    }

    private void Cap()
    {
        var (x, y) = (centre.X + 0.05f * Radius * Side, centre.Y - 0.42f * Radius);
        var cloth = appearance.ShirtSecond;
        drawing.Area(DrawingCanvas.Svg(
            $"M {x - 1.14f * Radius} {y + 4} C {x - 1.1f * Radius} {y - 1.15f * Radius} {x + 1.1f * Radius} {y - 1.15f * Radius} ",
                $"{x + 1.1f * Radius} {y + 2} Q {x} {y + 12} {x - 1.14f * Radius} {y + 4} Z"), DrawingCanvas.Lighter(cloth, 0.1f),
                    DrawingCanvas.Darker(cloth, 0.35f), (x + 30, y - 50), (x - 40, y + 6));
        var brim = x + 1.15f * Radius * Side;
        drawing.Oval((brim, y + 5), Radius * (0.28f + 0.45f * MathF.Abs(Side)), 7, DrawingCanvas.Darker(cloth, 0.2f), degrees: 6 * Side);
    }
}
