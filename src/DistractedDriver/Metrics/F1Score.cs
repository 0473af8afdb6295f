using System.Text.Json.Nodes;
using DistractedDriver.Core;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Metrics;

/// <summary>
/// The harmonic mean of precision and recall, 2·p·r / (p + r), of labels given one-hot or as several yes or no: of each class, then
/// averaged, or of all outputs together.
/// </summary>
public sealed class F1Score : Metric
{
    private readonly string _average;
    private readonly double? _threshold;
    private float[]? _right;
    private float[]? _said;
    private float[]? _true;

    /// <param name="average">
    /// "macro", the mean over the classes; "weighted", that by how often each is true; "micro", of all outputs together. (Keras's
    /// null, one value a class, is no figure that a log can hold: evaluate the model for these.)
    /// </param>
    /// <param name="threshold">What an output has to be above to be a yes; by default a sample's largest output is.</param>
    /// <param name="name">The name in logs and history.</param>
    /// <exception cref="ArgumentException">There is no such average.</exception>
    public F1Score(string average, double? threshold = null, string name = "f1_score") : base(name)
    {
        if (average is not ("macro" or "micro" or "weighted"))
            throw new ArgumentException($"average is \"macro\", \"micro\" or \"weighted\". Received: \"{average}\".", nameof(average));
        (_average, _threshold) = (average, threshold);
    }

    /// <inheritdoc/>
    protected override JsonObject Arguments => new() { ["average"] = _average, ["threshold"] = _threshold };

    /// <inheritdoc/>
    protected internal override void ResetState() => (_right, _said, _true) = (null, null, null);

    /// <inheritdoc/>
    protected internal override void UpdateState(Tensor truth, Tensor prediction, Tensor? weights, CallContext context)
    {
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(prediction);
        var yes = _threshold is { } least
            ? prediction.gt((float)least)
            : prediction.ge(prediction.amax([-1], keepdim: true)).logical_and(prediction.abs().gt(1e-12f));
        var said = yes.to_type(torch.ScalarType.Float32);
        truth = truth.reshape(prediction.shape).to_type(torch.ScalarType.Float32);
        _right = Sums(_right, said * truth, weights);
        _said = Sums(_said, said, weights);
        _true = Sums(_true, truth, weights);
    }

    /// <inheritdoc/>
    protected internal override double Result()
    {
        if (_right is null) return 0;
        if (_average == "micro") return Score(_right.Sum(), _said!.Sum(), _true!.Sum());
        float[] scores = [.. _right.Select((right, i) => Score(right, _said![i], _true![i]))];
        if (_average == "macro") return scores.Sum() / scores.Length;
        var all = _true!.Sum();
        return all == 0 ? 0 : scores.Zip(_true!, (score, count) => score * (count / all)).Sum();
    }

    private static float Score(float right, float said, float so)
    {
        var (precision, recall) = (said == 0 ? 0 : right / said, so == 0 ? 0 : right / so);
        return precision + recall == 0 ? 0 : precision * recall / (precision + recall) * 2;
    }

    private static float[] Sums(float[]? before, Tensor values, Tensor? weights)
    {
        if (weights is not null) values = values * weights.unsqueeze(-1);
        var sums = values.sum([0]).data<float>().ToArray();
        return before is null ? sums : [.. before.Zip(sums, (old, added) => old + added)];
    }
}
