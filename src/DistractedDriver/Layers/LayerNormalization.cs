using System.Text.Json.Nodes;
using DistractedDriver.Core;
using DistractedDriver.Initializers;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Layers;

/// <summary>
/// Brings each sample to mean 0 and variance 1 along its last axis, then scales and shifts it by learned weights (J. Ba et al.,
/// arXiv:1607.06450).
/// </summary>
public sealed class LayerNormalization : Layer
{
    private readonly double _epsilon;
    private readonly bool _center;
    private readonly bool _scale;
    private int _axis = -1;
    private Weight? _gamma;
    private Weight? _beta;

    /// <param name="epsilon">Added to the variance, above 0.</param>
    /// <param name="center">Whether there is a learned shift, beta.</param>
    /// <param name="scale">Whether there is a learned factor, gamma.</param>
    /// <param name="name">Its name in the model.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="epsilon"/> is not above 0.</exception>
    public LayerNormalization(double epsilon = 1e-3, bool center = true, bool scale = true, string? name = null) : base(name)
    {
        if (!(epsilon > 0)) throw new ArgumentOutOfRangeException(nameof(epsilon), $"epsilon is above 0. Received: {epsilon}.");
        (_epsilon, _center, _scale) = (epsilon, center, scale);
    }

    /// <inheritdoc/>
    protected internal override JsonObject Arguments => new()
    {
        ["axis"] = _axis,
        ["epsilon"] = _epsilon,
        ["center"] = _center,
        ["scale"] = _scale,
        ["beta_initializer"] = ((Initializer)"zeros").GetConfig(),
        ["gamma_initializer"] = ((Initializer)"ones").GetConfig(),
        ["beta_regularizer"] = null,
        ["gamma_regularizer"] = null,
        ["beta_constraint"] = null,
        ["gamma_constraint"] = null,
    };

    internal static LayerNormalization FromConfig(LayerConfig config) =>
        new(config.Number("epsilon", 1e-3), config.Flag("center", true), config.Flag("scale", true), config.Name) { _axis = config.Axis() };

    /// <inheritdoc/>
    protected internal override Shape ComputeOutputShape(IReadOnlyList<Shape> inputs)
    {
        _axis = LastAxis(inputs[0], _axis);
        return CheckChannels(inputs[0], (_gamma ?? _beta)?.Shape[0]);
    }

    /// <inheritdoc/>
    protected override void Build(IReadOnlyList<Shape> inputs)
    {
        if (_scale) _gamma = AddWeight("gamma", inputs[0].Channels, "ones");
        if (_center) _beta = AddWeight("beta", inputs[0].Channels, "zeros");
    }

    /// <inheritdoc/>
    protected internal override Tensor Call(IReadOnlyList<Tensor> inputs, CallContext context) =>
        torch.nn.functional.layer_norm(inputs[0], [inputs[0].shape[^1]], Value(_gamma), Value(_beta), _epsilon);
}
