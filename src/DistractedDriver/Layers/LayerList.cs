using System.Collections;

namespace DistractedDriver.Layers;

/// <summary>A model's layers in order. It takes indices and ranges: <c>model.Layers[^1]</c>, <c>model.Layers[..^4]</c>.</summary>
public sealed class LayerList : IReadOnlyList<Layer>
{
    private readonly IReadOnlyList<Layer> _layers;

    internal LayerList(IReadOnlyList<Layer> layers) => _layers = layers;

    /// <inheritdoc/>
    public int Count => _layers.Count;

    /// <inheritdoc/>
    public Layer this[int index] => _layers[index];

    /// <summary>Some of the layers that follow each other; what a range asks for.</summary>
    /// <param name="start">The first one's number, from 0.</param>
    /// <param name="length">How many.</param>
    public LayerList Slice(int start, int length) => new([.. _layers.Skip(start).Take(length)]);

    /// <inheritdoc/>
    public IEnumerator<Layer> GetEnumerator() => _layers.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
