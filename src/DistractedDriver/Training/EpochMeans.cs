using DistractedDriver.Core;
using DistractedDriver.Metrics;
using DistractedDriver.Models;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Training;

/// <summary>An epoch's loss, weighted by the size of its batches, and its metrics.</summary>
internal sealed class EpochMeans
{
    private readonly Compilation _compiled;
    private double _loss;
    private long _samples;

    public EpochMeans(Compilation compiled)
    {
        _compiled = compiled;
        foreach (var metric in Metrics) metric.ResetState();
    }

    private IEnumerable<Metric> Metrics => _compiled.Metrics.Concat(_compiled.WeightedMetrics);

    public void Add(float loss, Tensor labels, Tensor prediction, Tensor? weights, CallContext context)
    {
        using var _ = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        _loss += (double)loss * labels.shape[0];
        _samples += labels.shape[0];
        foreach (var metric in _compiled.Metrics) metric.UpdateState(labels, prediction, null, context);
        foreach (var metric in _compiled.WeightedMetrics) metric.UpdateState(labels, prediction, weights, context);
    }

    // Keras keeps means in float32, so that is what its logs show.
    public Dictionary<string, double> Logs()
    {
        var logs = new Dictionary<string, double> { ["loss"] = (float)(_loss / _samples) };
        foreach (var metric in Metrics) logs[metric.Name] = metric.Result();
        return logs;
    }
}
