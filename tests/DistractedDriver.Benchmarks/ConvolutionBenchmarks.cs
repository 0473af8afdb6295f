using DistractedDriver;
using DistractedDriver.Applications;
using DistractedDriver.Models;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;

namespace Benchmarks;

/// <summary>VGG16's convolutions: 16 images of 224 × 224 from the input to block5_pool.</summary>
internal static class ConvolutionBenchmarks
{
    private const int Batch = 16, Rounds = 5, LimitRepeats = 16;

    // 2 × 9 × channels × filters × places, summed over the thirteen layers: what the direct way multiplies and adds an image.
    private const double Operations = 30.69e9;

    public static void Run(Results report, Peers peers, string folder)
    {
        using var scope = torch.NewDisposeScope();
        using var _ = torch.no_grad();
        // One for each way of computing, which a layer takes when it is made.
        Config.SetConvolution("direct");
        using var direct = Applications.VGG16(includeTop: false, weights: "imagenet", inputShape: (224, 224, 3));
        Config.SetConvolution("winograd");
        using var vgg16 = Applications.VGG16(includeTop: false, weights: "imagenet", inputShape: (224, 224, 3));
        Keras.SetGlobalPolicy("mixed_bfloat16");
        using var narrow = Applications.VGG16(includeTop: false, weights: "imagenet", inputShape: (224, 224, 3));
        Keras.SetGlobalPolicy("float32");
        using var onnx = OnnxVGG16.Create(vgg16, folder);
        var images = torch.rand([Batch, 224, 224, 3]).mul_(255).sub_(118);
        var values = images.permute(0, 3, 1, 2).contiguous().data<float>().ToArray();
        var names = new[] { "input" };
        using var input = OrtValue.CreateTensorValueFromMemory(values, [Batch, 3, 224, 224]);
        var (x, w) = (torch.randn([Batch, 28, 28, 512]).permute(0, 3, 1, 2), torch.randn([512, 1, 1, 512]).permute(0, 3, 1, 2));

        void Ours(Model model) => model.Predict(images, Batch).Dispose();
        void Onnx()
        {
            using var options = new RunOptions();
            using var results = onnx.Run(options, names, [input], onnx.OutputNames);
        }
        var times = Timing.Measure(
            Rounds,
            () => Ours(vgg16), () => Ours(direct), () => Ours(narrow), Onnx,
            () =>
            {
                for (var i = 0; i < LimitRepeats; i++) torch.nn.functional.conv2d(x, w).Dispose();
            });
        var (winograd, plain, half, runtime, limit) = (times[0], times[1], times[2], times[3], times[4]);
        var torchRuns = peers.Measure("vgg16", Rounds);
        var version = $"ONNX Runtime {typeof(InferenceSession).Assembly.GetName().Version!.ToString(3)}";

        report.Add("VGG16's convolutions, float32, direct, an image", Results.Milliseconds(plain, Batch),
            $"{Results.Milliseconds(runtime, Batch)} {version}", runtime.Median / plain.Median, "≥ 1.0");
        report.Add("the same, against the rate of a 1 × 1 convolution", $"{Operations * Batch / plain.Median / 1e9:F0} GFLOP/s",
            $"{LimitRepeats * 2.0 * 512 * 512 * 28 * 28 * Batch / limit.Median / 1e9:F0} GFLOP/s",
                Operations * Batch / plain.Median / (LimitRepeats * 2.0 * 512 * 512 * 28 * 28 * Batch / limit.Median), "≥ 0.95");
        report.Add("the same by Winograd's F(4 × 4, 3 × 3)", Results.Milliseconds(winograd, Batch),
            $"{Results.Milliseconds(runtime, Batch)} {version}", runtime.Median / winograd.Median, "≥ 1.5");
        report.Add("Winograd against direct", Results.Milliseconds(winograd, Batch), Results.Milliseconds(plain, Batch),
            plain.Median / winograd.Median, "");
        report.Add("Winograd against PyTorch, channels last", Results.Milliseconds(winograd, Batch), torchRuns is { } run
            ? $"{Results.Milliseconds(run.Timing, Batch)} {run.Library}"
            : null, torchRuns?.Timing.Median / winograd.Median, "");
        PlanInProcessOfItsOwn(report);
        report.Add("bfloat16 (mixed_bfloat16) against float32, direct", Results.Milliseconds(half, Batch),
            Results.Milliseconds(plain, Batch), plain.Median / half.Median, "≥ 1.8");

        var ours = vgg16.Predict(images, Batch);
        using var options = new RunOptions();
        using var theirs = onnx.Run(options, names, [input], onnx.OutputNames);
        var expected = torch.tensor(theirs[0].GetTensorDataAsSpan<float>().ToArray(), [Batch, 512, 7, 7]).permute(0, 2, 3, 1);
        var difference = ((ours - expected).norm() / expected.norm()).item<float>();
        report.Add("block5_pool by Winograd, difference of its norm", $"{difference:E1}", $"0 {version}", difference, "≤ 1E-05");
    }

    // In a process of its own, and without what keeps a layer's values in the cache.
    private static void PlanInProcessOfItsOwn(Results report)
    {
        Timing Convolve(long workingSet) => new(Worker.Ask([], "--convolve", $"{workingSet}"));
        var (ours, whole) = (Convolve(ForwardPlan.DefaultWorkingSet), Convolve(long.MaxValue));
        report.Add("Winograd, against the whole batch at once through each layer", Results.Milliseconds(ours, Batch),
            Results.Milliseconds(whole, Batch), whole.Median / ours.Median, "");
    }
}
