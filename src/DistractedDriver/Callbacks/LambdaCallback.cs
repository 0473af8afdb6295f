namespace DistractedDriver.Callbacks;

/// <summary>A callback put together from functions.</summary>
/// <param name="onEpochBegin">Called before an epoch with its number from 0.</param>
/// <param name="onEpochEnd">Called after an epoch with its number and values.</param>
/// <param name="onTrainBatchEnd">Called after a batch with its number and the epoch's means so far.</param>
/// <param name="onTrainBegin">Called before the first epoch.</param>
/// <param name="onTrainEnd">Called after the last epoch.</param>
public sealed class LambdaCallback(
    Action<int>? onEpochBegin = null, Action<int, IDictionary<string, double>>? onEpochEnd = null,
    Action<int, IReadOnlyDictionary<string, double>>? onTrainBatchEnd = null, Action? onTrainBegin = null, Action? onTrainEnd = null)
        : Callback
{
    /// <inheritdoc/>
    public override void OnEpochBegin(int epoch) => onEpochBegin?.Invoke(epoch);

    /// <inheritdoc/>
    public override void OnEpochEnd(int epoch, IDictionary<string, double> logs) => onEpochEnd?.Invoke(epoch, logs);

    /// <inheritdoc/>
    public override void OnTrainBatchEnd(int batch, IReadOnlyDictionary<string, double> logs) => onTrainBatchEnd?.Invoke(batch, logs);

    /// <inheritdoc/>
    public override void OnTrainBegin() => onTrainBegin?.Invoke();

    /// <inheritdoc/>
    public override void OnTrainEnd() => onTrainEnd?.Invoke();
}
