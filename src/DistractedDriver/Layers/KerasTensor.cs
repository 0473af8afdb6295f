using DistractedDriver.Core;

namespace DistractedDriver.Layers;

/// <summary>
/// A value that a model will compute, known by its shape and by the layer it comes from: what layers are applied to when
/// a network is put together. It holds no numbers.
/// </summary>
public sealed class KerasTensor
{
    internal KerasTensor(Layer layer, int node, IReadOnlyList<KerasTensor> inputs, Shape shape, bool? training)
    {
        Layer = layer;
        Node = node;
        Inputs = inputs;
        Shape = shape;
        Training = training;
    }

    /// <summary>The layer that computes it.</summary>
    public Layer Layer { get; }

    /// <summary>What that layer computes it from; empty for an input.</summary>
    public IReadOnlyList<KerasTensor> Inputs { get; }

    /// <summary>Its shape, the batch first: <c>(None, 7, 7, 512)</c>.</summary>
    public Shape Shape { get; }

    /// <summary>Which of the layer's applications it is, from 0.</summary>
    internal int Node { get; }

    /// <summary>Whether the layer is to compute as while training, always or never; null to go by what is being done.</summary>
    internal bool? Training { get; }

    /// <summary>Whether training, in such a pass, and inference compute the same while the weights stay as they are.</summary>
    internal bool IsDeterministicIn(CallContext context) => Training == false || Layer.IsDeterministicIn(context);

    /// <summary>Every value that this one depends on, itself last, each once, whatever comes first before what needs it.</summary>
    internal IReadOnlyList<KerasTensor> Ancestry()
    {
        var seen = new HashSet<KerasTensor>();
        var ordered = new List<KerasTensor>();
        var open = new Stack<(KerasTensor Value, bool InputsDone)>([(this, false)]);
        while (open.TryPop(out var next))
        {
            if (next.InputsDone)
            {
                ordered.Add(next.Value);
            }
            else if (seen.Add(next.Value))
            {
                open.Push((next.Value, true));
                foreach (var input in next.Value.Inputs.Reverse()) open.Push((input, false));
            }
        }
        return ordered;
    }

    /// <summary>Shape and origin, for example <c>KerasTensor (None, 7, 7, 512) from block5_pool</c>.</summary>
    public override string ToString() => $"KerasTensor {Shape} from {Layer.Name}";
}
