using DistractedDriver.Compute;
using DistractedDriver.Core;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Preprocessing;

/// <summary>
/// Images in batches, over and over (Keras's Iterator). Which images make a batch follows NumPy's legacy generator, seeded
/// with the seed plus the number of batches seen, as in Keras.
/// </summary>
public abstract class ImageIterator : IBatchSource
{
    private readonly ImageDataGenerator _generator;
    private readonly SavedImages? _saveTo;
    private int[]? _order;
    private NumpyRandom? _seeded;
    private int _seen;
    private int _next;

    /// <exception cref="ArgumentOutOfRangeException">The batch size is below 1, or the seed negative.</exception>
    private protected ImageIterator(ImageDataGenerator generator, int samples, Shape imageShape, int batchSize, bool shuffle, int? seed,
        SavedImages? saveTo)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        if (seed is < 0) throw new ArgumentOutOfRangeException(nameof(seed), $"A seed is from 0. Received: {seed}.");
        (_generator, Samples, ImageShape, BatchSize, Shuffle, Seed, _saveTo) = (generator, samples, imageShape, batchSize, shuffle, seed,
            saveTo);
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
    public ImageBatch Next()
    {
        var batch = Load(NextIndices(), null);
        return new ImageBatch(batch.X!, batch.Y, batch.SampleWeight);
    }

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
    /// <param name="content">What <see cref="Identify"/> has read of it; null if nothing.</param>
    /// <param name="image">Receives height × width × channels values.</param>
    private protected abstract void Read(int index, byte[]? content, Span<float> image);

    /// <summary>What tells an image from every other, with its content if that was read to find out.</summary>
    /// <param name="index">Its number.</param>
    /// <param name="read">Whether its content is needed in any case.</param>
    private protected abstract (string Key, byte[]? Content) Identify(int index, bool read);

    /// <summary>The images' labels; <paramref name="images"/> where the images themselves are those.</summary>
    private protected abstract Tensor? Labels(int[] indices, Tensor? images);

    /// <summary>Whether the images themselves are the labels.</summary>
    private protected virtual bool LabelsAreImages => false;

    private protected virtual Tensor? Weights(int[] indices) => null;

    private protected abstract string Description { get; }

    /// <summary>How the images are read, as far as it is not the generator's; null where it can't be told.</summary>
    private protected abstract string? Source { get; }

    private SampleBatch Load(int[] indices, Predicate<string>? isKnown)
    {
        var identified = isKnown is null ? null : Identified(indices, isKnown);
        int[] loaded = [.. Enumerable.Range(0, indices.Length).Where(i => identified is null || LabelsAreImages || !identified[i].IsKnown)];
        using var scope = torch.NewDisposeScope();
        var images = loaded.Length == 0
            ? null
            : Images(Array.ConvertAll(loaded, i => indices[i]), Array.ConvertAll(loaded, i => identified?[i].Content));
        return new SampleBatch(
            indices, identified is null
                ? null
                : Array.ConvertAll(identified, sample => sample.Key), loaded, images?.MoveToOuterDisposeScope(),
            Labels(indices, images)?.MoveToOuterDisposeScope(), Weights(indices)?.MoveToOuterDisposeScope());
    }

    // What tells the images apart, and the content of those whose values are needed: of one read.
    private (string Key, byte[]? Content, bool IsKnown)[] Identified(int[] indices, Predicate<string> isKnown)
    {
        var identified = new (string Key, byte[]? Content, bool IsKnown)[indices.Length];
        Each(indices.Length, i =>
        {
            var (key, content) = Identify(indices[i], read: false);
            if (!isKnown(key) && content is null) (key, content) = Identify(indices[i], read: true);
            identified[i] = (key, content, isKnown(key));
        });
        return identified;
    }

    private Tensor Images(int[] indices, byte[]?[] contents)
    {
        var (height, width, channels) = (ImageShape[0]!.Value, ImageShape[1]!.Value, ImageShape.Channels);
        var size = height * width * channels;
        // Images are written where the tensor keeps them.
        var images = torch.empty([indices.Length, height, width, channels]);
        var address = images.Address();
        // After the order was drawn, a batch's transforms are drawn from the same stream.
        var transforms = Array.ConvertAll(indices, _ => _generator.Draw(Randomness, height, width));
        Each(indices.Length, i =>
        {
            var image = Memory(address, (long)i * size, size);
            Read(indices[i], contents[i], image);
            if (transforms[i] is { } transform) _generator.Apply(transform, image, height, width, channels);
        });
        var prepared = _generator.Standardize(images);
        _saveTo?.Save(prepared, indices);
        return prepared;
    }

    private static void Each(int count, Action<int> work)
    {
        try
        {
            Parallel.For(0, count, work);
        }
        catch (AggregateException errors) when (errors.InnerExceptions[0] is InvalidDataException error)
        {
            throw new InvalidDataException(error.Message, error);
        }
    }

    private static unsafe Span<float> Memory(nint address, long first, int size) => new((float*)address + first, size);

    int IBatchOrder.Batches => Count;

    bool IBatchOrder.ContinuesInNextEpoch => false;

    // Training takes batches by number, as Keras's fit does.
    int[] IBatchOrder.Indices(int batch)
    {
        Reseed();
        _seen++;
        _order ??= Draw();
        return Slice(batch);
    }

    void IBatchOrder.EndEpoch() => _order = Draw();

    Shape ISamples.Shape => ImageShape.WithBatch();

    string ISamples.Description => Description;

    // An image that is changed at random, or to be saved, has to be made each time.
    bool ISamples.IsRepeatable => !_generator.IsRandom && _saveTo is null;

    PreprocessingKey? ISamples.Preprocessing =>
        Source is { } source && _generator.Preprocessing is { } preprocessing ? new($"{source}; {preprocessing}") : null;

    SampleBatch ISamples.Load(int[] indices, Predicate<string>? isKnown) => Load(indices, isKnown);

    private NumpyRandom Randomness => _seeded ?? NumpyRandom.Global;

    private void Reseed() => _seeded = Seed is { } seed ? new NumpyRandom((uint)(seed + _seen)) : null;

    private int[] Draw() => Shuffle ? Randomness.Permutation(Samples) : [.. Enumerable.Range(0, Samples)];

    private int[] Slice(int batch) => [.. _order!.Skip(batch * BatchSize).Take(BatchSize)];
}
