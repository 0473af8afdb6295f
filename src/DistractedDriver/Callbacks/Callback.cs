using DistractedDriver.Models;

namespace DistractedDriver.Callbacks;

/// <summary>Something that is told how a training goes. Override what you need.</summary>
public abstract class Callback
{
    /// <summary>The model in training; set before <see cref="OnTrainBegin"/>.</summary>
    public Model Model { get; internal set; } = null!;

    /// <summary>The names of what epochs will log; null where another callback may add names that can't be known before.</summary>
    internal IReadOnlyList<string>? LoggedNames { get; set; }

    /// <summary>Called once before the first epoch.</summary>
    public virtual void OnTrainBegin()
    {
    }

    /// <summary>Called before an epoch.</summary>
    /// <param name="epoch">Counted from 0.</param>
    public virtual void OnEpochBegin(int epoch)
    {
    }

    /// <summary>Called after a batch was trained on.</summary>
    /// <param name="batch">Counted from 0.</param>
    /// <param name="logs">The epoch's means so far: "loss", "accuracy", ….</param>
    public virtual void OnTrainBatchEnd(int batch, IReadOnlyDictionary<string, double> logs)
    {
    }

    /// <summary>Called after an epoch and its validation.</summary>
    /// <param name="epoch">Counted from 0.</param>
    /// <param name="logs">
    /// The epoch's values: "loss", "accuracy", "val_loss", "val_accuracy", …; what is added goes into the history.
    /// </param>
    public virtual void OnEpochEnd(int epoch, IDictionary<string, double> logs)
    {
    }

    /// <summary>Called once after the last epoch.</summary>
    public virtual void OnTrainEnd()
    {
    }
}
