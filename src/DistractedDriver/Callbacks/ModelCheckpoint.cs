using System.Globalization;
using System.Text.RegularExpressions;
using DistractedDriver.Core;
using DistractedDriver.Files;
using DistractedDriver.Saving;

namespace DistractedDriver.Callbacks;

/// <summary>Saves the model after every epoch, or after those that were the best so far.</summary>
public sealed partial class ModelCheckpoint : Callback
{
    private readonly string _filepath;
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
        _monitor = new MonitoredValue(monitor, mode);
        (_verbose, _saveBestOnly, _saveWeightsOnly) = (verbose, saveBestOnly, saveWeightsOnly);
        _best = initialValueThreshold ?? _monitor.Worst;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The value to watch, or one that the file's name has in it, is not logged.</exception>
    /// <exception cref="IOException">The file can't be written.</exception>
    public override void OnEpochEnd(int epoch, IDictionary<string, double> logs)
    {
        ArgumentNullException.ThrowIfNull(logs);
        if (_saveBestOnly)
        {
            var value = _monitor.Read(logs, nameof(ModelCheckpoint));
            if (!_monitor.IsBetter(value, _best, 0)) return;
            _best = value;
        }
        var path = Placeholder().Replace(_filepath, match => Format(match, epoch + 1, logs));
        if (_saveWeightsOnly) ModelFile.SaveWeights(Model, path);
        else ModelFile.Save(Model, path);
        if (_verbose > 0) TextOutput.WriteLine($"Epoch {epoch + 1}: the model is saved to {path}");
    }

    private static string Format(Match placeholder, int epoch, IDictionary<string, double> logs)
    {
        var (name, width, digits) = (placeholder.Groups["name"].Value, placeholder.Groups["width"].Value,
            placeholder.Groups["digits"].Value);
        if (name == "epoch") return epoch.ToString(CultureInfo.InvariantCulture)
            .PadLeft(width.Length > 0 ? int.Parse(width, CultureInfo.InvariantCulture) : 0, width.StartsWith('0') ? '0' : ' ');
        if (!logs.TryGetValue(name, out var value))
            throw new InvalidOperationException(
                $"ModelCheckpoint's file is to have '{name}' in its name, which this training does not log; it logs: "
                    + $"{string.Join(", ", logs.Keys)}.");
        return digits.Length > 0 ? value.ToString($"F{digits}", CultureInfo.InvariantCulture) : PythonFloat.Repr(value);
    }

    [GeneratedRegex(@"\{(?<name>\w+)(:(?<width>\d+)?d?(\.(?<digits>\d+)f)?)?\}")]
    private static partial Regex Placeholder();
}
