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
    private double _best;
    private int _wait;
    private IReadOnlyList<float[]>? _bestWeights;

    /// <param name="monitor">The value to watch.</param>
    /// <param name="minDelta">By how much it has to change to count as better.</param>
    /// <param name="patience">For how many epochs it may fail to.</param>
    /// <param name="mode">"min", "max", or "auto", which goes by the name.</param>
    /// <param name="baseline">A value that has to be bettered too for the patience to begin anew.</param>
    /// <param name="restoreBestWeights">Whether the model gets back the weights of its best epoch when it is stopped.</param>
    /// <param name="startFromEpoch">The first epoch that counts, from 0.</param>
    /// <exception cref="ArgumentException">An argument is outside its range.</exception>
    public EarlyStopping(
        string monitor = "val_loss", double minDelta = 0, int patience = 0, string mode = "auto", double? baseline = null,
        bool restoreBestWeights = false, int startFromEpoch = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(patience);
        _monitor = new MonitoredValue(monitor, mode);
        (_minDelta, _patience, _baseline, _restoreBestWeights, _startFromEpoch) = (Math.Abs(minDelta), patience, baseline,
            restoreBestWeights, startFromEpoch);
    }

    /// <summary>The epoch after which training was stopped, from 0; null if it was not.</summary>
    public int? StoppedEpoch { get; private set; }

    /// <inheritdoc/>
    public override void OnTrainBegin() => (_best, _wait, _bestWeights, StoppedEpoch) = (_monitor.Worst, 0, null, null);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The value is not logged.</exception>
    public override void OnEpochEnd(int epoch, IDictionary<string, double> logs)
    {
        ArgumentNullException.ThrowIfNull(logs);
        var value = _monitor.Read(logs, nameof(EarlyStopping));
        if (epoch < _startFromEpoch) return;
        if (_restoreBestWeights && _bestWeights is null) _bestWeights = Model.GetWeights();
        _wait++;
        if (_monitor.IsBetter(value, _best, _minDelta))
        {
            _best = value;
            if (_restoreBestWeights) _bestWeights = Model.GetWeights();
            if (_baseline is null || _monitor.IsBetter(value, _baseline.Value, _minDelta)) _wait = 0;
            return;
        }
        if (_wait < _patience || epoch == 0) return;
        StoppedEpoch = epoch;
        Model.StopTraining = true;
        if (_bestWeights is not null) Model.SetWeights(_bestWeights);
    }
}
