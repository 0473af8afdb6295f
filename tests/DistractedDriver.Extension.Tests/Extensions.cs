using System.Text.Json.Nodes;
using DistractedDriver.Callbacks;
using DistractedDriver.Core;
using DistractedDriver.Initializers;
using DistractedDriver.Layers;
using DistractedDriver.Losses;
using DistractedDriver.Metrics;
using DistractedDriver.Optimizers;
using DistractedDriver.Regularizers;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace ExtensionTests;

/// <summary>Multiplies by a number that it was made with and by one that it learns.</summary>
internal sealed class Scale(double factor, string? name = null) : Layer(name)
{
    private Weight? _gain;

    protected override JsonObject Arguments => new() { ["factor"] = factor };

    protected override Shape ComputeOutputShape(IReadOnlyList<Shape> inputs) => inputs[0];

    protected override void Build(IReadOnlyList<Shape> inputs) => _gain = AddWeight("gain", inputs[0].Channels, "ones", regularizer: "l2");

    protected override Tensor Call(IReadOnlyList<Tensor> inputs, CallContext context) => inputs[0] * (float)factor * Value(_gain!);
}

/// <summary>Adds a number that it keeps to itself.</summary>
internal sealed class SecretShift(float shift) : Layer(null)
{
    protected override Shape ComputeOutputShape(IReadOnlyList<Shape> inputs) => inputs[0];

    protected override Tensor Call(IReadOnlyList<Tensor> inputs, CallContext context) => inputs[0] + shift;
}

/// <summary>The mean of |prediction − truth|.</summary>
internal sealed class AbsoluteError : Loss
{
    public override string Name => "absolute_error";

    protected override Tensor Call(Tensor truth, Tensor prediction, CallContext context) => (prediction - truth).abs().mean([-1]);
}

/// <summary>The largest |prediction − truth| of all samples.</summary>
internal sealed class LargestError() : Metric("largest_error")
{
    private double _largest;

    protected override void ResetState() => _largest = 0;

    protected override void UpdateState(Tensor truth, Tensor prediction, Tensor? weights, CallContext context) =>
        _largest = Math.Max(_largest, (prediction - truth).abs().max().item<float>());

    protected override double Result() => _largest;
}

/// <summary>Steps by the sign of the gradient (signSGD: J. Bernstein et al., arXiv:1802.04434).</summary>
internal sealed class SignDescent(double learningRate) : Optimizer(learningRate)
{
    protected override int SlotsPerWeight => 0;

    protected override void Step(Tensor weight, Tensor gradient, Tensor[] slots, float rate) => weight.sub_(gradient.sign() * rate);
}

/// <summary>0, 1, 2, ….</summary>
internal sealed class Counting : Initializer
{
    public override Tensor Call(Shape shape) => torch.arange(shape.Elements, dtype: torch.ScalarType.Float32);
}

/// <summary>The cost Σ w⁴.</summary>
internal sealed class FourthPower : Regularizer
{
    public override Tensor Call(Tensor weight) => weight.pow(4).sum();
}

/// <summary>Notes the epochs.</summary>
internal sealed class Noted : Callback
{
    public List<int> Epochs { get; } = [];

    public override void OnEpochEnd(int epoch, IDictionary<string, double> logs) => Epochs.Add(epoch);
}
