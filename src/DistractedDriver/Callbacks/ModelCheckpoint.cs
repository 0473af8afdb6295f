using DistractedDriver.Core;
using DistractedDriver.Files;
using DistractedDriver.Saving;

namespace DistractedDriver.Callbacks;

/// <summary>Saves the model after every epoch, or after those that were the best so far.</summary>
public sealed class ModelCheckpoint : Callback
{
    private readonly string _filepath;
    private readonly PythonFormat _name;
    private readonly MonitoredValue _monitor;
    private readonly bool _saveBestOnly;
    private readonly bool _saveWeightsOnly;
    private readonly int _verbose;
    private double _best;

    /// <param name="filepath">
    /// The file, which ends in ".h5" or ".hdf5"; it may name the epoch and logged values as Python formats them:
    /// "weights.{epoch:02d}-{val_loss:.2f}.h5".
    /// </param>
    /// <param name="monitor">The value that says which epoch is the best.</param>
    /// <param name="verbose">1 to say on the console what is saved.</param>
    /// <param name="saveBestOnly">Whether only an epoch that is better than all before is saved.</param>
    /// <param name="saveWeightsOnly">Whether the weights alone are saved, and not the network.</param>
    /// <param name="mode">"min", "max", or "auto", which goes by the name.</param>
    /// <param name="initialValueThreshold">What the first epoch has to be better than to be saved; anything by default.</param>
    /// <exception cref="ArgumentException">An argument is outside its range.</exception>
    public ModelCheckpoint(
        string filepath, string monitor = "val_loss", int verbose = 0, bool saveBestOnly = false, bool saveWeightsOnly = false,
            string mode = "auto",
        double? initialValueThreshold = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(filepath);
        _filepath = Path.GetFullPath(filepath);
        ModelFile.CheckEnding(_filepath, saveWeightsOnly);
        _name = Name(filepath);
        _monitor = new MonitoredValue(monitor, mode);
        (_verbose, _saveBestOnly, _saveWeightsOnly) = (verbose, saveBestOnly, saveWeightsOnly);
        _best = initialValueThreshold ?? _monitor.Worst;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The file's name has a value in it that this training will not log.</exception>
    public override void OnTrainBegin()
    {
        if (_saveBestOnly) _monitor.Begin(LoggedNames, nameof(ModelCheckpoint));
        if (LoggedNames is { } logged && _name.Names.FirstOrDefault(name => name != "epoch" && !logged.Contains(name)) is { } missing)
            throw NotLogged(missing, logged);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The file's name has a value in it that is not logged.</exception>
    /// <exception cref="IOException">The file can't be written.</exception>
    public override void OnEpochEnd(int epoch, IDictionary<string, double> logs)
    {
        ArgumentNullException.ThrowIfNull(logs);
        if (!_saveBestOnly)
        {
            Save(epoch, logs, path => $"saving model to {path}");
            return;
        }
        if (_monitor.Read(logs, nameof(ModelCheckpoint)) is not { } value) return;
        var before = PythonFormat.Fixed(_best, 5);
        if (!_monitor.IsBetter(value, _best, 0))
        {
            if (_verbose > 0) TextOutput.WriteLine($"\nEpoch {epoch + 1}: {_monitor.Name} did not improve from {before}");
            return;
        }
        _best = value;
        Save(epoch, logs, path => $"{_monitor.Name} improved from {before} to {PythonFormat.Fixed(value, 5)}, saving model to {path}");
    }

    private void Save(int epoch, IDictionary<string, double> logs, Func<string, string> says)
    {
        var path = PathOf(epoch, logs);
        if (_verbose > 0) TextOutput.WriteLine($"\nEpoch {epoch + 1}: {says(path)}");
        if (_saveWeightsOnly) ModelFile.SaveWeights(Model, path);
        else ModelFile.Save(Model, path);
    }

    /// <summary>The file of an epoch.</summary>
    /// <param name="epoch">Counted from 0.</param>
    /// <param name="logs">The epoch's values.</param>
    internal string PathOf(int epoch, IDictionary<string, double> logs)
    {
        var values = logs.ToDictionary(entry => entry.Key, entry => (object)entry.Value);
        values["epoch"] = epoch + 1L;
        try
        {
            return _name.Apply(values);
        }
        catch (KeyNotFoundException error)
        {
            throw NotLogged(error.Message, logs.Keys);
        }
    }

    private ArgumentException NotLogged(string name, IEnumerable<string> logged) => new(
        $"ModelCheckpoint's file {_filepath} is to have '{name}' in its name, which this training does not log; logged are epoch, "
            + $"{string.Join(", ", logged)}.");

    // Tried with a count and a number with a fraction, so that a pattern which can't be used is refused before the training.
    private static PythonFormat Name(string filepath)
    {
        try
        {
            var name = new PythonFormat(Path.GetFullPath(filepath));
            _ = name.Apply(name.Names.Distinct().ToDictionary(value => value, value => value == "epoch" ? 1L : (object)0.5));
            return name;
        }
        catch (FormatException error)
        {
            throw new ArgumentException($"\"{filepath}\" can't be used as the pattern of a file's name: {error.Message}. Write it as "
                + "Python does: \"weights.{epoch:02d}-{val_loss:.2f}.h5\".", nameof(filepath), error);
        }
    }
}
