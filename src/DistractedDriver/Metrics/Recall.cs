using System.Text.Json.Nodes;
using DistractedDriver.Core;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Metrics;

/// <summary>
/// Of what is so, the share that the model says is: true positives / (true positives + false negatives). Each output is a yes or a
/// no.
/// </summary>
/// <param name="thresholds">
/// What an output has to be above to be a yes, in 0…1; by default 0.5, or anything where <paramref name="topK"/> is given.
/// </param>
/// <param name="topK">How many of a sample's outputs, the largest, can be a yes; all by default.</param>
/// <param name="classId">The one class that is looked at, by its number; all by default.</param>
/// <param name="name">The name in logs and history.</param>
public sealed class Recall(double? thresholds = null, int? topK = null, int? classId = null, string name = "recall") : Metric(name)
{
    private Counts _counts;

    /// <inheritdoc/>
    protected override JsonObject Arguments => new() { ["thresholds"] = thresholds, ["top_k"] = topK, ["class_id"] = classId };

    /// <inheritdoc/>
    protected internal override void ResetState() => _counts = default;

    /// <inheritdoc/>
    protected internal override void UpdateState(Tensor truth, Tensor prediction, Tensor? weights, CallContext context)
    {
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(prediction);
        _counts.Add(truth, prediction, weights, thresholds, topK, classId);
    }

    /// <inheritdoc/>
    protected internal override double Result() => _counts.Recall;
}
