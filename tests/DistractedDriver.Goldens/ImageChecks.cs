using DistractedDriver;
using DistractedDriver.Imaging;
using DistractedDriver.Preprocessing;
using TorchSharp;

namespace Goldens;

/// <summary>Image files decoded and scaled, and single images transformed.</summary>
internal static class ImageChecks
{
    // JPEG decoders may differ by a level.
    private const double GreyLevel = 1;
    private const double Warped = 1e-3;

    private static readonly Dictionary<string, ImageTransform> Transforms = new()
    {
        ["rotate"] = new() { Theta = 23 },
        ["shift"] = new() { Tx = 5.5, Ty = -3.25 },
        ["shear"] = new() { Shear = 14 },
        ["zoom"] = new() { Zx = 0.8, Zy = 1.3 },
        ["all"] = new() { Theta = -11, Tx = 2, Ty = 4, Shear = 6, Zx = 0.9, Zy = 0.95, FlipHorizontal = true },
        ["flip_h"] = new() { FlipHorizontal = true },
        ["flip_v"] = new() { FlipVertical = true },
        ["channel_shift"] = new() { ChannelShiftIntensity = 37 },
        ["brightness"] = new() { Brightness = 1.4 },
    };

    public static IEnumerable<Check> All()
    {
        foreach (var golden in Golden.Arrays)
        {
            var (folder, name) = (golden.Split('/')[0], golden[(golden.IndexOf('/') + 1)..]);
            if (folder.StartsWith("decode", StringComparison.Ordinal))
                yield return new(golden, name.EndsWith(".jpg", StringComparison.Ordinal) ? GreyLevel : 0, () =>
                    Loaded(golden, name, "nearest"));
            if (folder == "resize")
                yield return new(golden, 0, () => Loaded(golden, "rgb.png", name.Split('_')[0]));
            if (folder == "augment" && name != "input")
                yield return new(golden, Warped, () => Transformed(golden, name.Split('_')[0], name[(name.IndexOf('_') + 1)..]));
        }
    }

    private static double Loaded(string golden, string file, string interpolation)
    {
        using var scope = torch.NewDisposeScope();
        var shape = Golden.Shape(golden);
        var mode = shape[2] switch
        {
            1 => "grayscale",
            3 => "rgb",
            _ => "rgba",
        };
        var image = Keras.Utils.LoadImg(
            Golden.PathOf($"odd/{file}"), mode, targetSize: golden.StartsWith("resize", StringComparison.Ordinal)
                ? ((int)shape[0], (int)shape[1])
                : null, interpolation: interpolation);
        var values = Keras.Utils.ImgToArray(image);
        return values.shape.SequenceEqual(shape)
            ? Check.Farthest(Check.Values(values), Golden.Bytes(golden).Select(value => (float)value))
            : double.PositiveInfinity;
    }

    private static double Transformed(string golden, string fillMode, string transform)
    {
        using var scope = torch.NewDisposeScope();
        var changed = new ImageDataGenerator(fillMode: fillMode, cval: 17)
            .ApplyTransform(Golden.Tensor("augment/input"), Transforms[transform]);
        return Check.Farthest(Check.Values(changed), Golden.Floats(golden));
    }
}
