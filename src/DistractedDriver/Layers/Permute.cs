using System.Text.Json.Nodes;
using DistractedDriver.Core;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Layers;

/// <summary>The axes in another order; the batch stays first.</summary>
public sealed class Permute : Layer
{
    private readonly int[] _dims;

    /// <param name="dims">Which axis stands where, counted from 1, the batch left out: (3, 1, 2) puts an image's channels first.</param>
    /// <param name="name">Its name in the model.</param>
    /// <exception cref="ArgumentException">Not every number from 1 on is there once.</exception>
    public Permute(IReadOnlyList<int> dims, string? name = null) : base(name)
    {
        ArgumentNullException.ThrowIfNull(dims);
        if (!dims.Order().SequenceEqual(Enumerable.Range(1, dims.Count)))
            throw new ArgumentException($"dims has every number from 1 on once. Received: ({string.Join(", ", dims)}).", nameof(dims));
        _dims = [.. dims];
    }

    /// <inheritdoc/>
    protected internal override JsonObject Arguments => new() { ["dims"] = new JsonArray([.. _dims.Select(axis => (JsonNode)axis)]) };

    internal static Permute FromConfig(LayerConfig config) => new(config.Integers("dims"), config.Name);

    /// <inheritdoc/>
    protected internal override Shape ComputeOutputShape(IReadOnlyList<Shape> inputs) =>
        inputs.Count == 1 && inputs[0].Count == _dims.Length + 1
        ? new Shape([null, .. _dims.Select(axis => inputs[0][axis])])
        : throw new ArgumentException(
            $"Permute '{Name}' takes one input of {_dims.Length} axes behind the batch. Received: {string.Join(", ", inputs)}.",
                nameof(inputs));

    /// <inheritdoc/>
    protected internal override Tensor Call(IReadOnlyList<Tensor> inputs, CallContext context) =>
        inputs[0].permute([0, .. _dims.Select(axis => (long)axis)]);
}
