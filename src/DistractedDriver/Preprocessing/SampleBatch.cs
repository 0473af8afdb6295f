using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Preprocessing;

/// <summary>Samples as one read of each gives them. It owns its tensors.</summary>
/// <param name="Indices">The samples' numbers.</param>
/// <param name="Keys">What tells each sample from every other, equal for equal content; null where it was not asked for.</param>
/// <param name="Loaded">The places, among the samples, of those whose values were read.</param>
/// <param name="X">Their values, (loaded, …), float32; null where none was read.</param>
/// <param name="Y">The labels of all samples; null where there are none.</param>
/// <param name="SampleWeight">How much each sample counts in the loss, (samples); null for once each.</param>
internal sealed record SampleBatch(int[] Indices, string[]? Keys, int[] Loaded, Tensor? X, Tensor? Y, Tensor? SampleWeight) : IDisposable
{
    public void Dispose()
    {
        X?.Dispose();
        Y?.Dispose();
        SampleWeight?.Dispose();
    }
}
