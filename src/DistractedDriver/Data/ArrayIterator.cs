using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver;

/// <summary>Images that lie in memory, in batches (Keras's NumpyArrayIterator). Made by <see cref="ImageDataGenerator.Flow"/>.</summary>
public sealed class ArrayIterator : ImageIterator
{
    private readonly float[] _images;
    private readonly int _size;
    private readonly ArraySource _source;

    internal ArrayIterator(ImageDataGenerator generator, Tensor x, ArraySource source, int batchSize, bool shuffle, int? seed, ImageFolder? saveTo)
        : base(generator, (int)x.shape[0], new Shape(x.shape.Skip(1).Select(size => (int?)size)), batchSize, shuffle, seed, saveTo)
    {
        using var scope = torch.NewDisposeScope();
        _images = x.detach().cpu().to_type(torch.ScalarType.Float32).contiguous().data<float>().ToArray();
        _size = (int)ImageShape.FixedSize;
        _source = source;
    }

    private protected override string Description => "the generator over arrays";

    private protected override void Read(int index, Span<float> image) => _images.AsSpan(index * _size, _size).CopyTo(image);

    private protected override Tensor? Labels(int[] indices, Tensor? images) => _source.Labels(indices);

    private protected override Tensor? Weights(int[] indices) => _source.Weights(indices);

    private protected override object Source => _source.Preprocessing;

    private protected override string Identity(int index) => _source.Key(index);
}
