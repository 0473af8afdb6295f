using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Preprocessing;

/// <summary>A batch of images with their labels. Whoever took it owns its tensors.</summary>
/// <param name="X">Images, (batch, height, width, channels), float32.</param>
/// <param name="Y">Labels, (batch, classes) one-hot or (batch); null where there are none.</param>
/// <param name="SampleWeight">How much each image counts, (batch); null for once each.</param>
public sealed record ImageBatch(Tensor X, Tensor? Y, Tensor? SampleWeight = null) : IDisposable
{
    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        X.Dispose();
        Y?.Dispose();
        SampleWeight?.Dispose();
    }
}
