using DistractedDriver.Core;
using DistractedDriver.Preprocessing;

namespace DistractedDriver.Features;

// Features: what frozen layers gave, computed once and kept. FrozenPart says where a network is cut, FeatureStore and its tables
// keep, Prefetcher prepares batches in advance, FeatureLoader joins them into the batches that training takes.

/// <summary>
/// Features that frozen layers gave, by sample: thirty epochs, and further models on the same frozen layers, compute them
/// once. They are told apart by everything they depend on: the layers' arguments and weights, the preprocessing, the
/// sample's content. Where all of that can be written down they are kept in a file, for later runs too, or in memory for as long
/// as the store lives; otherwise for one training alone.
/// </summary>
/// <param name="limit">How many bytes of features may be kept in memory.</param>
/// <param name="folder">Where files of features are; null to keep all in memory.</param>
internal sealed class FeatureStore(long limit, FeatureFolder? folder = null)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<(string Key, MemoryFeatureTable Table)> _inMemory = [];
    private readonly Dictionary<string, FileFeatureTable> _files = [];

    /// <summary>How many bytes of features may be kept in memory.</summary>
    public long Limit => limit;

    /// <summary>A store with at most a quarter of the machine's memory, and the folder that the environment names.</summary>
    /// <exception cref="ArgumentException">An environment variable has a value that is none; the message names it.</exception>
    public static FeatureStore FromEnvironment() =>
        new(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4, FeatureFolder.FromEnvironment());

    /// <summary>The features of one frozen network under one preprocessing.</summary>
    /// <param name="network">What the network computes; null where that can't be told.</param>
    /// <param name="preprocessing">What is done to samples before; null where that can't be told.</param>
    /// <param name="description">The network, in words for people.</param>
    /// <param name="shape">The features' shape, the batch first.</param>
    public IFeatureTable Open(string? network, PreprocessingKey? preprocessing, string description, Shape shape)
    {
        if (network is null || preprocessing is null) return MemoryFeatureTable.ForOneTraining(limit);
        var key = FeatureFolder.Key(network, preprocessing.Description);
        lock (_gate)
        {
            if (folder is not null && shape.Skip(1).All(size => size is not null))
            {
                if (!_files.TryGetValue(key, out var file)
                    && folder.TryOpen(key, $"{description}; {preprocessing.Description}",
                        [.. shape.Skip(1).Select(size => size!.Value)]) is { } opened)
                    _files[key] = file = opened;
                if (file is not null) return file;
            }
            var known = _inMemory.FirstOrDefault(kept => kept.Key == key);
            if (known.Table is not null) _inMemory.Remove(known);
            else known = (key, new MemoryFeatureTable(TryReserve, limit));
            _inMemory.AddFirst(known);
            return known.Table;
        }
    }

    // Makes room for a table's next row, if need be at the cost of the tables not used for the longest time.
    private bool TryReserve(MemoryFeatureTable table, long bytes)
    {
        lock (_gate)
        {
            while (Size + bytes > limit && _inMemory.Last is { } oldest && oldest.Value.Table != table) _inMemory.RemoveLast();
            return Size + bytes <= limit;
        }
    }

    private long Size => _inMemory.Sum(kept => kept.Table.Size);
}
