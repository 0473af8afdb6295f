using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver;

/// <summary>
/// A figure reported beside the loss, averaged over an epoch's samples. Strings convert as Keras's identifiers do:
/// <c>metrics: ["accuracy"]</c>.
/// </summary>
public abstract class Metric
{
    // Float32, since the last digit shows in logs. A batch's sum is taken in float64 before it is added: found to give the
    // digits of Keras's metrics_named, where float32 or float64 throughout did not.
    private float _total;
    private float _count;

    /// <param name="name">The name in logs and history.</param>
    private protected Metric(string name) => Name = name;

    /// <summary>The name in logs and history, as the user asked for it; behind "weighted_" where two of one name are asked for.</summary>
    public string Name { get; internal set; }

    /// <summary>The mean since the last reset, rounded to float32 as Keras keeps it; 0 before any sample.</summary>
    internal double Result => _count == 0 ? 0 : _total / _count;

    /// <summary>The metric of that Keras identifier.</summary>
    /// <param name="identifier">"accuracy", "binary_accuracy", "categorical_accuracy", "sparse_categorical_accuracy" or "top_k_categorical_accuracy".</param>
    /// <exception cref="ArgumentException">There is no such metric here.</exception>
    public static implicit operator Metric(string identifier) => identifier switch
    {
        "accuracy" or "acc" => new Accuracy(identifier),
        "binary_accuracy" => new BinaryAccuracy(),
        "categorical_accuracy" => new CategoricalAccuracy(),
        "sparse_categorical_accuracy" => new SparseCategoricalAccuracy(),
        "top_k_categorical_accuracy" => new TopKCategoricalAccuracy(),
        _ => throw new ArgumentException($"The metrics are \"accuracy\", \"binary_accuracy\", \"categorical_accuracy\", \"sparse_categorical_accuracy\" and \"top_k_categorical_accuracy\". Received: \"{identifier}\".", nameof(identifier)),
    };

    internal void Reset() => (_total, _count) = (0, 0);

    /// <summary>Counts a batch.</summary>
    /// <param name="truth">What is true.</param>
    /// <param name="prediction">What the model computed.</param>
    /// <param name="weights">How much each sample counts, (batch), or null for once each.</param>
    /// <param name="context">The pass that computed it, which knows the logits.</param>
    internal void Update(Tensor truth, Tensor prediction, Tensor? weights, CallContext context)
    {
        var matches = Matches(truth, prediction, context);
        _total += Sum(weights is null ? matches : matches * weights);
        _count += weights is null ? prediction.shape[0] : Sum(weights);
    }

    private static float Sum(Tensor values) => (float)values.sum(TorchSharp.torch.ScalarType.Float64).item<double>();

    /// <summary>One figure a sample, shape (batch).</summary>
    private protected abstract Tensor Matches(Tensor truth, Tensor prediction, CallContext context);
}
