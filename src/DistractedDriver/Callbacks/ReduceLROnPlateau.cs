using DistractedDriver.Core;
using DistractedDriver.Files;
using DistractedDriver.Models;

namespace DistractedDriver.Callbacks;

/// <summary>Lowers the learning rate when a value has not become better for a while, by Keras's rules. Logs it as "lr".</summary>
public sealed class ReduceLROnPlateau : Callback
{
    private readonly MonitoredValue _monitor;
    private readonly double _factor;
    private readonly int _patience;
    private readonly double _minDelta;
    private readonly int _cooldown;
    private readonly double _minLr;
    private readonly int _verbose;
    private double _best;
    private int _wait;
    private int _cooling;

    /// <param name="monitor">The value to watch.</param>
    /// <param name="factor">What the rate is multiplied by, below 1.</param>
    /// <param name="patience">For how many epochs the value may fail to become better.</param>
    /// <param name="mode">"min", "max", or "auto", which goes by the name.</param>
    /// <param name="minDelta">By how much it has to change to count as better.</param>
    /// <param name="cooldown">For how many epochs after a change nothing is counted.</param>
    /// <param name="minLr">The least learning rate.</param>
    /// <param name="verbose">1 to say when it lowers the rate.</param>
    /// <exception cref="ArgumentException">An argument is outside its range.</exception>
    public ReduceLROnPlateau(
        string monitor = "val_loss", double factor = 0.1, int patience = 10, string mode = "auto", double minDelta = 1e-4,
            int cooldown = 0, double minLr = 0, int verbose = 0)
    {
        if (factor is not (> 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(factor),
            $"factor is between 0 and 1. Received: {factor}.");
        _monitor = new MonitoredValue(monitor, mode);
        (_factor, _patience, _minDelta, _cooldown, _minLr, _verbose) = (factor, patience, minDelta, cooldown, minLr, verbose);
    }

    /// <inheritdoc/>
    public override void OnTrainBegin()
    {
        (_best, _wait, _cooling) = (_monitor.Worst, 0, 0);
        _monitor.Begin(LoggedNames, nameof(ReduceLROnPlateau));
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(int epoch, IDictionary<string, double> logs)
    {
        ArgumentNullException.ThrowIfNull(logs);
        var rate = (float)Model.Optimizer.LearningRate;
        logs["lr"] = rate;
        if (_monitor.Read(logs, nameof(ReduceLROnPlateau)) is not { } value) return;
        if (_cooling > 0)
        {
            _cooling--;
            _wait = 0;
        }
        if (_monitor.IsBetter(value, _best, _minDelta))
            (_best, _wait) = (value, 0);
        else if (_cooling == 0 && ++_wait >= _patience && rate > (float)_minLr)
        {
            var lower = Math.Max(rate * _factor, _minLr);
            Model.Optimizer.LearningRate = (float)lower;
            if (_verbose > 0)
                TextOutput.WriteLine($"\nEpoch {epoch + 1}: ReduceLROnPlateau reducing learning rate to {PythonFloat.Repr(lower)}.");
            (_cooling, _wait) = (_cooldown, 0);
        }
    }
}
