using System.Runtime.InteropServices;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver;

/// <summary>
/// A network cut in two: the frozen layers that come first and give the same for the same image however often it is shown,
/// and the rest. What the first part gives is computed once a sample and kept.
/// </summary>
internal sealed class FrozenPrefix
{
    // Up to how many multiplications for a batch one thread is faster than two, which have to be woken for each operation; the
    // other reads the next batch meanwhile. Measured with 16 to 64 samples of 25,088 features and ten units.
    private const long Small = 1 << 23;

    private readonly ForwardPlan _prefix;
    private readonly ForwardPlan _rest;
    private readonly KerasTensor _cut;
    private readonly string? _fingerprint;
    private readonly FeatureCache? _cache;
    private readonly HashSet<string> _said = [];
    private readonly string _model;

    /// <param name="model">The network.</param>
    /// <param name="trained">The weights that training changes.</param>
    /// <param name="cache">Where features are kept; null to compute the whole network every time.</param>
    public FrozenPrefix(Model model, IReadOnlyCollection<Weight> trained, FeatureCache? cache)
    {
        var whole = new ForwardPlan(model.Input, model.Outputs);
        _model = model.Name;
        _cut = cache is null ? model.Input : Cut(model, whole, [.. trained]);
        _prefix = new ForwardPlan(model.Input, [_cut]);
        _rest = new ForwardPlan(_cut, model.Outputs);
        if (_cut == model.Input) return;
        _cache = cache;
        _fingerprint = FeatureCache.Fingerprint(model.Input, _prefix.Steps);
    }

    /// <summary>What the layers after the cut compute from a batch's features, in float32.</summary>
    public Tensor Run(Tensor features, CallContext context) => context.InFloat32(_rest.Run(features, context)[0]);

    /// <summary>Has LibTorch compute on one thread, until what is returned is disposed of, if a step with a batch is too small to be shared out.</summary>
    public IDisposable? AloneIfSmall(Tensor features) => features.shape[0] * _rest.Multiplications <= Small ? ComputeThreads.Alone() : null;

    /// <summary>
    /// The features at the cut of batches, with their labels: kept ones where there are, computed ones otherwise. They are read
    /// from files on another thread, ahead of whoever takes them; each batch lives until the next is asked for.
    /// </summary>
    /// <param name="source">Where the samples come from.</param>
    /// <param name="batches">The batches' numbers there.</param>
    public IEnumerable<(int[] Indices, Tensor Features, Tensor? Labels)> Load(IBatchSource source, IReadOnlyList<int> batches)
    {
        if (_cache is not null && !source.IsRepeatable)
            Say($"The images of {source.Description} are made anew each time, so the frozen layers up to '{_cut.Layer.Name}' compute them in every epoch.");
        using var ahead = new Ahead<Prepared>(batches.Count, i => Prepare(source, source.Indices(batches[i])));
        while (ahead.TryTake(out var prepared))
        {
            using (prepared)
            using (torch.NewDisposeScope())
            {
                var (features, labels) = Finish(source, prepared);
                yield return (prepared.Indices, features, labels);
            }
        }
    }

    // What can be done without the network: on another thread than the network's.
    private Prepared Prepare(IBatchSource source, int[] indices)
    {
        if (_cache is null || !source.IsRepeatable) return new(indices) { Images = source.Load(indices) };
        var keys = Array.ConvertAll(indices, source.Key);
        var bank = _cache.Open(_fingerprint!, source.Preprocessing, $"{_model} up to {_cut.Layer.Name}", _cut.Shape);
        var missing = indices.Where((_, i) => !bank.Contains(keys[i])).ToArray();
        return missing.Length > 0
            ? new(indices) { Keys = keys, Bank = bank, Missing = missing, Images = source.Load(missing) }
            : new(indices) { Features = Read(bank, keys), Labels = source.Labels(indices) };
    }

    private (Tensor Features, Tensor? Labels) Finish(IBatchSource source, Prepared prepared)
    {
        if (prepared.Features is { } kept) return (kept.to(Config.ComputeDevice), prepared.Labels?.to(Config.ComputeDevice));
        var (features, labels) = Compute(prepared.Images!);
        if (prepared.Bank is not { } bank) return (features, labels);
        using (var local = features.detach().contiguous().cpu())
            bank.Add([.. prepared.Missing.Select(source.Key)], MemoryMarshal.Cast<byte, float>(local.bytes));
        if (bank.IsFull && !prepared.Keys.All(bank.Contains))
            Say($"The features of '{_cut.Layer.Name}' for the {source.Samples} samples of {source.Description} need more than {bank.Room}; the others are computed anew each epoch.");
        if (prepared.Missing.Length == prepared.Indices.Length) return (features, labels);
        if (prepared.Keys.All(bank.Contains)) return (Read(bank, prepared.Keys).to(Config.ComputeDevice), source.Labels(prepared.Indices)?.to(Config.ComputeDevice));
        using var images = source.Load(prepared.Indices);
        return Compute(images);
    }

    private Tensor Read(IFeatureBank bank, string[] keys)
    {
        var rows = torch.empty([keys.Length, .. _cut.Shape.Skip(1).Select(size => (long)size!.Value)]);
        bank.Read(keys, MemoryMarshal.Cast<byte, float>(rows.bytes));
        return rows;
    }

    private (Tensor Features, Tensor? Labels) Compute(ImageBatch images)
    {
        using var scope = torch.NewDisposeScope();
        using var _ = torch.no_grad();
        var context = new CallContext(training: false);
        var features = context.InFloat32(_prefix.Run(images.X.to(Config.ComputeDevice), context)[0]);
        return (features.MoveToOuterDisposeScope(), images.Y?.to(Config.ComputeDevice).MoveToOuterDisposeScope());
    }

    private void Say(string text)
    {
        if (!_said.Add(text)) return;
        Console.WriteLine(text);
    }

    // The last place where the network hangs together by one value alone and everything before it is frozen. The output
    // itself is never kept: the loss wants to see its logits.
    private static KerasTensor Cut(Model model, ForwardPlan whole, HashSet<Weight> trained)
    {
        var frozen = new HashSet<KerasTensor> { model.Input };
        foreach (var step in whole.Steps)
            if (step.Inputs.All(frozen.Contains) && step.IsDeterministic && !step.Layer.Weights.Any(trained.Contains) && !model.Outputs.Contains(step))
                frozen.Add(step);
        var needed = whole.Steps.Where(step => !frozen.Contains(step)).SelectMany(step => step.Inputs).Where(frozen.Contains).ToHashSet();
        for (var i = whole.Steps.Count - 1; i >= 0; i--)
        {
            var step = whole.Steps[i];
            if (frozen.Contains(step) && needed.SetEquals([step])) return step;
            if (!needed.Remove(step)) continue;
            needed.UnionWith(step.Inputs);
            frozen.Remove(step);
        }
        return model.Input;
    }

    /// <summary>A batch as far as it can be prepared without the network: images to compute, or kept features.</summary>
    private sealed record Prepared(int[] Indices) : IDisposable
    {
        public string[] Keys { get; init; } = [];

        public IFeatureBank? Bank { get; init; }

        /// <summary>The samples that the images are of.</summary>
        public int[] Missing { get; init; } = [];

        public ImageBatch? Images { get; init; }

        public Tensor? Features { get; init; }

        public Tensor? Labels { get; init; }

        public void Dispose()
        {
            Images?.Dispose();
            Features?.Dispose();
            Labels?.Dispose();
        }
    }
}
