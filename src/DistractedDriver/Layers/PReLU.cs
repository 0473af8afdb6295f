using System.Text.Json.Nodes;
using DistractedDriver.Core;
using DistractedDriver.Initializers;
using DistractedDriver.Regularizers;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Layers;

/// <summary>x where it is above 0, alpha·x below with an alpha that is learned (K. He et al., arXiv:1502.01852).</summary>
public sealed class PReLU : Layer
{
    private readonly Initializer _initializer;
    private readonly Regularizer? _regularizer;
    private readonly int[] _shared;
    private Weight? _alpha;

    /// <param name="alphaInitializer">The slopes' first values; Keras's default is zero.</param>
    /// <param name="alphaRegularizer">What the slopes' size adds to the loss; nothing by default.</param>
    /// <param name="sharedAxes">The axes along which a slope is shared, counted with the batch as 0: [1, 2] for one a channel.</param>
    /// <param name="name">Its name in the model.</param>
    public PReLU(
        Initializer? alphaInitializer = null, Regularizer? alphaRegularizer = null, IReadOnlyList<int>? sharedAxes = null,
            string? name = null)
        : base(name) =>
        (_initializer, _regularizer, _shared) = (alphaInitializer ?? "zeros", alphaRegularizer, [.. sharedAxes ?? []]);

    /// <inheritdoc/>
    protected internal override JsonObject Arguments => new()
    {
        ["alpha_initializer"] = _initializer.GetConfig(),
        ["alpha_regularizer"] = _regularizer?.GetConfig(),
        ["alpha_constraint"] = null,
        ["shared_axes"] = _shared.Length == 0 ? null : new JsonArray([.. _shared.Select(axis => (JsonNode)axis)]),
    };

    internal static PReLU FromConfig(LayerConfig config) => new(
        config.Initializer("alpha_initializer"), config.Regularizer("alpha_regularizer"),
        config.Get("shared_axes") is null ? null : config.Integers("shared_axes"), config.Name);

    /// <inheritdoc/>
    protected internal override Shape ComputeOutputShape(IReadOnlyList<Shape> inputs)
    {
        var own = inputs[0].Select((size, axis) => axis == 0 || _shared.Contains(axis) ? 1 : size).ToArray();
        if (inputs.Count != 1 || own.Any(size => size is null) || _shared.Any(axis => axis < 1 || axis >= own.Length))
        {
            throw new ArgumentException(
                $"PReLU '{Name}' has a slope for each place of its input, but along sharedAxes, so the other sizes must be fixed. "
                    + $"Received: shape {inputs[0]}, sharedAxes [{string.Join(", ", _shared)}].", nameof(inputs));
        }
        return inputs[0];
    }

    /// <inheritdoc/>
    protected override void Build(IReadOnlyList<Shape> inputs) => _alpha = AddWeight(
        "alpha", new Shape(inputs[0].Skip(1).Select((size, i) => _shared.Contains(i + 1) ? 1 : size)), _initializer,
            regularizer: _regularizer);

    /// <inheritdoc/>
    protected internal override Tensor Call(IReadOnlyList<Tensor> inputs, CallContext context)
    {
        var alpha = Value(_alpha!);
        return inputs[0].relu() - alpha * (-inputs[0]).relu();
    }
}
