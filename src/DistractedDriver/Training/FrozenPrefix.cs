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

    /// <summary>
    /// A batch's features at the cut, with its labels: kept ones where there are, computed ones otherwise. They belong to
    /// the caller's dispose scope.
    /// </summary>
    public (Tensor Features, Tensor? Labels) Load(IBatchSource source, int[] indices)
    {
        if (_cache is null) return Compute(source, indices);
        if (!source.IsRepeatable)
        {
            Say($"The images of {source.Description} are made anew each time, so the frozen layers up to '{_cut.Layer.Name}' compute them in every epoch.");
            return Compute(source, indices);
        }

        var keys = Array.ConvertAll(indices, index => source.Key(index).Sample);
        var bank = _cache.Open(_fingerprint!, source.Key(indices[0]).Preprocessing, $"{_model} up to {_cut.Layer.Name}", _cut.Shape);
        var missing = indices.Where((_, i) => !bank.Contains(keys[i])).ToArray();
        if (missing.Length > 0)
        {
            var (features, labels) = Compute(source, missing);
            using (var local = features.detach().contiguous().cpu()) bank.Add([.. missing.Select(index => source.Key(index).Sample)], MemoryMarshal.Cast<byte, float>(local.bytes));
            if (missing.Length == indices.Length) return (features, labels);
        }
        if (bank.IsFull && !keys.All(bank.Contains))
        {
            Say($"The features of '{_cut.Layer.Name}' for the {source.Samples} samples of {source.Description} need more than {bank.Room}; the others are computed anew each epoch.");
            return Compute(source, indices);
        }
        var gathered = torch.empty([keys.Length, .. _cut.Shape.Skip(1).Select(size => (long)size!.Value)]);
        bank.Read(keys, MemoryMarshal.Cast<byte, float>(gathered.bytes));
        return (gathered.to(Config.ComputeDevice), source.Labels(indices)?.to(Config.ComputeDevice));
    }

    private (Tensor Features, Tensor? Labels) Compute(IBatchSource source, int[] indices)
    {
        using var scope = torch.NewDisposeScope();
        using var _ = torch.no_grad();
        var batch = source.Load(indices);
        var context = new CallContext(training: false);
        var features = context.InFloat32(_prefix.Run(batch.X.to(Config.ComputeDevice), context)[0]);
        return (features.MoveToOuterDisposeScope(), batch.Y?.to(Config.ComputeDevice).MoveToOuterDisposeScope());
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
}
