using DistractedDriver.Core;
using DistractedDriver.Models;

namespace DistractedDriver.Callbacks;

/// <summary>Ends a training when a value has not become better for a while, by Keras's rules.</summary>
public sealed class EarlyStopping : Callback
{
    private readonly MonitoredValue _monitor;
    private readonly double _minDelta;
    private readonly int _patience;
    private readonly double? _baseline;
    private readonly bool _restoreBestWeights;
    private readonly int _startFromEpoch;
    private readonly int _verbose;
    private double _best;
    private int _wait;
    private int _bestEpoch;
    private IReadOnlyList<float[]>? _bestWeights;

    /// <param name="monitor">The value to watch.</param>
    /// <param name="minDelta">By how much it has to change to count as better.</param>
    /// <param name="patience">For how many epochs it may fail to.</param>
    /// <param name="mode">"min", "max", or "auto", which goes by the name.</param>
    /// <param name="baseline">A value that has to be bettered too for the patience to begin anew.</param>
    /// <param name="restoreBestWeights">Whether the model gets back the weights of its best epoch when it is stopped.</param>
    /// <param name="startFromEpoch">The first epoch that counts, from 0.</param>
    /// <param name="verbose">1 to say when it stops.</param>
    /// <exception cref="ArgumentException">An argument is outside its range.</exception>
    public EarlyStopping(
        string monitor = "val_loss", double minDelta = 0, int patience = 0, string mode = "auto", double? baseline = null,
        bool restoreBestWeights = false, int startFromEpoch = 0, int verbose = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(patience);
        _monitor = new MonitoredValue(monitor, mode);
        (_minDelta, _patience, _baseline, _restoreBestWeights, _startFromEpoch, _verbose) = (Math.Abs(minDelta), patience, baseline,
            restoreBestWeights, startFromEpoch, verbose);
    }

    /// <summary>The epoch after which training was stopped, from 0; null if it was not.</summary>
    public int? StoppedEpoch { get; private set; }

    /// <inheritdoc/>
    public override void OnTrainBegin()
    {
        (_best, _wait, _bestEpoch, _bestWeights, StoppedEpoch) = (_monitor.Worst, 0, 0, null, null);
        _monitor.Begin(LoggedNames, nameof(EarlyStopping));
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(int epoch, IDictionary<string, double> logs)
    {
        ArgumentNullException.ThrowIfNull(logs);
        if (_monitor.Read(logs, nameof(EarlyStopping)) is not { } value || epoch < _startFromEpoch) return;
        if (_restoreBestWeights && _bestWeights is null) _bestWeights = Model.GetWeights();
        _wait++;
        if (_monitor.IsBetter(value, _best, _minDelta))
        {
            (_best, _bestEpoch) = (value, epoch);
            if (_restoreBestWeights) _bestWeights = Model.GetWeights();
            if (_baseline is null || _monitor.IsBetter(value, _baseline.Value, _minDelta)) _wait = 0;
            return;
        }
        if (_wait < _patience || epoch == 0) return;
        StoppedEpoch = epoch;
        Model.StopTraining = true;
        if (_bestWeights is null) return;
        if (_verbose > 0) TextOutput.WriteLine($"Restoring model weights from the end of the best epoch: {_bestEpoch + 1}.");
        Model.SetWeights(_bestWeights);
    }

    /// <inheritdoc/>
    public override void OnTrainEnd()
    {
        if (_verbose > 0 && StoppedEpoch is { } epoch) TextOutput.WriteLine($"Epoch {epoch + 1}: early stopping");
    }
}
