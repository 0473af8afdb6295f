using DistractedDriver.Core;
using DistractedDriver.Files;

namespace DistractedDriver.Callbacks;

/// <summary>Sets the learning rate before each epoch. Logs it as "lr".</summary>
/// <param name="schedule">From the epoch, counted from 0, and the rate so far to the rate of that epoch.</param>
/// <param name="verbose">1 to say what it sets.</param>
public sealed class LearningRateScheduler(Func<int, double, double> schedule, int verbose = 0) : Callback
{
    /// <summary>Sets the learning rate before each epoch by the epoch alone.</summary>
    /// <param name="schedule">From the epoch, counted from 0, to the rate of that epoch.</param>
    /// <param name="verbose">1 to say what it sets.</param>
    public LearningRateScheduler(Func<int, double> schedule, int verbose = 0) : this((epoch, _) => schedule(epoch), verbose)
    {
    }

    /// <inheritdoc/>
    public override void OnEpochBegin(int epoch)
    {
        var rate = schedule(epoch, Model.Optimizer.LearningRate);
        Model.Optimizer.LearningRate = rate;
        if (verbose > 0)
            TextOutput.WriteLine($"\nEpoch {epoch + 1}: LearningRateScheduler setting learning rate to {PythonFloat.Repr(rate)}.");
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(int epoch, IDictionary<string, double> logs)
    {
        ArgumentNullException.ThrowIfNull(logs);
        logs["lr"] = (float)Model.Optimizer.LearningRate;
    }
}
