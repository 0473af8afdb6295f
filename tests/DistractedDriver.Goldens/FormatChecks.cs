using DistractedDriver;
using DistractedDriver.Imaging;
using TorchSharp;

namespace Goldens;

/// <summary>Image files of every kind, whole and cut short.</summary>
internal static class FormatChecks
{
    // Decoders of lossy files may differ by a level, those that interpolate colours by two.
    private static readonly Dictionary<string, double> Lossy =
        new() { [".jpg"] = 1, ["lossy.webp"] = 2, ["rgb_jpeg.tif"] = 2 };

    // A whole file of each kind that the golden cuts.
    private static readonly Dictionary<string, string> Whole = new()
    {
        ["baseline.jpg"] = "odd/baseline_444.jpg",
        ["progressive.jpg"] = "odd/progressive_420.jpg",
        ["rgb.png"] = "odd/rgb.png",
        ["rgb.bmp"] = "odd/picture.bmp",
        ["palette.gif"] = "odd/picture.gif",
        ["lossless.webp"] = "odd/lossless.webp",
        ["rgb.tif"] = "formats/rgb_raw.tif",
        ["rgb.ppm"] = "formats/rgb.ppm",
    };

    public static IEnumerable<Check> All()
    {
        foreach (var golden in Golden.Arrays.Where(name => name.StartsWith("formats/", StringComparison.Ordinal)))
        {
            var file = Path.GetFileName(golden);
            var bound = Lossy.Where(entry => file.EndsWith(entry.Key, StringComparison.Ordinal)).Select(entry => entry.Value)
                .FirstOrDefault();
            yield return new(golden, bound, () => Loaded(golden, file));
        }
        foreach (var kind in Golden.Json("formats/cut_short").EnumerateObject())
            foreach (var cut in kind.Value.EnumerateObject())
                yield return new($"formats/cut_short#{kind.Name} {cut.Name}", 0, () =>
                    Opens(kind.Name, cut.Name) == (cut.Value.ValueKind == System.Text.Json.JsonValueKind.Null) ? 0 : 1);
    }

    private static double Loaded(string golden, string file)
    {
        using var scope = torch.NewDisposeScope();
        using var stream = File.OpenRead(Golden.PathOf($"formats/{file}"));
        var values = Keras.Utils.ImgToArray(Keras.Utils.LoadImg(stream, golden.Split('/')[1]));
        if (!values.shape.SequenceEqual(Golden.Shape(golden))) return double.PositiveInfinity;
        var theirs = Golden.IsBytes(golden) ? Golden.Bytes(golden).Select(value => (float)value) : Golden.Floats(golden);
        return Check.Farthest(Check.Values(values), theirs);
    }

    private static bool Opens(string kind, string cut)
    {
        var content = File.ReadAllBytes(Golden.PathOf(Whole[kind]));
        var kept = cut.StartsWith("without", StringComparison.Ordinal)
            ? content.Length - int.Parse(cut.Split(' ')[3])
            : content.Length * int.Parse(cut) / 100;
        try
        {
            ImageFile.Load(content[..kept], kind, (4, 4), 3, Interpolation.Get("nearest"), new float[4 * 4 * 3]);
            return true;
        }
        catch (InvalidDataException error) when (error.Message.StartsWith(kind, StringComparison.Ordinal))
        {
            return false;
        }
    }
}
