using DistractedDriver.Compute;
using DistractedDriver.Core;
using DistractedDriver.Layers;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Models;

/// <summary>
/// What has to be computed, in which order, to get from one value of a network to others. Running it frees every
/// intermediate tensor as soon as nothing more needs it, and where nothing is learned it takes a batch through the layers of
/// large images in parts, so that what one layer wrote is still in the cache when the next one reads it. Layers that
/// can be computed as one are one step.
/// </summary>
internal sealed class ForwardPlan
{
    /// <summary>How many bytes the values that are alive at a step take at most, unless asked otherwise.</summary>
    public const long DefaultWorkingSet = 32L << 20;

    // What a size counts for that is not fixed: a middling one of what images have on their way.
    private const long AssumedSize = 56;

    private readonly KerasTensor _from;
    private readonly IReadOnlyList<KerasTensor> _to;
    private readonly KerasTensor[] _steps;
    private readonly Dictionary<KerasTensor, int> _lastUse = [];
    private readonly long[] _alive;
    private readonly bool[] _isNarrow;
    private readonly FusedCall?[] _fused;
    private readonly bool _keepsSamplesApart;
    private readonly long _workingSet;

    /// <param name="from">The starting value.</param>
    /// <param name="to">What is computed.</param>
    /// <param name="workingSet">
    /// How many bytes the values that are alive at a step should take, for all samples that are computed at once: more than this lies
    /// outside the cache, and makes the C library keep more memory for a thread. Of 16 to 110 MiB, 26 to 64 measured alike, and the
    /// small ones need the least memory.
    /// </param>
    /// <exception cref="ArgumentException">
    /// A value of <paramref name="to"/> depends on another input than <paramref name="from"/>.
    /// </exception>
    public ForwardPlan(KerasTensor from, IReadOnlyList<KerasTensor> to, long workingSet = DefaultWorkingSet)
    {
        (_from, _to, _workingSet) = (from, to, workingSet);
        var needed = new HashSet<KerasTensor>();
        var open = new Stack<KerasTensor>(to);
        while (open.TryPop(out var value))
        {
            if (value == from || !needed.Add(value)) continue;
            if (value.Inputs.Count == 0)
                throw new ArgumentException(
                    $"The model's output depends on '{value.Layer.Name}', which is not among its inputs: give that value as an input too, "
                        + $"or build the output from {from}.", nameof(to));
            foreach (var input in value.Inputs) open.Push(input);
        }
        _steps = [.. to.SelectMany(output => output.Ancestry()).Distinct().Where(needed.Contains)];
        for (var i = 0; i < _steps.Length; i++)
            foreach (var input in _steps[i].Inputs) _lastUse[input] = i;
        foreach (var output in to) _lastUse[output] = int.MaxValue;
        (_alive, _isNarrow, _fused) = (new long[_steps.Length], new bool[_steps.Length], new FusedCall?[_steps.Length]);
        var alive = new HashSet<KerasTensor> { from };
        for (var i = 0; i < _steps.Length; i += 1 + (_fused[i]?.Taken ?? 0))
        {
            _fused[i] = Fuse(i);
            var last = i + (_fused[i]?.Taken ?? 0);
            alive.Add(_steps[last]);
            _alive[last] = alive.Sum(value => Elements(value.Shape)) * sizeof(float);
            alive.RemoveWhere(value => _lastUse.GetValueOrDefault(value, -1) <= last);
            _isNarrow[last] = alive.SetEquals([_steps[last]]);
        }
        _keepsSamplesApart = !MixesSamples(_steps);
        Multiplications = CountMultiplications(_steps);
    }

    /// <summary>The values computed on the way, each after what it needs.</summary>
    public IReadOnlyList<KerasTensor> Steps => _steps;

    /// <summary>About how many numbers are multiplied with weights, for one sample.</summary>
    public long Multiplications { get; }

    /// <summary>Computes the plan's values.</summary>
    /// <param name="input">The starting value; it stays the caller's.</param>
    /// <param name="context">For training or for inference.</param>
    /// <returns>One tensor for each target, owned by the caller (or by the caller's dispose scope).</returns>
    public Tensor[] Run(Tensor input, CallContext context)
    {
        var inParts = _keepsSamplesApart && !context.Training && !torch.is_grad_enabled() && input.device_type == DeviceType.CPU
            && _steps.Length > 1;
        // The last step is always computed whole, so that what it was applied to can be remembered whole.
        var (first, start) = inParts ? InParts(Array.LastIndexOf(_isNarrow, true, _steps.Length - 2) + 1, input, context) : (0, input);
        var values = Compute(first, _steps.Length, start, context);
        return [.. _to.Select(output => output == _from ? input.alias() : values[output])];
    }

    // Computes those of the steps up to before one that are too large for all samples at once: for one half of them and then
    // for the other, and those that are too large even so for halves of these. Gives the step it came to, and its input.
    private (int Next, Tensor Input) InParts(int end, Tensor input, CallContext context)
    {
        var samples = input.shape[0];
        var large = samples < 2 || end == 0 ? -1 : Array.FindLastIndex(_alive, end - 1, size => size * samples > _workingSet);
        if (large < 0) return (0, input);
        var last = Array.IndexOf(_isNarrow, true, large);
        using var scope = torch.NewDisposeScope();
        var (half, rest) = (samples / 2, samples - samples / 2);
        Tensor[] values = [Narrow(last, input.narrow(0, 0, half), context), Narrow(last, input.narrow(0, half, rest), context)];
        // By threads of ours: LibTorch's would keep the processors busy for a while after it, waiting for more.
        var whole = torch.empty([samples, .. values[0].shape[1..]], values[0].dtype);
        ComputeThreads.Run(values.Length, i => whole.narrow(0, i * half, i == 0 ? half : rest).copy_(values[i]));
        return (last + 1, whole.MoveToOuterDisposeScope());
    }

    // The value of a step after which nothing else is alive.
    private Tensor Narrow(int step, Tensor input, CallContext context)
    {
        using var scope = torch.NewDisposeScope();
        var (next, start) = InParts(step + 1, input, context);
        return (next > step ? start : Compute(next, step + 1, start, context)[_steps[step]]).MoveToOuterDisposeScope();
    }

    private Dictionary<KerasTensor, Tensor> Compute(int first, int end, Tensor start, CallContext context)
    {
        var values = new Dictionary<KerasTensor, Tensor> { [first == 0 ? _from : _steps[first - 1]] = start };
        for (var i = first; i < end; i++)
        {
            var (step, fused) = (_steps[i], _fused[i]);
            if (fused is not null) i += fused.Taken;
            using (torch.NewDisposeScope())
            {
                Tensor[] inputs = [.. step.Inputs.Select(value => step.Layer.Policy.Cast(values[value]))];
                var called = context.For(step.Training);
                values[_steps[i]] = (fused is null ? step.Layer.Call(inputs, called) : fused.Call(inputs, called))
                    .MoveToOuterDisposeScope();
                context.KeepLogits();
            }
            foreach (var done in step.Inputs.Distinct().Where(value => value != _from && _lastUse[value] <= i))
                values[done].Dispose();
        }
        return values;
    }

    // The step together with those after it that its layer takes in: each of them takes nothing but the value before it, which
    // nothing else takes, and is told alike whether to compute as while training.
    private FusedCall? Fuse(int step)
    {
        var following = new List<Layer>();
        for (var next = step + 1; next < _steps.Length && _lastUse[_steps[next - 1]] == next; next++)
        {
            if (_steps[next].Inputs.Count != 1 || _steps[next].Inputs[0] != _steps[next - 1]
                || _steps[next].Training != _steps[step].Training) break;
            following.Add(_steps[next].Layer);
        }
        return following.Count == 0 ? null : _steps[step].Layer.Fuse(following);
    }

    // A layer that is told to compute as while training may look at the whole batch.
    private static bool MixesSamples(IEnumerable<KerasTensor> steps) =>
        steps.Any(step => step.Training == true || (step.Layer is Model model && MixesSamples(model.Nodes)));

    // Of one sample.
    private static long Elements(Shape shape) => shape.Skip(1).Aggregate(1L, (product, size) => product * (size ?? AssumedSize));

    // Each weight is used at each place of a layer's output.
    private static long CountMultiplications(IEnumerable<KerasTensor> steps) => steps.Sum(step =>
        step.Layer is Model model ? CountMultiplications(model.Nodes)
        : step.Layer.Weights.Count == 0 ? 0
        : step.Layer.Weights.Sum(weight => weight.Count) * Elements(step.Shape) / step.Shape.Channels);
}
