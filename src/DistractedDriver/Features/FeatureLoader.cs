using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using DistractedDriver.Core;
using DistractedDriver.Preprocessing;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Features;

/// <summary>
/// A batch as the layers after the frozen ones take it; it lives until the next one is asked for. No dispose scope is open meanwhile,
/// so that what is made in a callback is its maker's.
/// </summary>
/// <param name="Features">What the frozen layers gave, a row a sample.</param>
/// <param name="Labels">The samples' labels; null where there are none.</param>
/// <param name="SampleWeight">How much each sample counts in the loss, (samples); null for once each.</param>
internal sealed record FeatureBatch(Tensor Features, Tensor? Labels, Tensor? SampleWeight) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Features.Dispose();
        Labels?.Dispose();
        SampleWeight?.Dispose();
    }
}

/// <summary>The features of samples in batches: kept ones where there are, computed ones otherwise.</summary>
/// <param name="frozen">The network, cut where it is frozen.</param>
/// <param name="store">Where features are kept; null to compute them every time.</param>
/// <param name="device">Where the rest of the network computes.</param>
internal sealed class FeatureLoader(FrozenPart frozen, FeatureStore? store, torch.Device device)
{
    private readonly Dictionary<ISamples, IFeatureTable> _tables = [];
    private readonly HashSet<string> _written = [];

    /// <summary>
    /// The batches of those numbers. They are read from files on another thread, in advance; each lives until the next is asked for.
    /// </summary>
    /// <param name="source">Where the samples come from.</param>
    /// <param name="batches">The batches' numbers there.</param>
    public IEnumerable<FeatureBatch> Load(IBatchSource source, IReadOnlyList<int> batches)
    {
        var table = TableOf(source);
        using var prefetcher = new Prefetcher<Prepared>(batches.Count, i => Prepare(source, table, source.Indices(batches[i])));
        while (prefetcher.TryTake(out var prepared))
        {
            using (prepared)
            using (var batch = Complete(source, table, prepared))
                yield return batch;
        }
    }

    private FeatureBatch Complete(IBatchSource source, IFeatureTable? table, Prepared prepared)
    {
        using var scope = torch.NewDisposeScope();
        var features = prepared.Features ?? Compute(source, table, prepared.Samples);
        return new(OnDevice(features), OnDevice(prepared.Samples.Y), OnDevice(prepared.Samples.SampleWeight));
    }

    [return: NotNullIfNotNull(nameof(values))]
    private Tensor? OnDevice(Tensor? values) => values?.to(device).alias().DetachFromDisposeScope();

    private IFeatureTable? TableOf(IBatchSource source)
    {
        if (store is null || frozen.IsEmpty) return null;
        if (!source.IsRepeatable)
        {
            WriteOnce($"The images of {source.Description} are made anew each time, so the frozen layers up to "
                + $"'{frozen.Output.Layer.Name}' compute them in every epoch.");
            return null;
        }
        if (!_tables.TryGetValue(source, out var table)) _tables[source] = table = store.Open(frozen.Key, source.Preprocessing,
            frozen.Description, frozen.ShapeFor(source.Shape));
        return table;
    }

    // What can be done without the network: on another thread than the network's.
    private Prepared Prepare(IBatchSource source, IFeatureTable? table, int[] indices)
    {
        var samples = source.Load(indices, table is null ? null : table.Contains);
        return new(samples, table is not null && samples.X is null ? Read(source, table, samples.Keys!) : null);
    }

    private Tensor Compute(IBatchSource source, IFeatureTable? table, SampleBatch samples)
    {
        var computed = frozen.Compute(samples.X!);
        if (table is null) return computed;
        using (var local = computed.detach().contiguous().cpu())
            table.Add([.. samples.Loaded.Select(i => samples.Keys![i])], MemoryMarshal.Cast<byte, float>(local.bytes));
        if (table.IsFull && !samples.Keys!.All(table.Contains))
            WriteOnce($"The features of '{frozen.Output.Layer.Name}' for the {source.Samples} samples of {source.Description} need more "
                + $"than "
                + $"{table.Limit}; the others are computed anew each epoch.");
        if (samples.Loaded.Length == samples.Indices.Length) return computed;
        // Some were kept, the others are computed: put together in the samples' order.
        int[] kept = [.. Enumerable.Range(0, samples.Indices.Length).Except(samples.Loaded)];
        var rows = Read(source, table, Array.ConvertAll(kept, i => samples.Keys![i])).to(computed.device);
        long[] places = new long[samples.Indices.Length];
        for (var i = 0; i < samples.Loaded.Length; i++) places[samples.Loaded[i]] = i;
        for (var i = 0; i < kept.Length; i++) places[kept[i]] = samples.Loaded.Length + i;
        return torch.cat([computed, rows]).index_select(0, torch.tensor(places, device: computed.device));
    }

    private Tensor Read(IBatchSource source, IFeatureTable table, string[] keys)
    {
        var rows = torch.empty([keys.Length, .. frozen.ShapeFor(source.Shape).Skip(1).Select(size => (long)size!.Value)]);
        table.Read(keys, MemoryMarshal.Cast<byte, float>(rows.bytes));
        return rows;
    }

    private void WriteOnce(string text)
    {
        if (_written.Add(text)) TextOutput.WriteLine(text);
    }

    /// <summary>A batch as far as it can be prepared without the network: samples to compute, or kept features.</summary>
    private sealed record Prepared(SampleBatch Samples, Tensor? Features) : IDisposable
    {
        public void Dispose()
        {
            Samples.Dispose();
            Features?.Dispose();
        }
    }
}
