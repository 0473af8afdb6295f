using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver;

/// <summary>How weights follow their gradients. Strings convert as Keras's identifiers do: <c>optimizer: "adam"</c>.</summary>
public abstract class Optimizer : IDisposable
{
    private readonly Dictionary<Weight, Tensor[]> _memory = [];

    private readonly GradientClipping _clipping;
    private LearningRateSchedule _schedule;

    /// <param name="schedule">The learning rate, or how it goes with the steps.</param>
    /// <param name="clipping">What is done with large gradients.</param>
    private protected Optimizer(LearningRateSchedule schedule, GradientClipping clipping) => (_schedule, _clipping) = (schedule, clipping);

    /// <summary>The learning rate of the next step; callbacks may change it between epochs.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value set is not above 0.</exception>
    /// <exception cref="InvalidOperationException">The value is set although the optimizer was made with a schedule.</exception>
    public float LearningRate
    {
        get => _schedule.At(Iterations);
        set => _schedule = _schedule is ConstantRate
            ? value
            : throw new InvalidOperationException("The optimizer follows a schedule of learning rates, so its rate can't be set. Give it a number instead, or change the schedule.");
    }

    /// <summary>How many steps were taken.</summary>
    public long Iterations { get; private set; }

    /// <summary>The optimizer of that Keras identifier, with Keras's defaults.</summary>
    /// <param name="identifier">"adam", "sgd" or "rmsprop".</param>
    /// <exception cref="ArgumentException">There is no such optimizer here.</exception>
    public static implicit operator Optimizer(string identifier) => identifier switch
    {
        "adam" => new Adam(),
        "sgd" => new SGD(),
        "rmsprop" => new RMSprop(),
        _ => throw new ArgumentException($"The optimizers by name are \"adam\", \"sgd\" and \"rmsprop\". Received: \"{identifier}\".", nameof(identifier)),
    };

    /// <summary>Takes one step.</summary>
    /// <param name="weights">What to change.</param>
    /// <param name="gradients">The loss's gradient for each of them, laid out like the weight in memory.</param>
    internal void Apply(IReadOnlyList<Weight> weights, IReadOnlyList<Tensor> gradients)
    {
        using var scope = torch.NewDisposeScope();
        using var _ = torch.no_grad();
        gradients = _clipping.Apply(gradients);
        var rate = LearningRate;
        Iterations++;
        for (var i = 0; i < weights.Count; i++)
        {
            if (!_memory.TryGetValue(weights[i], out var memory))
                _memory[weights[i]] = memory = [.. Enumerable.Range(0, MemoryPerWeight).Select(_ => torch.zeros_like(weights[i].Stored, requires_grad: false).DetachFromDisposeScope())];
            Step(weights[i].Stored, gradients[i], memory, rate);
            weights[i].Version++;
        }
    }

    private protected static float Forgetting(float value, string name) => value is >= 0 and < 1
        ? value
        : throw new ArgumentOutOfRangeException(name, $"{name} is from 0 up to but not including 1. Received: {value}.");

    private protected static float Momentum(float momentum) => momentum is >= 0 and <= 1
        ? momentum
        : throw new ArgumentOutOfRangeException(nameof(momentum), $"momentum is from 0 to 1. Received: {momentum}.");

    private protected static float Epsilon(float epsilon) => epsilon > 0
        ? epsilon
        : throw new ArgumentOutOfRangeException(nameof(epsilon), $"epsilon is above 0. Received: {epsilon}.");

    /// <summary>How many arrays of a weight's size the optimizer keeps for it, zero at first.</summary>
    private protected abstract int MemoryPerWeight { get; }

    /// <summary>Changes one weight in place; <see cref="Iterations"/> counts this step already.</summary>
    private protected abstract void Step(Tensor weight, Tensor gradient, Tensor[] memory, float rate);

    /// <summary>Frees what the optimizer remembers of the gradients.</summary>
    public void Dispose()
    {
        foreach (var tensor in _memory.Values.SelectMany(tensors => tensors)) tensor.Dispose();
        _memory.Clear();
        GC.SuppressFinalize(this);
    }
}
