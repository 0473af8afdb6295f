using DistractedDriver.Core;
using DistractedDriver.Layers;
using DistractedDriver.Models;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Features;

/// <summary>
/// A network cut in two: the frozen layers that come first and give the same for the same image however often it is shown,
/// and the rest.
/// </summary>
internal sealed class FrozenPart
{
    private readonly ForwardPlan _frozen;
    private readonly ForwardPlan _rest;
    private readonly Model _model;
    private readonly torch.Device _device;

    /// <param name="model">The network.</param>
    /// <param name="trained">The weights that training changes.</param>
    /// <param name="context">A training pass, which knows what counts as frozen.</param>
    /// <param name="isCut">False to leave the frozen part empty: the rest is the whole network.</param>
    public FrozenPart(Model model, IReadOnlyCollection<Weight> trained, CallContext context, bool isCut)
    {
        var whole = new ForwardPlan(model.Input, model.Outputs);
        Output = isCut ? Cut(model, whole, [.. trained], context) : model.Input;
        _frozen = new ForwardPlan(model.Input, [Output]);
        _rest = new ForwardPlan(Output, model.Outputs);
        (_model, _device) = (model, model.Device);
        IsEmpty = Output == model.Input;
        Description = $"{model.Name} up to {Output.Layer.Name}";
        Key = IsEmpty ? null : NetworkKey.Of(model.Input, _frozen.Steps);
    }

    /// <summary>Whether nothing is frozen, so that there are no features to keep.</summary>
    public bool IsEmpty { get; }

    /// <summary>The last value that the frozen layers give.</summary>
    public KerasTensor Output { get; }

    /// <summary>The shape of that value for samples of a shape, which may be another than the network declares.</summary>
    public Shape ShapeFor(Shape samples) => samples.Equals(_model.Input.Shape) ? Output.Shape : _model.ShapesFor(samples)[Output];

    /// <summary>What the frozen layers compute; null where that can't be told.</summary>
    public string? Key { get; }

    /// <summary>"model up to block5_pool".</summary>
    public string Description { get; }

    /// <summary>About how many numbers the rest multiplies with weights, for one sample.</summary>
    public long MultiplicationsOfTheRest => _rest.Multiplications;

    /// <summary>What the frozen layers give for a batch, float32, without gradients; owned by the caller.</summary>
    public Tensor Compute(Tensor x)
    {
        using var scope = torch.NewDisposeScope();
        using var _ = torch.no_grad();
        var context = new CallContext(training: false);
        return context.InFloat32(_frozen.Run(x.to(_device), context)[0]).MoveToOuterDisposeScope();
    }

    /// <summary>What the layers after the cut compute from a batch's features, in float32.</summary>
    public Tensor RunRest(Tensor features, CallContext context) => context.InFloat32(_rest.Run(features, context)[0]);

    // The last place where the network hangs together by one value alone and everything before it is frozen. The output
    // itself is never kept: the loss needs its logits. Nor is a value whose size depends on the image's.
    private static KerasTensor Cut(Model model, ForwardPlan whole, HashSet<Weight> trained, CallContext context)
    {
        var frozen = new HashSet<KerasTensor> { model.Input };
        foreach (var step in whole.Steps)
            if (step.Inputs.All(frozen.Contains) && step.IsDeterministicIn(context) && !step.Layer.Weights.Any(trained.Contains)
                && !model.Outputs.Contains(step))
                frozen.Add(step);
        var needed = whole.Steps.Where(step => !frozen.Contains(step)).SelectMany(step => step.Inputs).Where(frozen.Contains).ToHashSet();
        for (var i = whole.Steps.Count - 1; i >= 0; i--)
        {
            var step = whole.Steps[i];
            if (frozen.Contains(step) && needed.SetEquals([step]) && step.Shape.Skip(1).All(size => size is not null)) return step;
            if (!needed.Remove(step)) continue;
            needed.UnionWith(step.Inputs);
            frozen.Remove(step);
        }
        return model.Input;
    }
}
