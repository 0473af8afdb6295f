namespace DistractedDriver.Callbacks;

/// <summary>
/// Writes what is logged for TensorBoard, as Keras does: <c>train/</c> and <c>validation/</c> in a folder, with "epoch_loss" and the
/// like by epoch, "evaluation_loss_vs_iterations" by the optimizer's steps, and "batch_loss" by batch if that is asked for. To look:
/// <c>tensorboard --logdir logs</c>.
/// </summary>
public sealed class TensorBoard : Callback
{
    private readonly string _logDir;
    private readonly int? _every;
    private EventFile? _train;
    private EventFile? _validation;

    /// <param name="logDir">The folder.</param>
    /// <param name="updateFreq">"epoch", or "batch" for values of each batch as well.</param>
    /// <exception cref="ArgumentException">There is no such frequency, or the folder's name is empty.</exception>
    public TensorBoard(string logDir = "logs", string updateFreq = "epoch") : this(logDir, updateFreq switch
    {
        "epoch" => (int?)null,
        "batch" => 1,
        _ => throw new ArgumentException($"updateFreq is \"epoch\", \"batch\" or a number of batches. Received: \"{updateFreq}\".",
            nameof(updateFreq)),
    })
    {
    }

    /// <param name="logDir">The folder.</param>
    /// <param name="updateFreq">After how many batches values are written, at least 1.</param>
    /// <exception cref="ArgumentException">The number is below 1, or the folder's name is empty.</exception>
    public TensorBoard(string logDir, int updateFreq) : this(logDir, (int?)updateFreq) =>
        ArgumentOutOfRangeException.ThrowIfLessThan(updateFreq, 1);

    private TensorBoard(string logDir, int? every)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(logDir);
        (_logDir, _every) = (Path.GetFullPath(logDir), every);
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The folder can't be written to.</exception>
    public override void OnTrainBegin()
    {
        try
        {
            _train = new EventFile(Path.Combine(_logDir, "train"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"TensorBoard can't write to {_logDir}: {error.Message} Give a folder that you may write to.", error);
        }
    }

    /// <inheritdoc/>
    public override void OnTrainBatchEnd(int batch, IReadOnlyDictionary<string, double> logs)
    {
        ArgumentNullException.ThrowIfNull(logs);
        var step = Model.Optimizer.Iterations;
        if (_every is not { } every || step % every != 0) return;
        foreach (var (name, value) in logs) _train!.Add($"batch_{name}", value, step);
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(int epoch, IDictionary<string, double> logs)
    {
        ArgumentNullException.ThrowIfNull(logs);
        const string prefix = "val_";
        foreach (var (name, value) in logs.Where(entry => !entry.Key.StartsWith(prefix, StringComparison.Ordinal)))
            _train!.Add($"epoch_{name}", value, epoch);
        if (!Model.Optimizer.HasConstantRate) _train!.Add("epoch_learning_rate", Model.Optimizer.LearningRate, epoch);
        _train!.Flush();

        var measured = logs.Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(entry => (Name: entry.Key[prefix.Length..], entry.Value)).ToArray();
        if (measured.Length == 0) return;
        _validation ??= new EventFile(Path.Combine(_logDir, "validation"));
        foreach (var (name, value) in measured) _validation.Add($"evaluation_{name}_vs_iterations", value, Model.Optimizer.Iterations);
        foreach (var (name, value) in measured) _validation.Add($"epoch_{name}", value, epoch);
        _validation.Flush();
    }

    /// <inheritdoc/>
    public override void OnTrainEnd()
    {
        _train?.Flush();
        (_train, _validation) = (null, null);
    }
}
