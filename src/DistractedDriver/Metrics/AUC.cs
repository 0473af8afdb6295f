using System.Text.Json.Nodes;
using DistractedDriver.Core;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Metrics;

/// <summary>
/// The area under a curve of what an output says at many thresholds, as Keras approximates it: under ROC, true against false
/// positive rate, by trapezoids; under PR, precision against recall, by J. Davis's and M. Goadrich's interpolation (ICML 2006).
/// </summary>
public sealed class AUC : Metric
{
    // Keras's first threshold lies a little below 0 and its last a little above 1, so that all and nothing are a yes there.
    private readonly int _numThresholds;
    private readonly bool _isPrecisionRecall;
    private readonly string _curve;
    private readonly bool _multiLabel;
    private readonly bool _fromLogits;
    private Bucket[][] _labels = [];

    /// <param name="numThresholds">How many thresholds, at least 2; more are nearer to the true area.</param>
    /// <param name="curve">"ROC" or "PR".</param>
    /// <param name="multiLabel">Whether each output has a curve of its own, and the mean of their areas is taken.</param>
    /// <param name="fromLogits">Whether the model gives logits, without a sigmoid.</param>
    /// <param name="name">The name in logs and history.</param>
    /// <exception cref="ArgumentException">There are fewer thresholds, or there is no such curve.</exception>
    public AUC(int numThresholds = 200, string curve = "ROC", bool multiLabel = false, bool fromLogits = false, string name = "auc")
        : base(name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(numThresholds, 2);
        if (curve is not ("ROC" or "PR"))
            throw new ArgumentException($"curve is \"ROC\" or \"PR\". Received: \"{curve}\".", nameof(curve));
        (_numThresholds, _curve, _isPrecisionRecall, _multiLabel, _fromLogits) =
            (numThresholds, curve, curve == "PR", multiLabel, fromLogits);
    }

    /// <inheritdoc/>
    protected override JsonObject Arguments => new()
    {
        ["num_thresholds"] = _numThresholds,
        ["curve"] = _curve,
        ["summation_method"] = "interpolation",
        ["multi_label"] = _multiLabel,
        ["from_logits"] = _fromLogits,
    };

    /// <inheritdoc/>
    protected internal override void ResetState() => _labels = [];

    /// <inheritdoc/>
    protected internal override void UpdateState(Tensor truth, Tensor prediction, Tensor? weights, CallContext context)
    {
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(prediction);
        var outputs = (int)(prediction.numel() / prediction.shape[0]);
        if (_labels.Length == 0)
            _labels = [.. Enumerable.Range(0, _multiLabel ? outputs : 1).Select(_ => new Bucket[_numThresholds])];
        var said = Numbers(_fromLogits ? prediction.sigmoid() : prediction);
        var (so, counts) = (Numbers(truth), weights is null ? null : Numbers(weights));
        for (var i = 0; i < said.Length; i++)
        {
            // A yes at all thresholds below: threshold number b is b / (n − 1).
            var bucket = Math.Max(0, (int)MathF.Ceiling(Math.Clamp(said[i], 0, 1) * (_numThresholds - 1)) - 1);
            ref var counted = ref _labels[_multiLabel ? i % outputs : 0][bucket];
            var weight = counts is null ? 1 : counts[i / outputs];
            counted.Positives += so[i] * weight;
            counted.Negatives += (1 - so[i]) * weight;
        }
    }

    /// <inheritdoc/>
    protected internal override double Result() => _labels.Length == 0 ? 0 : (float)_labels.Average(label =>
    {
        // Of those above each threshold, from the last back to the first.
        var (right, wrong) = (new float[_numThresholds], new float[_numThresholds]);
        var (positives, negatives) = (0.0, 0.0);
        for (var i = _numThresholds - 1; i >= 0; i--)
        {
            right[i] = (float)(positives += label[i].Positives);
            wrong[i] = (float)(negatives += label[i].Negatives);
        }
        return _isPrecisionRecall ? UnderPrecisionRecall(right, wrong) : UnderRoc(right, wrong);
    });

    private static double UnderRoc(float[] right, float[] wrong)
    {
        var area = 0.0;
        float[] x = Array.ConvertAll(wrong, value => Ratio(value, wrong[0]));
        float[] y = Array.ConvertAll(right, value => Ratio(value, right[0]));
        for (var i = 0; i + 1 < x.Length; i++) area += (x[i] - x[i + 1]) * (y[i] + y[i + 1]) / 2;
        return area;
    }

    private static double UnderPrecisionRecall(float[] right, float[] wrong)
    {
        var area = 0.0;
        for (var i = 0; i + 1 < right.Length; i++)
        {
            var (said, saidNext) = (right[i] + wrong[i], right[i + 1] + wrong[i + 1]);
            var slope = Ratio(right[i] - right[i + 1], Math.Max(said - saidNext, 0));
            var intercept = right[i + 1] - slope * saidNext;
            var ratio = said > 0 && saidNext > 0 ? said / saidNext : 1;
            area += Ratio(slope * (right[i] - right[i + 1] + intercept * MathF.Log(ratio)), right[0]);
        }
        return area;
    }

    private static float Ratio(float value, float of) => of == 0 ? 0 : value / of;

    private static float[] Numbers(Tensor values) => values.to_type(torch.ScalarType.Float32).cpu().contiguous().data<float>().ToArray();

    private struct Bucket
    {
        public double Positives;
        public double Negatives;
    }
}
