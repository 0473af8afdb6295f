using System.Text.Json.Nodes;
using DistractedDriver.Core;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Layers;

/// <summary>Where data enters a model. Made by <see cref="Keras.Input"/>.</summary>
public sealed class InputLayer : Layer
{
    private readonly Shape _shape;

    /// <param name="inputShape">One sample's shape, without the batch: (224, 224, 3).</param>
    /// <param name="name">Its name in the model; by default "input_1".</param>
    public InputLayer(Shape inputShape, string? name = null) : base(name)
    {
        ArgumentNullException.ThrowIfNull(inputShape);
        _shape = inputShape.WithBatch();
        Apply(Array.Empty<KerasTensor>());
    }

    /// <inheritdoc/>
    public override JsonObject GetConfig() => new()
    {
        ["batch_input_shape"] = new JsonArray([.. _shape.Select(size => (JsonNode?)size)]),
        ["dtype"] = "float32",
        ["sparse"] = false,
        ["ragged"] = false,
        ["name"] = Name,
    };

    internal static InputLayer FromConfig(LayerConfig config)
    {
        var shape = (config.Get("batch_input_shape") ?? config.Get("batch_shape"))!.AsArray();
        return new InputLayer(SampleShape(shape), config.Name);
    }

    /// <summary>One sample's shape, of a list in a file that has the batch first.</summary>
    internal static Shape SampleShape(JsonArray batchShape) => new(batchShape.Skip(1).Select(size => (int?)size));

    /// <inheritdoc/>
    protected internal override Shape ComputeOutputShape(IReadOnlyList<Shape> inputs) => _shape;

    internal override string DefaultName => "input";

    private protected override string Numbered(int count) => $"input_{count + 1}";

    /// <inheritdoc/>
    protected internal override Tensor Call(IReadOnlyList<Tensor> inputs, CallContext context) =>
        throw new InvalidOperationException("An input's value is given, not computed.");
}
