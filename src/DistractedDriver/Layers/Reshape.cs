using System.Text.Json.Nodes;
using DistractedDriver.Core;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Layers;

/// <summary>The same values in another shape; the batch stays.</summary>
public sealed class Reshape : Layer
{
    private readonly int[] _target;

    /// <param name="targetShape">The sizes behind the batch; one of them may be −1, for what is left.</param>
    /// <param name="name">Its name in the model.</param>
    /// <exception cref="ArgumentException">A size is neither at least 1 nor −1, or −1 is given twice.</exception>
    public Reshape(IReadOnlyList<int> targetShape, string? name = null) : base(name)
    {
        ArgumentNullException.ThrowIfNull(targetShape);
        if (targetShape.Any(size => size is not (>= 1 or -1)) || targetShape.Count(size => size == -1) > 1)
            throw new ArgumentException(
                $"targetShape has sizes from 1, and at most one −1. Received: ({string.Join(", ", targetShape)}).", nameof(targetShape));
        _target = [.. targetShape];
    }

    /// <inheritdoc/>
    protected internal override JsonObject Arguments =>
        new() { ["target_shape"] = new JsonArray([.. _target.Select(size => (JsonNode)size)]) };

    internal static Reshape FromConfig(LayerConfig config) => new(config.Integers("target_shape"), config.Name);

    /// <inheritdoc/>
    protected internal override Shape ComputeOutputShape(IReadOnlyList<Shape> inputs)
    {
        var fixedSizes = _target.Where(size => size != -1).Aggregate(1L, (product, size) => product * size);
        if (inputs.Count != 1 || (inputs[0].Skip(1).Any(size => size is null) && !_target.Contains(-1)))
            throw new ArgumentException($"Reshape '{Name}' takes one input of fixed sizes. Received: {string.Join(", ", inputs)}.",
                nameof(inputs));
        if (inputs[0].Skip(1)
            .Any(size => size is null)) return new Shape([null, .. _target.Select(size => size == -1 ? null : (int?)size)]);
        var all = inputs[0].WithoutBatch().Elements;
        if (_target.Contains(-1) ? all % fixedSizes != 0 : all != fixedSizes)
            throw new ArgumentException(
                $"Reshape '{Name}' can't make ({string.Join(", ", _target)}) of {inputs[0].WithoutBatch()}: it has {all} values.",
                    nameof(inputs));
        return new Shape([null, .. _target.Select(size => size == -1 ? (int)(all / fixedSizes) : (int?)size)]);
    }

    /// <inheritdoc/>
    protected internal override Tensor Call(IReadOnlyList<Tensor> inputs, CallContext context) =>
        inputs[0].reshape([inputs[0].shape[0], .. _target.Select(size => (long)size)]);
}
