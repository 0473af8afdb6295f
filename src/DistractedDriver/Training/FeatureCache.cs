using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver;

/// <summary>
/// Features that frozen layers gave, by sample, kept in memory for as long as the process lives: thirty epochs, and further
/// models on the same frozen layers, compute them once. They are told apart by everything they depend on - the layers'
/// arguments and weights, the preprocessing, the sample's content.
/// </summary>
internal sealed class FeatureCache
{
    private readonly Lock _gate = new();
    private readonly LinkedList<FeatureBank> _banks = [];

    /// <summary>The cache that all trainings of the process share: at most a quarter of its memory.</summary>
    public static FeatureCache Shared { get; } = new(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4);

    /// <param name="limit">How many bytes of features may be kept.</param>
    public FeatureCache(long limit) => Limit = limit;

    /// <summary>How many bytes of features may be kept.</summary>
    public long Limit { get; }

    /// <summary>How many bytes of features are kept.</summary>
    public long Size => _banks.Sum(bank => bank.Size);

    /// <summary>The features of one frozen network under one preprocessing.</summary>
    public FeatureBank Open(string network, object preprocessing)
    {
        lock (_gate)
        {
            var bank = _banks.FirstOrDefault(known => known.Network == network && known.Preprocessing.Equals(preprocessing));
            if (bank is not null) _banks.Remove(bank);
            bank ??= new FeatureBank(this, network, preprocessing);
            _banks.AddFirst(bank);
            return bank;
        }
    }

    /// <summary>Makes room for a bank's next row, if need be at the cost of the banks not used for the longest time.</summary>
    internal bool TryReserve(FeatureBank bank, long bytes)
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
            foreach (var weight in step.Layer.Weights)
            {
                using var local = weight.Stored.cpu();
                hash.AppendData(local.bytes);
            }
        }
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}

/// <summary>The features of one frozen network under one preprocessing, a row a sample.</summary>
internal sealed class FeatureBank(FeatureCache cache, string network, object preprocessing)
{
    private readonly ConcurrentDictionary<string, float[]> _rows = [];
    private long _size;

    public string Network { get; } = network;

    public object Preprocessing { get; } = preprocessing;

    /// <summary>How many bytes it holds.</summary>
    public long Size => Interlocked.Read(ref _size);

    /// <summary>Whether a row had to be turned away for want of room.</summary>
    public bool IsFull { get; private set; }

    public bool Contains(string sample) => _rows.ContainsKey(sample);

    /// <summary>Keeps a batch's features, as far as there is room.</summary>
    /// <param name="samples">The samples' keys.</param>
    /// <param name="features">One row each.</param>
    public void Add(IReadOnlyList<string> samples, Tensor features)
    {
        var length = (int)(features.numel() / samples.Count);
        using var flat = features.detach().contiguous();
        using var local = flat.cpu();
        var values = MemoryMarshal.Cast<byte, float>(local.bytes);
        for (var i = 0; i < samples.Count; i++)
        {
            if (_rows.ContainsKey(samples[i])) continue;
            if (!cache.TryReserve(this, length * sizeof(float)))
            {
                IsFull = true;
                return;
            }
            if (_rows.TryAdd(samples[i], values.Slice(i * length, length).ToArray())) Interlocked.Add(ref _size, length * sizeof(float));
        }
    }

    /// <summary>The features of samples that are all kept, in their order; the caller owns the tensor.</summary>
    /// <param name="samples">The samples' keys.</param>
    /// <param name="shape">One row's shape, behind the batch axis.</param>
    public Tensor Gather(IReadOnlyList<string> samples, Shape shape)
    {
        var gathered = torch.empty([samples.Count, .. shape.Skip(1).Select(size => (long)size!.Value)]);
        var values = MemoryMarshal.Cast<byte, float>(gathered.bytes);
        var length = values.Length / samples.Count;
        for (var i = 0; i < samples.Count; i++) _rows[samples[i]].CopyTo(values.Slice(i * length, length));
        return gathered;
    }
}
