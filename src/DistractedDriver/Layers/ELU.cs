using System.Text.Json.Nodes;
using DistractedDriver.Core;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Layers;

/// <summary>x where it is above 0, alpha·(exp x − 1) below (D. Clevert et al., arXiv:1511.07289).</summary>
public sealed class ELU : Layer
{
    private readonly double _alpha;

    /// <param name="alpha">How far below 0 it goes.</param>
    /// <param name="name">Its name in the model.</param>
    public ELU(double alpha = 1, string? name = null) : base(name) => _alpha = alpha;

    /// <inheritdoc/>
    protected internal override JsonObject Arguments => new() { ["alpha"] = _alpha };

    internal static ELU FromConfig(LayerConfig config) => new(config.Number("alpha", 1), config.Name);

    /// <inheritdoc/>
    protected internal override Shape ComputeOutputShape(IReadOnlyList<Shape> inputs) => inputs[0];

    /// <inheritdoc/>
    protected internal override Tensor Call(IReadOnlyList<Tensor> inputs, CallContext context) =>
        torch.nn.functional.elu(inputs[0], _alpha);
}
