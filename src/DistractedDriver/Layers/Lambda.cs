using DistractedDriver.Core;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Layers;

/// <summary>A function of one's own as a layer: <c>new Lambda(x => x * 2 - 1)</c>. It has no weights.</summary>
/// <remarks>
/// What it gives is computed anew each time, since the function may look at anything. A network with one is not loaded from a file but by
/// <c>customObjects</c>, as no file holds the function.
/// </remarks>
public sealed class Lambda : Layer
{
    private readonly Func<Tensor, Tensor> _function;
    private readonly Shape? _outputShape;

    /// <param name="function">
    /// From a batch, whose first axis counts the samples, to another of as many; it changes nothing in place.
    /// </param>
    /// <param name="outputShape">
    /// One sample's shape of what it gives, without the batch; found by trying the function where the input's sizes are fixed.
    /// </param>
    /// <param name="name">Its name in the model.</param>
    public Lambda(Func<Tensor, Tensor> function, Shape? outputShape = null, string? name = null) : base(name)
    {
        ArgumentNullException.ThrowIfNull(function);
        (_function, _outputShape) = (function, outputShape);
    }

    /// <inheritdoc/>
    protected internal override bool IsDeterministic => false;

    /// <inheritdoc/>
    protected internal override Shape ComputeOutputShape(IReadOnlyList<Shape> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (_outputShape is not null) return _outputShape.WithBatch();
        if (inputs.Count != 1 || inputs[0].Skip(1).Any(size => size is null))
            throw new ArgumentException(
                $"Lambda '{Name}' takes one input, and where not all of its sizes are fixed it needs an outputShape. Received: "
                    + $"{string.Join(", ", inputs)}.", nameof(inputs));
        using var scope = torch.NewDisposeScope();
        using var _ = torch.no_grad();
        var tried = _function(torch.zeros([1, .. inputs[0].Skip(1).Select(size => (long)size!.Value)]));
        return new Shape([null, .. tried.shape.Skip(1).Select(size => (int?)size)]);
    }

    /// <inheritdoc/>
    protected internal override Tensor Call(IReadOnlyList<Tensor> inputs, CallContext context)
    {
        // Where the function gives back what it was given, that is a tensor of its own all the same.
        var input = inputs[0].alias();
        return _function(input);
    }
}
