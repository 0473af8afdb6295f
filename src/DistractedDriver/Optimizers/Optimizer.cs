using System.Text.Json.Nodes;
using DistractedDriver.Core;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Optimizers;

// Optimizers: how weights follow their gradients, and how the learning rate goes with the steps. One file each, and one line in
// OptimizerRegistry.

/// <summary>
/// How weights follow their gradients. Strings convert as Keras's identifiers do: <c>optimizer: "adam"</c>. One of your own
/// overrides <see cref="SlotsPerWeight"/> and <see cref="Step"/>, and <see cref="Arguments"/> if it is to be saved.
/// </summary>
public abstract class Optimizer : IDisposable
{
    private readonly Dictionary<Weight, Tensor[]> _slots = [];

    private readonly GradientClipping _clipping;
    private readonly double? _weightDecay;
    private LearningRateSchedule _schedule;

    /// <param name="schedule">The learning rate, or how it goes with the steps.</param>
    /// <param name="clipnorm">Scales each weight's gradient to at most this norm; null not to.</param>
    /// <param name="clipvalue">Limits each number of a gradient to at most this size; null not to.</param>
    /// <param name="globalClipnorm">Scales all gradients together to at most this norm; null not to.</param>
    /// <param name="weightDecay">The share that weights lose in a step, times the learning rate; null for none.</param>
    /// <exception cref="ArgumentException">
    /// More than one way to clip is given, or one is not above 0, or the weight decay is negative.
    /// </exception>
    protected Optimizer(LearningRateSchedule schedule, double? clipnorm = null, double? clipvalue = null, double? globalClipnorm = null,
        double? weightDecay = null)
    {
        if (weightDecay is < 0 or double.NaN)
            throw new ArgumentOutOfRangeException(nameof(weightDecay), $"weightDecay is at least 0. Received: {weightDecay}.");
        _weightDecay = weightDecay;
        ArgumentNullException.ThrowIfNull(schedule);
        (_schedule, _clipping) = (schedule, new GradientClipping((float?)clipnorm, (float?)clipvalue, (float?)globalClipnorm));
    }

    /// <summary>The learning rate of the next step; callbacks may change it between epochs.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value set is not above 0.</exception>
    /// <exception cref="InvalidOperationException">The value is set although the optimizer was made with a schedule.</exception>
    public double LearningRate
    {
        get => _schedule is ConstantRate constant ? constant.Rate : _schedule.At(Iterations);
        set => _schedule = _schedule is ConstantRate
            ? value
            : throw new InvalidOperationException(
                "The optimizer follows a schedule of learning rates, so its rate can't be set. Give it a number instead, or change the "
                    + "schedule.");
    }

    /// <summary>How many steps were taken.</summary>
    public long Iterations { get; private set; }

    /// <summary>The optimizer of that Keras identifier, with Keras's defaults.</summary>
    /// <param name="identifier">"adam", "adamw", "nadam", "adagrad", "sgd" or "rmsprop".</param>
    /// <exception cref="ArgumentException">There is no such optimizer here.</exception>
    public static implicit operator Optimizer(string identifier) => OptimizerRegistry.All.Make(identifier);

    /// <summary>Takes one step.</summary>
    /// <param name="weights">What to change.</param>
    /// <param name="gradients">The loss's gradient for each of them, laid out like the weight in memory.</param>
    internal void Apply(IReadOnlyList<Weight> weights, IReadOnlyList<Tensor> gradients)
    {
        using var scope = torch.NewDisposeScope();
        using var _ = torch.no_grad();
        gradients = _clipping.Apply(gradients);
        var rate = _schedule.At(Iterations);
        Iterations++;
        for (var i = 0; i < weights.Count; i++)
        {
            if (!_slots.TryGetValue(weights[i], out var slots))
                _slots[weights[i]] = slots = [.. Enumerable.Range(0, SlotsPerWeight)
                    .Select(_ => torch.full_like(weights[i].Stored, SlotStart, requires_grad: false).DetachFromDisposeScope())];
            if (_weightDecay is > 0 and var decay) weights[i].Stored.sub_(weights[i].Stored * (float)decay * rate);
            Step(weights[i].Stored, gradients[i], slots, rate);
            weights[i].Version++;
        }
    }

    /// <summary>The class's name in Keras.</summary>
    internal string ClassName => GetType().Name;

    /// <summary>The arguments that it was made with, by Keras's names, but for the learning rate and what limits gradients.</summary>
    protected virtual JsonObject Arguments => [];

    /// <summary>
    /// The arrays that are kept for each weight (slots), in the order in which Keras saves them: group by group, and within a group
    /// weight by weight.
    /// </summary>
    internal virtual IReadOnlyList<OptimizerSlot[]> Slots =>
        [[.. Enumerable.Range(0, SlotsPerWeight).Select(number => new OptimizerSlot(number, $"slot{number}", $"slot{number}"))]];

    /// <summary>The arguments as both Keras 2.15 and Keras 3 take them.</summary>
    internal JsonObject GetConfig()
    {
        JsonObject config = new()
        {
            ["name"] = ClassName,
            ["learning_rate"] = _schedule.GetConfig(),
            ["weight_decay"] = _weightDecay,
            ["clipnorm"] = _clipping.Norm,
            ["global_clipnorm"] = _clipping.GlobalNorm,
            ["clipvalue"] = _clipping.Value,
            ["use_ema"] = false,
            ["ema_momentum"] = 0.99,
            ["ema_overwrite_frequency"] = null,
        };
        foreach (var (key, value) in Arguments) config[key] = value?.DeepClone();
        return config;
    }

    /// <summary>Whether the learning rate is a number, which callbacks may change, and not a schedule.</summary>
    internal bool HasConstantRate => _schedule is ConstantRate;

    /// <summary>What is kept for a weight in one slot, in Keras's order; what it starts with before the first step.</summary>
    internal float[] Kept(Weight weight, int slot)
    {
        if (_slots.TryGetValue(weight, out var slots)) return weight.InKerasOrder(slots[slot]);
        var start = new float[weight.Count];
        Array.Fill(start, SlotStart);
        return start;
    }

    /// <summary>Goes on where another optimizer of the same kind stopped.</summary>
    /// <param name="iterations">How many steps it took.</param>
    /// <param name="kept">What it kept for each weight, slot by slot, in Keras's order.</param>
    internal void GoOn(long iterations, IReadOnlyDictionary<Weight, float[][]> kept)
    {
        Iterations = iterations;
        foreach (var tensor in _slots.Values.SelectMany(tensors => tensors)) tensor.Dispose();
        _slots.Clear();
        foreach (var (weight, arrays) in kept) _slots[weight] = [.. arrays.Select(weight.LaidOut)];
    }

    private protected static float DecayRate(double value, string name) => value is >= 0 and < 1
        ? (float)value
        : throw new ArgumentOutOfRangeException(name, $"{name} is from 0 up to but not including 1. Received: {value}.");

    private protected static float Momentum(double momentum) => momentum is >= 0 and <= 1
        ? (float)momentum
        : throw new ArgumentOutOfRangeException(nameof(momentum), $"momentum is from 0 to 1. Received: {momentum}.");

    private protected static float Epsilon(double epsilon) => epsilon > 0
        ? (float)epsilon
        : throw new ArgumentOutOfRangeException(nameof(epsilon), $"epsilon is above 0. Received: {epsilon}.");

    /// <summary>How many arrays of a weight's size the optimizer keeps for it (Keras's slots).</summary>
    protected abstract int SlotsPerWeight { get; }

    /// <summary>What these arrays are filled with at first.</summary>
    protected virtual float SlotStart => 0;

    /// <summary>
    /// Changes one weight in place. The caller has opened a dispose scope and switched gradients off;
    /// <see cref="Iterations"/> counts this step already.
    /// </summary>
    /// <param name="weight">The weight's values, to be changed in place.</param>
    /// <param name="gradient">The loss's gradient with respect to the weight, clipped if that was asked for; of the same shape.</param>
    /// <param name="slots">The arrays kept for this weight, to be changed in place; of the same shape.</param>
    /// <param name="rate">The learning rate of this step.</param>
    protected abstract void Step(Tensor weight, Tensor gradient, Tensor[] slots, float rate);

    /// <summary>Frees what the optimizer remembers of the gradients.</summary>
    public void Dispose()
    {
        foreach (var tensor in _slots.Values.SelectMany(tensors => tensors)) tensor.Dispose();
        _slots.Clear();
        GC.SuppressFinalize(this);
    }
}
