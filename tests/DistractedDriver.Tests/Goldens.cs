using System.Runtime.InteropServices;
using System.Text.Json;

namespace DistractedDriver.Tests;

/// <summary>What the real Keras computes: tests/keras-goldens, or another folder of the same make named by KERAS_GOLDENS.</summary>
internal static class Goldens
{
    private static readonly string Root = FindRoot();
    private static readonly JsonElement Manifest = Json("manifest");

    public static string Folder => Environment.GetEnvironmentVariable("KERAS_GOLDENS") ?? Path.Combine(Root, "tests", "keras-goldens");

    /// <summary>VGG16's bundled weights, with which the goldens were made.</summary>
    public static string Vgg16Weights => Path.Combine(Root, "data", "weights", "vgg16_imagenet_notop_f16.h5");

    public static ulong Seed => Manifest.GetProperty("about").GetProperty("seed").GetUInt64();

    public static string PathOf(string name) => Path.Combine(Folder, name);

    public static JsonElement Json(string name) => JsonDocument.Parse(File.ReadAllText(PathOf(name + ".json"))).RootElement;

    public static byte[] Bytes(string name) => File.ReadAllBytes(PathOf(Array(name).GetProperty("file").GetString()!));

    public static float[] Floats(string name) => MemoryMarshal.Cast<byte, float>(Bytes(name)).ToArray();

    public static long[] Shape(string name) => [.. Array(name).GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];

    /// <summary>make_goldens.py's draw: float32 of low + (high − low)·uniform(seed).</summary>
    public static float[] Draw(ulong seed, int count, double low, double high) =>
        [.. Enumerable.Range(1, count).Select(i => (float)(low + (high - low) * Uniform(seed, (ulong)i)))];

    /// <summary>‖a − b‖ / ‖b‖.</summary>
    public static double Deviation(IReadOnlyList<float> actual, IReadOnlyList<float> expected)
    {
        Assert.Equal(expected.Count, actual.Count);
        double difference = 0, norm = 0;
        for (var i = 0; i < expected.Count; i++)
        {
            difference += Math.Pow((double)actual[i] - expected[i], 2);
            norm += Math.Pow(expected[i], 2);
        }
        return Math.Sqrt(difference / norm);
    }

    // splitmix64 of seed + 1, seed + 2, …: the top 53 bits.
    private static double Uniform(ulong seed, ulong i)
    {
        var z = (i + seed * (1UL << 32)) * 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return ((z ^ (z >> 31)) >> 11) / (double)(1UL << 53);
    }

    private static JsonElement Array(string name) => Manifest.GetProperty("arrays").GetProperty(name);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "DistractedDriver.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("The tests run inside a checkout: DistractedDriver.sln was not found above the test assembly.");
    }
}
