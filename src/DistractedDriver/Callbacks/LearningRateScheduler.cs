using DistractedDriver.Models;

namespace DistractedDriver.Callbacks;

/// <summary>Sets the learning rate before each epoch. Logs it as "lr".</summary>
/// <param name="schedule">From the epoch, counted from 0, and the rate so far to the rate of that epoch.</param>
public sealed class LearningRateScheduler(Func<int, double, double> schedule) : Callback
{
    /// <inheritdoc/>
    public override void OnEpochBegin(int epoch) => Model.Optimizer.LearningRate = schedule(epoch, Model.Optimizer.LearningRate);

    /// <inheritdoc/>
    public override void OnEpochEnd(int epoch, IDictionary<string, double> logs)
    {
        ArgumentNullException.ThrowIfNull(logs);
        logs["lr"] = (float)Model.Optimizer.LearningRate;
    }
}
