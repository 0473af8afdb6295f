using DistractedDriver.Datasets;
using DistractedDriver.Imaging;
using DistractedDriver.Preprocessing;
using SkiaSharp;

namespace Benchmarks;

/// <summary>640 × 480 JPEG files to 224 × 224 images, on one thread.</summary>
internal static class PipelineBenchmarks
{
    private const int Images = 64, Rounds = 7, Side = 224;

    public static void Run(Results report, Peers peers, SampleDataset data)
    {
        string[] files = [.. Directory.GetFiles(data.Train, "*.jpg", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Take(Images)];
        var nearest = Interpolation.Get("nearest");
        var generator = new ImageDataGenerator(rotationRange: 20, widthShiftRange: 0.1, heightShiftRange: 0.1, shearRange: 10,
            zoomRange: 0.2, horizontalFlip: true);
        var transforms = Enumerable.Range(0, Images).Select(seed => generator.GetRandomTransform(Side, Side, seed)).ToArray();
        var (image, warped) = (new float[Side * Side * 3], new float[Side * Side * 3]);

        void Plain()
        {
            foreach (var file in files)
            {
                ImageFile.Load(file, (Side, Side), 3, nearest, image);
                Scale(image);
            }
        }
        void Skia()
        {
            foreach (var file in files) SKBitmap.Decode(file).Dispose();
        }
        void Augmented()
        {
            for (var i = 0; i < files.Length; i++)
            {
                ImageFile.Load(files[i], (Side, Side), 3, nearest, image);
                generator.Apply(transforms[i], image, Side, Side, 3);
                Scale(image);
            }
        }
        void Warp()
        {
            foreach (var transform in transforms) new AffineWarp(transform, Side, Side).Apply(image, 3, FillMode.Nearest, 0, warped);
        }
        static void Scale(float[] values)
        {
            foreach (ref var vector in System.Runtime.InteropServices.MemoryMarshal.Cast<float,
                System.Numerics.Vector<float>>(values.AsSpan())) vector *= 1f / 255;
        }
        var times = Timing.Measure(Rounds, Plain, Augmented, Warp, Skia);
        foreach (var (name, ours, function, goal) in new[] { ("images from JPEG, plain, one thread", times[0], "plain", "≥ 1.0"),
            ("the same, augmented", times[1], "augmented", "≥ 3"), ("the warp alone", times[2], "warping", "≥ 10") })
        {
            var peer = peers.Measure(function, Rounds);
            report.Add(name, Results.Milliseconds(ours, Images), peer is { } found
                ? $"{Results.Milliseconds(found.Timing, Images)} {found.Library}"
                : null, peer?.Timing.Median / ours.Median, goal);
        }
        report.Add("images from JPEG, against Skia's decoding alone", Results.Milliseconds(times[0], Images),
            Results.Milliseconds(times[3], Images), times[3].Median / times[0].Median, "");
    }
}
