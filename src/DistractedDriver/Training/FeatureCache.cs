using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace DistractedDriver;

/// <summary>
/// Features that frozen layers gave, by sample: thirty epochs, and further models on the same frozen layers, compute them
/// once. They are told apart by everything they depend on - the layers' arguments and weights, the preprocessing, the
/// sample's content. Where all of that can be written down they are kept in a file, for later runs too; otherwise in memory,
/// for as long as the process lives.
/// </summary>
internal sealed class FeatureCache
{
    private readonly Lock _gate = new();
    private readonly LinkedList<MemoryFeatures> _banks = [];
    private readonly Dictionary<string, FileFeatures> _files = [];
    private readonly FeatureFolder? _folder;

    /// <summary>The cache that all trainings of the process share: in memory at most a quarter of the machine's.</summary>
    public static FeatureCache Shared { get; } = new(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4, FeatureFolder.Default);

    /// <param name="limit">How many bytes of features may be kept in memory.</param>
    /// <param name="folder">Where files of features are; null to keep all in memory.</param>
    public FeatureCache(long limit, FeatureFolder? folder = null) => (Limit, _folder) = (limit, folder);

    /// <summary>How many bytes of features may be kept in memory.</summary>
    public long Limit { get; }

    private long Size => _banks.Sum(bank => bank.Size);

    /// <summary>The features of one frozen network under one preprocessing.</summary>
    /// <param name="network">What <see cref="Fingerprint"/> gave.</param>
    /// <param name="preprocessing">Equal for equal preprocessing; a text where it means the same in another process.</param>
    /// <param name="description">What they are, for people.</param>
    /// <param name="shape">One sample's features, behind the batch axis.</param>
    public IFeatureBank Open(string network, object preprocessing, string description, Shape shape)
    {
        lock (_gate)
        {
            if (_folder is not null && preprocessing is string text && shape.Skip(1).All(size => size is not null))
            {
                var key = FeatureFolder.Key(network, text);
                if (!_files.TryGetValue(key, out var file) && _folder.TryOpen(key, $"{description}; {text}", [.. shape.Skip(1).Select(size => size!.Value)]) is { } opened) _files[key] = file = opened;
                if (file is not null) return file;
            }
            var bank = _banks.FirstOrDefault(known => known.Network == network && known.Preprocessing.Equals(preprocessing));
            if (bank is not null) _banks.Remove(bank);
            bank ??= new MemoryFeatures(this, network, preprocessing);
            _banks.AddFirst(bank);
            return bank;
        }
    }

    /// <summary>Makes room for a bank's next row, if need be at the cost of the banks not used for the longest time.</summary>
    internal bool TryReserve(MemoryFeatures bank, long bytes)
    {
        lock (_gate)
        {
            while (Size + bytes > Limit && _banks.Last is { } oldest && oldest.Value != bank) _banks.RemoveLast();
            return Size + bytes <= Limit;
        }
    }

    /// <summary>A digest of all that determines what the layers between two values compute.</summary>
    public static string Fingerprint(KerasTensor input, IEnumerable<KerasTensor> steps)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var numbers = new Dictionary<KerasTensor, int> { [input] = 0 };
        void Add(string text) => hash.AppendData(System.Text.Encoding.UTF8.GetBytes(text + "\n"));
        Add(input.Shape.ToString());
        foreach (var step in steps)
        {
            numbers[step] = numbers.Count;
            Add($"{step.Layer.ClassName}({string.Join(", ", step.Inputs.Select(value => numbers[value]))}) {step.Layer.Policy.Name} {step.Layer.Arguments.ToJsonString()}");
            foreach (var weight in step.Layer.Weights) hash.AppendData(weight.Digest);
        }
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}

/// <summary>The features of one frozen network under one preprocessing, a row a sample.</summary>
internal interface IFeatureBank
{
    /// <summary>Whether a row had to be turned away for want of room.</summary>
    bool IsFull { get; }

    /// <summary>What limits it, for people.</summary>
    string Room { get; }

    /// <summary>Whether a sample's row is kept.</summary>
    bool Contains(string sample);

    /// <summary>Keeps a batch's features, as far as there is room.</summary>
    /// <param name="samples">The samples' keys.</param>
    /// <param name="features">One row each, float32, in the processor's memory, contiguous.</param>
    void Add(IReadOnlyList<string> samples, ReadOnlySpan<float> features);

    /// <summary>Copies the rows of samples that are all kept, in their order.</summary>
    /// <param name="samples">The samples' keys.</param>
    /// <param name="rows">Receives them.</param>
    void Read(IReadOnlyList<string> samples, Span<float> rows);
}

/// <summary>Features kept in memory.</summary>
internal sealed class MemoryFeatures(FeatureCache cache, string network, object preprocessing) : IFeatureBank
{
    private readonly ConcurrentDictionary<string, float[]> _rows = [];
    private long _size;

    public string Network { get; } = network;

    public object Preprocessing { get; } = preprocessing;

    /// <summary>How many bytes it holds.</summary>
    public long Size => Interlocked.Read(ref _size);

    public bool IsFull { get; private set; }

    public string Room => $"the {cache.Limit >> 20} MiB of memory kept for them";

    public bool Contains(string sample) => _rows.ContainsKey(sample);

    public void Add(IReadOnlyList<string> samples, ReadOnlySpan<float> features)
    {
        var length = features.Length / samples.Count;
        for (var i = 0; i < samples.Count; i++)
        {
            if (_rows.ContainsKey(samples[i])) continue;
            if (!cache.TryReserve(this, length * sizeof(float)))
            {
                IsFull = true;
                return;
            }
            if (_rows.TryAdd(samples[i], features.Slice(i * length, length).ToArray())) Interlocked.Add(ref _size, length * sizeof(float));
        }
    }

    public void Read(IReadOnlyList<string> samples, Span<float> rows)
    {
        var length = rows.Length / samples.Count;
        for (var i = 0; i < samples.Count; i++) _rows[samples[i]].CopyTo(rows.Slice(i * length, length));
    }
}
