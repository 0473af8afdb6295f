using DistractedDriver.Callbacks;
using DistractedDriver.Models;
using DistractedDriver.Preprocessing;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Training;

/// <summary>Training on arrays: the samples that are trained on and those that are measured on.</summary>
internal static class ArrayFit
{
    /// <param name="model">The network, compiled.</param>
    /// <param name="x">The samples; stays the caller's.</param>
    /// <param name="y">Their labels; stays the caller's.</param>
    /// <param name="sampleWeight">How much each sample counts in the loss; null for once each; stays the caller's.</param>
    /// <param name="batchSize">How many samples make a step.</param>
    /// <param name="shuffle">Whether each epoch takes the samples in an order of its own.</param>
    /// <param name="validationData">Samples and labels to measure on; null for none.</param>
    /// <param name="validationSplit">The share of the samples, the last ones, that is measured on where no others are given.</param>
    /// <param name="validationBatchSize">How many of these are computed at once; null for as many as make a step.</param>
    /// <param name="complete">Adds what else is asked for.</param>
    /// <exception cref="ArgumentException">Arrays or numbers do not fit together.</exception>
    public static History Fit(
        Model model, Tensor x, Tensor y, Tensor? sampleWeight, int batchSize, bool shuffle, (Tensor X, Tensor Y)? validationData,
        double validationSplit, int? validationBatchSize,
        Func<FitRequest, FitRequest> complete)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (validationSplit is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(validationSplit),
                $"validationSplit is from 0 up to but not including 1. Received: {validationSplit}.");
        // No dispose scope around the training: what is made in a callback is its maker's.
        var parts = new List<Tensor>();
        Tensor Part(Tensor whole, long from, long to)
        {
            parts.Add(whole.slice(0, from, to, 1).DetachFromDisposeScope());
            return parts[^1];
        }
        var validation = validationData is { } held
            ? new ArraySource(held.X, held.Y, validationBatchSize ?? batchSize, shuffle: false)
            : null;
        if (validationSplit > 0 && validation is null)
        {
            var (kept, all) = ((long)Math.Floor(x.shape[0] * (1 - validationSplit)), x.shape[0]);
            if (kept == 0 || kept == all)
                throw new ArgumentException(
                    $"validationSplit: {validationSplit} leaves {kept} of {all} samples to train on and {all - kept} to measure on; both "
                        + "need at least one. Give more samples or another share.", nameof(validationSplit));
            validation = new ArraySource(Part(x, kept, all), Part(y, kept, all), validationBatchSize ?? batchSize, shuffle: false,
                sampleWeight is null ? null : Part(sampleWeight, kept, all));
            (x, y, sampleWeight) = (Part(x, 0, kept), Part(y, 0, kept), sampleWeight is null ? null : Part(sampleWeight, 0, kept));
        }
        try
        {
            return new Trainer(model)
                .Fit(complete(new FitRequest(new ArraySource(x, y, batchSize, shuffle, sampleWeight)) { Validation = validation }));
        }
        finally
        {
            foreach (var part in parts) part.Dispose();
        }
    }
}
