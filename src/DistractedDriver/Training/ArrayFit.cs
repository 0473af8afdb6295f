using DistractedDriver.Callbacks;
using DistractedDriver.Models;
using DistractedDriver.Preprocessing;
using TorchSharp;
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
    /// <param name="complete">Adds what else is asked for.</param>
    /// <exception cref="ArgumentException">Arrays or numbers do not fit together.</exception>
    public static History Fit(
        Model model, Tensor x, Tensor y, Tensor? sampleWeight, int batchSize, bool shuffle, (Tensor X, Tensor Y)? validationData,
            double validationSplit,
        Func<FitRequest, FitRequest> complete)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (validationSplit is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(validationSplit),
                $"validationSplit is from 0 up to but not including 1. Received: {validationSplit}.");
        using var scope = torch.NewDisposeScope();
        var validation = validationData is { } held ? new ArraySource(held.X, held.Y, batchSize, shuffle: false) : null;
        if (validationSplit > 0 && validation is null)
        {
            var (kept, all) = ((long)Math.Floor(x.shape[0] * (1 - validationSplit)), x.shape[0]);
            validation = new ArraySource(x.slice(0, kept, all, 1), y.slice(0, kept, all, 1), batchSize, shuffle: false,
                sampleWeight?.slice(0, kept, all, 1));
            (x, y, sampleWeight) = (x.slice(0, 0, kept, 1), y.slice(0, 0, kept, 1), sampleWeight?.slice(0, 0, kept, 1));
        }
        return new Trainer(model)
            .Fit(complete(new FitRequest(new ArraySource(x, y, batchSize, shuffle, sampleWeight)) { Validation = validation }));
    }
}
