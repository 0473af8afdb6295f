using DistractedDriver.Callbacks;
using DistractedDriver.Features;
using DistractedDriver.Preprocessing;

namespace DistractedDriver.Training;

/// <summary>What <c>Fit</c> is asked for.</summary>
/// <param name="Train">The samples to train on, with labels.</param>
internal sealed record FitRequest(IBatchSource Train)
{
    /// <summary>The samples to measure on after every epoch; null for none.</summary>
    public IBatchSource? Validation { get; init; }

    /// <summary>The number of the last epoch, at least 1.</summary>
    public int Epochs { get; init; } = 1;

    /// <summary>The epoch to begin with, counted from 0.</summary>
    public int InitialEpoch { get; init; }

    /// <summary>Told how the training goes.</summary>
    public IReadOnlyList<Callback> Callbacks { get; init; } = [];

    /// <summary>0 silent, 1 or null a bar an epoch, 2 a line an epoch.</summary>
    public int? Verbose { get; init; }

    /// <summary>Where features of frozen layers are kept; null to compute the whole network every time.</summary>
    public FeatureStore? Features { get; init; }

    /// <summary>How much each class, by its number from 0 on, counts in the loss; null for once each.</summary>
    public IReadOnlyDictionary<int, double>? ClassWeight { get; init; }

    /// <summary>How many batches make an epoch; null for all.</summary>
    public int? StepsPerEpoch { get; init; }

    /// <summary>How many batches are measured on after an epoch; null for all.</summary>
    public int? ValidationSteps { get; init; }

    /// <summary>After which epochs is measured, counted from 1.</summary>
    public ValidationFrequency ValidationFreq { get; init; } = 1;

    /// <summary>Whether each epoch takes the batches in an order of its own.</summary>
    public bool ShuffleBatches { get; init; }
}
