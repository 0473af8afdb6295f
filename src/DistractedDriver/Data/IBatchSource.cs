using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver;

/// <summary>
/// Samples in batches, as training takes them: which samples make a batch is asked first, their values after, so that what
/// is known of a sample already need not be loaded.
/// </summary>
internal interface IBatchSource
{
    /// <summary>How many samples there are.</summary>
    int Samples { get; }

    /// <summary>How many batches they make; the last may be shorter.</summary>
    int Batches { get; }

    /// <summary>One sample's shape behind the batch axis: (None, 224, 224, 3).</summary>
    Shape Shape { get; }

    /// <summary>What the samples are, for messages: "the generator over imgs/train".</summary>
    string Description { get; }

    /// <summary>
    /// Whether a sample has the same values each time, and can be known by <see cref="Key"/>; random augmentation makes it
    /// false.
    /// </summary>
    bool IsRepeatable { get; }

    /// <summary>
    /// Whether an epoch that was shorter than all batches is followed by the batches after it, as with arrays in Keras, and not
    /// by the first ones again, as with generators.
    /// </summary>
    bool GoesOn => false;

    /// <summary>Which samples the batch of that number holds. Batches are asked for in order, from 0.</summary>
    int[] Indices(int batch);

    /// <summary>Loads those samples; the caller owns the tensors.</summary>
    ImageBatch Load(int[] indices);

    /// <summary>Those samples' labels alone, or null where there are none; the caller owns the tensor.</summary>
    Tensor? Labels(int[] indices);

    /// <summary>How much each of those samples counts in the loss, (samples), or null for once each; the caller owns the tensor.</summary>
    Tensor? Weights(int[] indices) => null;

    /// <summary>
    /// What besides a sample's content determines its values, equal for what gives the same, and a text where it means the same in
    /// another process; only where <see cref="IsRepeatable"/>.
    /// </summary>
    object Preprocessing { get; }

    /// <summary>What tells a sample from every other, equal for equal content; only where <see cref="IsRepeatable"/>.</summary>
    string Key(int index);

    /// <summary>All batches were taken: the order is drawn anew where it is random.</summary>
    void EndEpoch();
}
