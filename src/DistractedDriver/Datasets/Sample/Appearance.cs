using DistractedDriver.Core;
using SkiaSharp;

namespace DistractedDriver.Datasets.Sample;

/// <summary>What stays the same in all pictures of one driver: the person, the car and the day.</summary>
internal sealed record Appearance
{
    private static readonly SKColor[] Skins = [new(244, 208, 180), new(232, 190, 158), new(214, 164, 126), new(186, 132, 94),
        new(148, 98, 66), new(104, 68, 46), new(78, 50, 36)];
    private static readonly SKColor[] Hairs = [new(24, 20, 20), new(48, 34, 26), new(84, 56, 36), new(126, 84, 48), new(176, 134, 78),
        new(206, 176, 120), new(138, 132, 128), new(120, 52, 30)];

    public Appearance(NumpyRandom random)
    {
        Skin = DrawingCanvas.Mix(random.Pick(Skins), SKColors.SaddleBrown, random.Uniform(0, 0.08f));
        Hair = random.Pick(Hairs);
        HairLength = random.Pick([0, 0.25f, 0.4f, 0.7f, 1]);
        HasBeard = HairLength < 0.5f && random.Chance(0.4f);
        HasGlasses = random.Chance(0.35f);
        HasCap = random.Chance(0.2f);
        Shirt = DrawingCanvas.Hsv(random.Uniform(0, 360), random.Uniform(5, 75), random.Uniform(22, 92));
        ShirtSecond = DrawingCanvas.Hsv(random.Uniform(0, 360), random.Uniform(5, 60), random.Uniform(15, 95));
        Pattern = random.Pick(["plain", "plain", "stripes", "checks", "jacket"]);
        LongSleeves = Pattern == "jacket" || random.Chance(0.45f);
        Trousers = DrawingCanvas.Hsv(random.Uniform(200, 250), random.Uniform(5, 45), random.Uniform(15, 50));
        Build = random.Uniform(0.86f, 1.18f);
        Height = random.Uniform(-22, 18);
        SeatForward = random.Uniform(-20, 22);
        Seat = DrawingCanvas.Hsv(random.Pick([25, 35, 210, 0, 30]), random.Uniform(2, 30), random.Uniform(14, 62));
        Cabin = DrawingCanvas.Hsv(random.Pick([30, 215, 40, 0]), random.Uniform(2, 22), random.Uniform(10, 36));
        Roof = DrawingCanvas.Hsv(random.Pick([35, 45, 210]), random.Uniform(3, 16), random.Uniform(48, 82));
        WheelSpokes = random.Pick([2, 3, 4]);
        WheelLift = random.Uniform(-12, 14);
        ScreenLit = random.Chance(0.6f);
        Scenery = random.Pick(["trees", "town", "highway", "car park"]);
        SkyHue = random.Uniform(195, 222);
        SkySaturation = random.Uniform(4, 42);
        Daylight = random.Uniform(0.72f, 1.12f);
        Warmth = random.Uniform(-0.1f, 0.14f);
        SunFrom = random.Uniform(120, 560);
        SunStrength = random.Uniform(0, 0.3f);
        Zoom = random.Uniform(0.97f, 1.12f);
        (ShiftX, ShiftY, Tilt) = (random.Uniform(-22, 22), random.Uniform(-14, 14), random.Uniform(-2.6f, 2.6f));
    }

    public SKColor Skin { get; }
    public SKColor Hair { get; }

    /// <summary>0 for shaven, 1 for hair below the shoulders.</summary>
    public float HairLength { get; }
    public bool HasBeard { get; }
    public bool HasGlasses { get; }
    public bool HasCap { get; }
    public SKColor Shirt { get; }
    public SKColor ShirtSecond { get; }

    /// <summary>"plain", "stripes", "checks" or "jacket".</summary>
    public string Pattern { get; }
    public bool LongSleeves { get; }
    public SKColor Trousers { get; }

    /// <summary>How broad the person is, around 1.</summary>
    public float Build { get; }

    /// <summary>How many pixels lower the shoulders are than usual.</summary>
    public float Height { get; }

    /// <summary>How many pixels nearer to the wheel the seat stands than usual.</summary>
    public float SeatForward { get; }
    public SKColor Seat { get; }
    public SKColor Cabin { get; }
    public SKColor Roof { get; }
    public int WheelSpokes { get; }
    public float WheelLift { get; }
    public bool ScreenLit { get; }

    /// <summary>"trees", "town", "highway" or "car park".</summary>
    public string Scenery { get; }
    public float SkyHue { get; }
    public float SkySaturation { get; }

    /// <summary>How bright the pictures are, around 1.</summary>
    public float Daylight { get; }

    /// <summary>Below 0 a bluish, above 0 a reddish light.</summary>
    public float Warmth { get; }
    public float SunFrom { get; }
    public float SunStrength { get; }

    /// <summary>How the camera is mounted.</summary>
    public float Zoom { get; }
    public float ShiftX { get; }
    public float ShiftY { get; }
    public float Tilt { get; }
}
