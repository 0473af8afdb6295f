using DistractedDriver.Core;
using DistractedDriver.Features;
using DistractedDriver.Models;
using DistractedDriver.Preprocessing;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Training;

/// <summary>The prediction loop.</summary>
internal static class Predictor
{
    /// <summary>Computes the model's output for samples, in the order in which they come.</summary>
    /// <param name="model">The model.</param>
    /// <param name="source">The samples; each is read once.</param>
    /// <param name="features">Where features of frozen layers are kept; null to compute the whole network.</param>
    /// <param name="steps">How many batches; null for all.</param>
    /// <param name="verbose">0 silent, 1 a bar, 2 a line.</param>
    /// <param name="onLabels">Told each batch's labels, which live until it returns; null where there are none.</param>
    /// <returns>One row a sample; owned by the caller.</returns>
    /// <exception cref="ArgumentException">The samples do not have the shape that the model takes.</exception>
    public static Tensor Predict(Model model, IBatchSource source, FeatureStore? features, int? steps = null, int verbose = 0,
        Action<Tensor?>? onLabels = null)
    {
        if (steps is { } asked) ArgumentOutOfRangeException.ThrowIfLessThan(asked, 1, nameof(steps));
        InputCheck.RequireSamples(source);
        InputCheck.Require(model, source);
        using var scope = torch.NewDisposeScope();
        using var _ = torch.no_grad();
        var network = new Network(model, features);
        var batches = new List<Tensor>();
        var bar = ProgressBar.Start(Math.Min(steps ?? source.Batches, source.Batches), verbose);
        foreach (var batch in network.Load(source, [.. Enumerable.Range(0, Math.Min(steps ?? source.Batches, source.Batches))]))
        {
            using var inner = torch.NewDisposeScope();
            batches.Add(network.Run(batch.Features, new CallContext(training: false)).MoveToOuterDisposeScope());
            onLabels?.Invoke(batch.Labels);
            bar.Update(batches.Count, []);
        }
        bar.Finish(new Dictionary<string, double>());
        source.EndEpoch();
        return torch.cat(batches).cpu().MoveToOuterDisposeScope();
    }

    /// <summary>Computes every output of the model.</summary>
    /// <returns>For each output one row a sample; owned by the caller.</returns>
    /// <exception cref="ArgumentException">The samples do not have the shape that the model takes.</exception>
    public static IReadOnlyList<Tensor> PredictOutputs(Model model, IBatchSource source)
    {
        InputCheck.Require(model, source, outputs: model.Outputs.Count);
        using var scope = torch.NewDisposeScope();
        using var _ = torch.no_grad();
        var batches = Enumerable.Range(0, source.Batches).Select(batch =>
        {
            using var samples = source.Load(source.Indices(batch), null);
            return model.Plan.Run(samples.X!.to(model.Device), new CallContext(training: false));
        }).ToArray();
        return [.. Enumerable.Range(0, model.Outputs.Count).Select(output =>
            torch.cat([.. batches.Select(batch => batch[output])]).cpu().to_type(torch.ScalarType.Float32).MoveToOuterDisposeScope())];
    }
}
