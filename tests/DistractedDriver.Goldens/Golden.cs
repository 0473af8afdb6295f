using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using DistractedDriver.Models;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Goldens;

/// <summary>What the real Keras computes: tests/keras-goldens, or another folder of the same make named by KERAS_GOLDENS.</summary>
internal static partial class Golden
{
    /// <summary>The checkout.</summary>
    public static string Root { get; } = FindRoot();

    private static readonly JsonElement Manifest = Json("manifest");

    public static string Folder => Environment.GetEnvironmentVariable("KERAS_GOLDENS") ?? Path.Combine(Root, "tests", "keras-goldens");

    /// <summary>VGG16's bundled weights, with which the goldens were made.</summary>
    public static string Vgg16Weights => Path.Combine(Root, "data", "weights", "vgg16_imagenet_notop_f16.h5");

    /// <summary>The seed that the folder was made with; nothing may depend on which.</summary>
    public static ulong Seed => Manifest.GetProperty("about").GetProperty("seed").GetUInt64();

    /// <summary>The names of all arrays that are here; the manifest describes a folder that has more.</summary>
    public static IEnumerable<string> Arrays => Manifest.GetProperty("arrays").EnumerateObject()
        .Where(array => File.Exists(PathOf(array.Value.GetProperty("file").GetString()!))).Select(array => array.Name);

    public static string PathOf(string name) => Path.Combine(Folder, name);

    public static JsonElement Json(string name) =>
        JsonDocument.Parse(NotANumber().Replace(File.ReadAllText(PathOf(name + ".json")), "\"NaN\""))
        .RootElement;

    public static byte[] Bytes(string name) => File.ReadAllBytes(PathOf(Array(name).GetProperty("file").GetString()!));

    public static float[] Floats(string name) => MemoryMarshal.Cast<byte, float>(Bytes(name)).ToArray();

    /// <summary>Whether an array's values are bytes and not float32.</summary>
    public static bool IsBytes(string name) => Array(name).GetProperty("dtype").GetString() == "u8";

    public static long[] Shape(string name) => [.. Array(name).GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];

    /// <summary>The array as a tensor; the caller owns it.</summary>
    public static Tensor Tensor(string name) => torch.tensor(Floats(name), Shape(name));

    /// <summary>make_goldens.py's draw: float32 of low + (high − low)·uniform(seed).</summary>
    public static float[] Draw(ulong seed, long count, double low, double high)
    {
        var values = new float[count];
        for (var i = 0; i < values.Length; i++) values[i] = (float)(low + (high - low) * Uniform(seed, (ulong)i + 1));
        return values;
    }

    /// <summary>The draw as a tensor of a shape; the caller owns it.</summary>
    public static Tensor Draw(ulong seed, long[] shape, double low, double high) =>
        torch.tensor(Draw(seed, shape.Aggregate(1L, (product, size) => product * size), low, high), shape);

    /// <summary>make_goldens.py's fill_any: every weight of every layer from a seed of its own, counted up.</summary>
    public static void Fill(Model model, ulong seed)
    {
        foreach (var weight in model.Weights)
        {
            var (low, high) = (-0.05, 0.05);
            if (weight.Name.Contains("kernel", StringComparison.Ordinal))
            {
                var window = weight.Name.Contains("depthwise", StringComparison.Ordinal) ? weight.Shape.Take(2) : weight.Shape.SkipLast(1);
                high = Math.Sqrt(6.0 / window.Aggregate(1, (product, size) => product * size!.Value));
                low = -high;
            }
            else if (weight.Name is "gamma" or "moving_variance")
            {
                (low, high) = (0.8, 1.2);
            }
            weight.Assign(Draw(seed++, weight.Count, low, high));
        }
    }

    // splitmix64 of seed + 1, seed + 2, …: the top 53 bits.
    private static double Uniform(ulong seed, ulong i)
    {
        var z = (i + seed * (1UL << 32)) * 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return ((z ^ (z >> 31)) >> 11) / (double)(1UL << 53);
    }

    // Python writes it as a word, which is no JSON.
    [GeneratedRegex(@"(?<=[\[\s,])NaN(?=[\]\s,])")]
    private static partial Regex NotANumber();

    private static JsonElement Array(string name) => Manifest.GetProperty("arrays").GetProperty(name);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "DistractedDriver.sln"))) folder = folder.Parent;
        return folder?.FullName
            ?? throw new DirectoryNotFoundException(
                "The goldens are read inside a checkout: DistractedDriver.sln was not found above the program.");
    }
}
