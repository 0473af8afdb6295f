using DistractedDriver.Core;

namespace DistractedDriver.Datasets.Sample;

/// <summary>Where a hand is, and how the arm gets there.</summary>
/// <param name="Hand">The hand's place in pixels.</param>
/// <param name="Bend">Which way the elbow goes: 1 down and forward, −1 up and back.</param>
internal sealed record Arm((float X, float Y) Hand, float Bend = 1);

/// <summary>
/// How a driver sits in one picture, seen from the passenger's side, the car's front on the right: the right arm is the near
/// one. It follows from the class, with the freedom a person takes.
/// </summary>
/// <param name="Near">The right arm.</param>
/// <param name="Far">The left arm.</param>
/// <param name="Turn">Where the face points in degrees: 0 into the camera, 90 ahead, negative to the back of the car.</param>
/// <param name="Nod">How far the face looks down in pixels; negative is up.</param>
/// <param name="Lean">How far the shoulders have come forward in pixels.</param>
/// <param name="NearHolds">"phone", "cup", "can", "bottle", "drawing" or null.</param>
/// <param name="FarHolds">"phone" or null.</param>
/// <param name="MouthOpen">0…1.</param>
internal sealed record Pose(Arm Near, Arm Far, float Turn, float Nod, float Lean, string? NearHolds = null, string? FarHolds = null,
    float MouthOpen = 0)
{
    /// <summary>A pose of a class.</summary>
    /// <param name="className">"c0" … "c9".</param>
    /// <param name="clip">What is the same in a clip.</param>
    /// <param name="frame">What moves from one frame to the next.</param>
    public static Pose Draw(string className, NumpyRandom clip, NumpyRandom frame)
    {
        (float, float) At(float x, float y, float clipSpread = 14, float frameSpread = 4) =>
            (x + clip.Uniform(-clipSpread, clipSpread) + frame.Uniform(-frameSpread, frameSpread),
                y + clip.Uniform(-clipSpread, clipSpread) + frame.Uniform(-frameSpread, frameSpread));
        float Around(float value, float clipSpread, float frameSpread) =>
            value + clip.Uniform(-clipSpread, clipSpread) + frame.Uniform(-frameSpread, frameSpread);

        var nearOnWheel = new Arm(clip.Chance(0.7f) ? At(447, 288, 12, 2) : At(440, 372, 10, 2));
        var farOnWheel = new Arm(clip.Chance(0.7f) ? At(492, 262, 10, 2) : At(466, 236, 8, 2));
        var driving = new Pose(nearOnWheel, farOnWheel, Around(62, 12, 4), Around(0, 5, 2), Around(0, 8, 2), MouthOpen: clip.Chance(0.15f)
            ? 0.4f
            : 0);
        var glance = clip.Chance(0.65f);
        return className switch
        {
            "c0" => driving,
            "c1" => driving with
            {
                Near = new(At(372, 318, 24)),
                NearHolds = "phone",
                Turn = Around(glance ? 52 : 64, 10, 4),
                Nod = Around(glance ? 13 : 3, 4, 2)
            },
            "c2" => driving with
            {
                Near = new(At(264, 178, 8, 3)),
                NearHolds = "phone",
                Turn = Around(64, 12, 4),
                MouthOpen = clip.Chance(0.5f) ? 0.5f : 0
            },
            "c3" => driving with
            {
                Far = new(At(408, 258, 18)),
                FarHolds = "phone",
                Turn = Around(glance ? 58 : 66, 10, 4),
                Nod = Around(glance ? 12 : 3, 4, 2)
            },
            "c4" => driving with
            {
                Far = new(At(322, 168, 7, 3)),
                FarHolds = "phone",
                Turn = Around(60, 12, 4),
                MouthOpen = clip.Chance(0.5f) ? 0.5f : 0
            },
            "c5" => driving with
            {
                Near = new(At(538, 368, 18)),
                Lean = Around(26, 10, 3),
                Turn = Around(glance ? 40 : 60, 10, 4),
                Nod = Around(glance ? 12 : 4, 4, 2)
            },
            "c6" => driving with
            {
                Near = new(At(324, 196, 8, 4)),
                NearHolds = clip.Pick(["cup", "can", "bottle"]),
                Nod = Around(-7, 4, 2),
                Turn = Around(62, 10, 3)
            },
            "c7" => driving with
            {
                Near = new(At(70, 300, 26, 6), Bend: -1),
                Turn = Around(-38, 18, 5),
                Nod = Around(9, 5, 2),
                Lean = Around(-12, 8, 3)
            },
            "c8" => driving with
            {
                Near = new(clip.Chance(0.55f) ? At(262, 108, 14, 5) : At(318, 164, 8, 4)),
                NearHolds = clip.Chance(0.3f)
                ? "drawing"
                : null,
                Nod = Around(-9, 4, 2),
                Turn = Around(54, 14, 4)
            },
            "c9" => driving with
            {
                Near = clip.Chance(0.35f)
                ? new(At(396, 300, 24, 8))
                : nearOnWheel,
                Turn = Around(6, 14, 5),
                MouthOpen = frame.Uniform(0.2f, 0.9f)
            },
            _ => throw new ArgumentOutOfRangeException(nameof(className), className, "The classes are c0 to c9."),
        };
    }
}
