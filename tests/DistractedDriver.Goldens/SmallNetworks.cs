using DistractedDriver;
using DistractedDriver.Layers;
using DistractedDriver.Losses;
using DistractedDriver.Metrics;
using DistractedDriver.Models;
using DistractedDriver.Optimizers;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Goldens;

/// <summary>The small networks and arrays of make_training.py.</summary>
internal static class SmallNetworks
{
    /// <summary>Forty images of 8 × 8; the caller owns them.</summary>
    public static Tensor Images() => Golden.Draw(Golden.Seed + 630, [40, 8, 8, 3], -1, 1);

    /// <summary>Their classes, 0 to 2.</summary>
    public static Tensor Classes() => (torch.arange(40) * 7 % 3).to_type(torch.ScalarType.Float32);

    /// <summary>The same one-hot.</summary>
    public static Tensor OneHot() => torch.nn.functional.one_hot(torch.arange(40) * 7 % 3, 3).to_type(torch.ScalarType.Float32);

    /// <summary>Three classes, compiled.</summary>
    public static Model Three(bool norm = false, Loss? loss = null)
    {
        var input = Keras.Input((8, 8, 3));
        var y = new Conv2D(4, 3, padding: "same", useBias: !norm, name: "conv").Apply(input);
        if (norm) y = new BatchNormalization(name: "norm").Apply(y);
        var model = new Model(input, new Dense(3, activation: "softmax", name: "head").Apply(new Flatten().Apply(new ReLU().Apply(y))));
        Golden.Fill(model, Golden.Seed + 6400);
        Compile(model, loss ?? "categorical_crossentropy");
        return model;
    }

    /// <summary>As make_training.py compiles by default.</summary>
    public static void Compile(Model model, Loss loss, params Metric[] metrics) =>
        model.Compile(new Adam(0.01), loss, metrics.Length == 0 ? ["accuracy"] : metrics);
}
