using DistractedDriver.Core;

namespace DistractedDriver.Callbacks;

/// <summary>Ends a training when the loss is no number any more, or infinite: nothing can be learned from there on.</summary>
public sealed class TerminateOnNaN : Callback
{
    /// <inheritdoc/>
    public override void OnTrainBatchEnd(int batch, IReadOnlyDictionary<string, double> logs)
    {
        ArgumentNullException.ThrowIfNull(logs);
        if (double.IsFinite(logs["loss"])) return;
        TextOutput.WriteLine($"Batch {batch}: Invalid loss, terminating training");
        Model.StopTraining = true;
    }
}
