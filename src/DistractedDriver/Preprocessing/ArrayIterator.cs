using System.Globalization;
using DistractedDriver.Core;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Preprocessing;

/// <summary>Images that lie in memory, in batches (Keras's NumpyArrayIterator). Made by <see cref="ImageDataGenerator.Flow"/>.</summary>
public sealed class ArrayIterator : ImageIterator
{
    private readonly float[] _images;
    private readonly int _size;
    private readonly ArraySource _source;

    internal ArrayIterator(ImageDataGenerator generator, Tensor x, ArraySource source, int batchSize, bool shuffle, int? seed,
        SavedImages? saveTo)
        : base(generator, (int)x.shape[0], new Shape(x.shape.Skip(1).Select(size => (int?)size)), batchSize, shuffle, seed, saveTo)
    {
        using var scope = torch.NewDisposeScope();
        _images = x.detach().cpu().to_type(torch.ScalarType.Float32).contiguous().data<float>().ToArray();
        _size = (int)ImageShape.Elements;
        _source = source;
    }

    private protected override string Description => "the generator over arrays";

    private protected override void Read(int index, byte[]? content, Span<float> image) =>
        _images.AsSpan(index * _size, _size).CopyTo(image);

    // A row's number says nothing of its content: the key holds for this iterator alone, and the source is not told.
    private protected override (string Key, byte[]? Content) Identify(int index, bool read) =>
        (index.ToString(CultureInfo.InvariantCulture), null);

    private protected override Tensor? Labels(int[] indices, Tensor? images) => _source.Labels(indices);

    private protected override Tensor? Weights(int[] indices) => _source.Weights(indices);

    private protected override string? Source => null;
}
