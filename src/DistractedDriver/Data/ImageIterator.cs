using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver;

/// <summary>A batch of images with their labels. Whoever took it owns its tensors.</summary>
/// <param name="X">Images, (batch, height, width, channels), float32.</param>
/// <param name="Y">Labels, (batch, classes) one-hot or (batch); null where there are none.</param>
/// <param name="SampleWeight">How much each image counts, (batch); null for once each.</param>
public sealed record ImageBatch(Tensor X, Tensor? Y, Tensor? SampleWeight = null) : IDisposable
{
    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        X.Dispose();
        Y?.Dispose();
        SampleWeight?.Dispose();
    }
}

/// <summary>
/// Images in batches, over and over (Keras's Iterator). Which images make a batch follows NumPy's legacy generator, seeded
/// with the seed plus the number of batches seen, as in Keras.
/// </summary>
public abstract class ImageIterator : IBatchSource
{
    private readonly ImageDataGenerator _generator;
    private readonly ImageFolder? _saveTo;
    private int[]? _order;
    private NumpyRandom? _seeded;
    private int _seen;
    private int _next;

    /// <exception cref="ArgumentOutOfRangeException">The batch size is below 1, or the seed negative.</exception>
    private protected ImageIterator(ImageDataGenerator generator, int samples, Shape imageShape, int batchSize, bool shuffle, int? seed, ImageFolder? saveTo)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        if (seed is < 0) throw new ArgumentOutOfRangeException(nameof(seed), $"A seed is from 0. Received: {seed}.");
        (_generator, Samples, ImageShape, BatchSize, Shuffle, Seed, _saveTo) = (generator, samples, imageShape, batchSize, shuffle, seed, saveTo);
    }

    /// <summary>An image's height, width and channels.</summary>
    public Shape ImageShape { get; }

    /// <summary>How many images there are.</summary>
    public int Samples { get; }

    /// <summary>How many images make a batch; the last of an epoch may have fewer.</summary>
    public int BatchSize { get; }

    /// <summary>Whether each epoch has an order of its own.</summary>
    public bool Shuffle { get; }

    /// <summary>What makes the order repeatable; null draws from the library's one source of randomness.</summary>
    public int? Seed { get; }

    /// <summary>How many batches make an epoch: Keras's <c>len(iterator)</c>.</summary>
    public int Count => (Samples + BatchSize - 1) / BatchSize;

    /// <summary>The next batch; after an epoch's last one the next epoch begins. The caller owns it.</summary>
    /// <exception cref="InvalidDataException">An image can't be read; the message names it.</exception>
    public ImageBatch Next() => Load(NextIndices());

    /// <summary>The images, by number, of the next batch.</summary>
    internal int[] NextIndices()
    {
        Reseed();
        if (_next == 0) _order = Draw();
        _seen++;
        var indices = Slice(_next);
        _next = (_next + 1) % Count;
        return indices;
    }

    /// <summary>Reads one image, as it is before anything is done to it.</summary>
    /// <param name="index">Its number.</param>
    /// <param name="image">Receives height × width × channels values.</param>
    private protected abstract void Read(int index, Span<float> image);

    /// <summary>The images' labels; <paramref name="images"/> where the images themselves are those.</summary>
    private protected abstract Tensor? Labels(int[] indices, Tensor? images);

    private protected virtual Tensor? Weights(int[] indices) => null;

    private protected abstract string Description { get; }

    /// <summary>How the images are read, as far as it is not the generator's; a text where it means the same in another process.</summary>
    private protected abstract object Source { get; }

    /// <summary>What tells an image from every other.</summary>
    private protected abstract string Identity(int index);

    private ImageBatch Load(int[] indices)
    {
        using var scope = torch.NewDisposeScope();
        var (height, width, channels) = (ImageShape[0]!.Value, ImageShape[1]!.Value, ImageShape.Channels);
        var size = height * width * channels;
        // Images are written where the tensor keeps them.
        var images = torch.empty([indices.Length, height, width, channels]);
        var address = images.Address();
        // After the order was drawn, a batch's transforms are drawn from the same stream.
        var transforms = Array.ConvertAll(indices, _ => _generator.Draw(Randomness, height, width));
        try
        {
            Parallel.For(0, indices.Length, i =>
            {
                var image = Memory(address, (long)i * size, size);
                Read(indices[i], image);
                if (transforms[i] is { } transform) _generator.Apply(transform, image, height, width, channels);
            });
        }
        catch (AggregateException errors) when (errors.InnerExceptions[0] is InvalidDataException error)
        {
            throw new InvalidDataException(error.Message, error);
        }
        var prepared = _generator.Standardize(images);
        _saveTo?.Save(prepared, indices);
        return new ImageBatch(prepared.MoveToOuterDisposeScope(), Labels(indices, prepared)?.MoveToOuterDisposeScope(), Weights(indices)?.MoveToOuterDisposeScope());
    }

    private static unsafe Span<float> Memory(nint address, long first, int size) => new((float*)address + first, size);

    int IBatchSource.Batches => Count;

    Shape IBatchSource.Shape => ImageShape.WithBatch();

    string IBatchSource.Description => Description;

    // An image that is changed at random, or to be saved, has to be made each time.
    bool IBatchSource.IsRepeatable => !_generator.IsRandom && _saveTo is null;

    // Training takes batches by number, as Keras's fit does.
    int[] IBatchSource.Indices(int batch)
    {
        Reseed();
        _seen++;
        _order ??= Draw();
        return Slice(batch);
    }

    ImageBatch IBatchSource.Load(int[] indices) => Load(indices);

    Tensor? IBatchSource.Labels(int[] indices) => Labels(indices, null);

    Tensor? IBatchSource.Weights(int[] indices) => Weights(indices);

    object IBatchSource.Preprocessing => (_generator.PreprocessingKey, Source) switch
    {
        (string how, string what) => $"{what}; {how}",
        var key => key,
    };

    string IBatchSource.Key(int index) => Identity(index);

    void IBatchSource.EndEpoch() => _order = Draw();

    private NumpyRandom Randomness => _seeded ?? NumpyRandom.Global;

    private void Reseed() => _seeded = Seed is { } seed ? new NumpyRandom((uint)(seed + _seen)) : null;

    private int[] Draw() => Shuffle ? Randomness.Permutation(Samples) : [.. Enumerable.Range(0, Samples)];

    private int[] Slice(int batch) => [.. _order!.Skip(batch * BatchSize).Take(BatchSize)];
}
