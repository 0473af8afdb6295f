using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver;

/// <summary>How weights follow their gradients. Strings convert as Keras's identifiers do: <c>optimizer: "adam"</c>.</summary>
public abstract class Optimizer : IDisposable
{
    private readonly Dictionary<Weight, Tensor[]> _memory = [];

    /// <param name="learningRate">Above 0.</param>
    private protected Optimizer(float learningRate)
    {
        if (!(learningRate > 0) || float.IsInfinity(learningRate))
            throw new ArgumentOutOfRangeException(nameof(learningRate), $"The learning rate is a number above 0. Received: {learningRate}.");
        LearningRate = learningRate;
    }

    /// <summary>The learning rate; callbacks may change it between epochs.</summary>
    public float LearningRate { get; set; }

    /// <summary>How many steps were taken.</summary>
    public long Iterations { get; private set; }

    /// <summary>The optimizer of that Keras identifier, with Keras's defaults.</summary>
    /// <param name="identifier">"adam".</param>
    /// <exception cref="ArgumentException">There is no such optimizer here.</exception>
    public static implicit operator Optimizer(string identifier) => identifier switch
    {
        "adam" => new Adam(),
        _ => throw new ArgumentException($"The optimizer by name is \"adam\". Received: \"{identifier}\".", nameof(identifier)),
    };

    /// <summary>Takes one step.</summary>
    /// <param name="weights">What to change.</param>
    /// <param name="gradients">The loss's gradient for each of them, laid out like the weight in memory.</param>
    internal void Apply(IReadOnlyList<Weight> weights, IReadOnlyList<Tensor> gradients)
    {
        using var scope = torch.NewDisposeScope();
        using var _ = torch.no_grad();
        Iterations++;
        for (var i = 0; i < weights.Count; i++)
        {
            if (!_memory.TryGetValue(weights[i], out var memory))
                _memory[weights[i]] = memory = [.. Enumerable.Range(0, MemoryPerWeight).Select(_ => torch.zeros_like(weights[i].Stored, requires_grad: false).DetachFromDisposeScope())];
            Step(weights[i].Stored, gradients[i], memory);
        }
    }

    /// <summary>How many arrays of a weight's size the optimizer keeps for it, zero at first.</summary>
    private protected abstract int MemoryPerWeight { get; }

    /// <summary>Changes one weight in place; <see cref="Iterations"/> counts this step already.</summary>
    private protected abstract void Step(Tensor weight, Tensor gradient, Tensor[] memory);

    /// <summary>Frees what the optimizer remembers of the gradients.</summary>
    public void Dispose()
    {
        foreach (var tensor in _memory.Values.SelectMany(tensors => tensors)) tensor.Dispose();
        _memory.Clear();
        GC.SuppressFinalize(this);
    }
}
