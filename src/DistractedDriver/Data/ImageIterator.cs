using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver;

/// <summary>A batch of images with their labels. Whoever took it owns its tensors.</summary>
/// <param name="X">Images, (batch, height, width, channels), float32.</param>
/// <param name="Y">Labels, (batch, classes) one-hot or (batch); null where there are none.</param>
public sealed record ImageBatch(Tensor X, Tensor? Y) : IDisposable
{
    /// <summary>Frees both tensors.</summary>
    public void Dispose()
    {
        X.Dispose();
        Y?.Dispose();
    }
}

/// <summary>
/// Images in batches, over and over (Keras's Iterator). Which images make a batch follows NumPy's legacy generator, seeded
/// with the seed plus the number of batches seen, as in Keras.
/// </summary>
public abstract class ImageIterator : IBatchSource
{
    private int[]? _order;
    private NumpyRandom? _seeded;
    private int _seen;
    private int _next;

    /// <exception cref="ArgumentOutOfRangeException">The batch size is below 1, or the seed negative.</exception>
    private protected ImageIterator(int samples, int batchSize, bool shuffle, int? seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        if (seed is < 0) throw new ArgumentOutOfRangeException(nameof(seed), $"A seed is from 0. Received: {seed}.");
        (Samples, BatchSize, Shuffle, Seed) = (samples, batchSize, shuffle, seed);
    }

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
    public ImageBatch Next() => Load(NextIndices(), Randomness);

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

    /// <summary>Loads images by number, with their labels.</summary>
    /// <param name="indices">The images' numbers.</param>
    /// <param name="random">What augmentation draws from.</param>
    private protected abstract ImageBatch Load(int[] indices, NumpyRandom random);

    /// <summary>Whether an image comes out the same each time.</summary>
    private protected abstract bool IsRepeatable { get; }

    private protected abstract Tensor? Labels(int[] indices);

    private protected abstract Shape Shape { get; }

    private protected abstract string Description { get; }

    private protected abstract (object Preprocessing, string Sample) Key(int index);

    int IBatchSource.Batches => Count;

    Shape IBatchSource.Shape => Shape;

    string IBatchSource.Description => Description;

    bool IBatchSource.IsRepeatable => IsRepeatable;

    // Training takes batches by number, as Keras's fit does.
    int[] IBatchSource.Indices(int batch)
    {
        Reseed();
        _seen++;
        _order ??= Draw();
        return Slice(batch);
    }

    ImageBatch IBatchSource.Load(int[] indices) => Load(indices, Randomness);

    Tensor? IBatchSource.Labels(int[] indices) => Labels(indices);

    (object Preprocessing, string Sample) IBatchSource.Key(int index) => Key(index);

    void IBatchSource.EndEpoch() => _order = Draw();

    // After the order was drawn, a batch's transforms are drawn from the same stream.
    private NumpyRandom Randomness => _seeded ?? NumpyRandom.Global;

    private void Reseed() => _seeded = Seed is { } seed ? new NumpyRandom((uint)(seed + _seen)) : null;

    private int[] Draw() => Shuffle ? Randomness.Permutation(Samples) : [.. Enumerable.Range(0, Samples)];

    private int[] Slice(int batch) => [.. _order!.Skip(batch * BatchSize).Take(BatchSize)];
}
