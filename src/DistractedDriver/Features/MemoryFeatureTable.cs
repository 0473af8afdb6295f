using System.Collections.Concurrent;

namespace DistractedDriver.Features;

/// <summary>Features kept in memory.</summary>
/// <param name="reserve">Asked for a row's bytes before it is kept; false where there is no room.</param>
/// <param name="limit">How many bytes may be kept, for messages.</param>
internal sealed class MemoryFeatureTable(Func<MemoryFeatureTable, long, bool> reserve, long limit) : IFeatureTable
{
    private readonly ConcurrentDictionary<string, float[]> _rows = [];
    private long _size;

    /// <summary>How many bytes it holds.</summary>
    public long Size => Interlocked.Read(ref _size);

    public bool IsFull { get; private set; }

    public string Limit => $"the {limit >> 20} MiB of memory kept for them";

    /// <summary>A table for one training alone.</summary>
    /// <param name="limit">How many bytes of features it may keep.</param>
    public static MemoryFeatureTable ForOneTraining(long limit) => new((table, bytes) => table.Size + bytes <= limit, limit);

    public bool Contains(string sample) => _rows.ContainsKey(sample);

    public void Add(IReadOnlyList<string> samples, ReadOnlySpan<float> features)
    {
        var length = features.Length / samples.Count;
        for (var i = 0; i < samples.Count; i++)
        {
            if (_rows.ContainsKey(samples[i])) continue;
            if (!reserve(this, length * sizeof(float)))
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
