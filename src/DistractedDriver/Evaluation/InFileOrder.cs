using DistractedDriver.Core;
using DistractedDriver.Preprocessing;

namespace DistractedDriver.Evaluation;

/// <summary>
/// A generator's samples in the order of their numbers, however it shuffles; its own order stays as it was, so that a training goes
/// on as if nothing had been evaluated in between.
/// </summary>
internal sealed class InFileOrder(ISamples samples, int batchSize) : IBatchSource
{
    public int Batches => (samples.Samples + batchSize - 1) / batchSize;

    public bool ContinuesInNextEpoch => false;

    public int Samples => samples.Samples;

    public Shape Shape => samples.Shape;

    public string Description => samples.Description;

    public bool IsRepeatable => samples.IsRepeatable;

    public PreprocessingKey? Preprocessing => samples.Preprocessing;

    public int[] Indices(int batch) =>
        [.. Enumerable.Range(batch * batchSize, Math.Min(batchSize, samples.Samples - batch * batchSize))];

    public void EndEpoch()
    {
        // The order is always the same.
    }

    public SampleBatch Load(int[] indices, Predicate<string>? isKnown) => samples.Load(indices, isKnown);
}
