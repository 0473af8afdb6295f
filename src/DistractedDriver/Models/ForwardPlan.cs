using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver;

/// <summary>
/// What has to be computed, in which order, to get from one value of a network to others. Running it frees every
/// intermediate tensor as soon as nothing more needs it.
/// </summary>
internal sealed class ForwardPlan
{
    private readonly KerasTensor _from;
    private readonly IReadOnlyList<KerasTensor> _to;
    private readonly KerasTensor[] _steps;
    private readonly Dictionary<KerasTensor, int> _lastUse = [];

    /// <exception cref="ArgumentException">A value of <paramref name="to"/> depends on another input than <paramref name="from"/>.</exception>
    public ForwardPlan(KerasTensor from, IReadOnlyList<KerasTensor> to)
    {
        (_from, _to) = (from, to);
        var needed = new HashSet<KerasTensor>();
        var open = new Stack<KerasTensor>(to);
        while (open.TryPop(out var value))
        {
            if (value == from || !needed.Add(value)) continue;
            if (value.Inputs.Count == 0)
                throw new ArgumentException($"The model's output depends on '{value.Layer.Name}', which is not among its inputs: give that value as an input too, or build the output from {from}.", nameof(to));
            foreach (var input in value.Inputs) open.Push(input);
        }
        _steps = [.. to.SelectMany(output => output.Ancestry()).Distinct().Where(needed.Contains)];
        for (var i = 0; i < _steps.Length; i++)
            foreach (var input in _steps[i].Inputs) _lastUse[input] = i;
        foreach (var output in to) _lastUse[output] = int.MaxValue;
    }

    /// <summary>The values computed on the way, each after what it needs.</summary>
    public IReadOnlyList<KerasTensor> Steps => _steps;

    /// <summary>Computes the plan's values.</summary>
    /// <param name="input">The starting value; it stays the caller's.</param>
    /// <param name="context">For training or for inference.</param>
    /// <returns>One tensor for each target, owned by the caller (or by the caller's dispose scope).</returns>
    public Tensor[] Run(Tensor input, CallContext context)
    {
        var values = new Dictionary<KerasTensor, Tensor> { [_from] = input };
        for (var i = 0; i < _steps.Length; i++)
        {
            var step = _steps[i];
            using (torch.NewDisposeScope())
            {
                values[step] = step.Layer.Call([.. step.Inputs.Select(value => step.Layer.Policy.Cast(values[value]))], context.For(step.Training)).MoveToOuterDisposeScope();
                context.KeepLogits();
            }
            foreach (var done in step.Inputs.Distinct().Where(value => value != _from && _lastUse[value] == i))
                values[done].Dispose();
        }
        return [.. _to.Select(output => output == _from ? input.alias() : values[output])];
    }
}
