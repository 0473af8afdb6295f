namespace DistractedDriver.Saving;

/// <summary>A file of Keras's, open for reading: HDF5, or an archive that has HDF5 in it.</summary>
internal sealed class SavedFile : IDisposable
{
    private SavedFile(WeightsFile weights, string? modelConfig, string? trainingConfig) =>
        (Weights, ModelConfig, TrainingConfig) = (weights, modelConfig, trainingConfig);

    /// <summary>The weights.</summary>
    public WeightsFile Weights { get; }

    /// <summary>How the network is made, as JSON; null where the file holds weights alone.</summary>
    public string? ModelConfig { get; }

    /// <summary>How the network was compiled, as JSON; null where the file does not say.</summary>
    public string? TrainingConfig { get; }

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, or no file of Keras's.</exception>
    public static SavedFile Open(string path)
    {
        if (!path.EndsWith(".keras", StringComparison.Ordinal) || !File.Exists(path))
        {
            var weights = WeightsFile.Open(path);
            return new(weights, weights.ModelConfig, weights.TrainingConfig);
        }
        var (config, training, content) = KerasArchive.Read(path);
        return new(WeightsFile.Open(path, content), config, training);
    }

    /// <inheritdoc/>
    public void Dispose() => Weights.Dispose();
}
