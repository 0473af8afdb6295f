using DistractedDriver.Core;

namespace DistractedDriver.Preprocessing;

/// <summary>Which samples make which batch.</summary>
internal interface IBatchOrder
{
    /// <summary>How many batches the samples make; the last may be shorter.</summary>
    int Batches { get; }

    /// <summary>
    /// Whether an epoch that was shorter than all batches is followed by the batches after it, as with arrays in Keras, and not
    /// by the first ones again, as with generators.
    /// </summary>
    bool ContinuesInNextEpoch { get; }

    /// <summary>Which samples the batch of that number holds. Batches are asked for in order, from 0.</summary>
    int[] Indices(int batch);

    /// <summary>All batches were taken: the order is drawn anew where it is random.</summary>
    void EndEpoch();
}

/// <summary>Samples by their numbers: what they are, and their values.</summary>
internal interface ISamples
{
    /// <summary>How many samples there are.</summary>
    int Samples { get; }

    /// <summary>One sample's shape behind the batch axis: (None, 224, 224, 3).</summary>
    Shape Shape { get; }

    /// <summary>What the samples are, for messages: "the generator over imgs/train".</summary>
    string Description { get; }

    /// <summary>Whether a sample of the same content has the same values each time; random augmentation makes it false.</summary>
    bool IsRepeatable { get; }

    /// <summary>
    /// What besides a sample's content determines its values; null where that can't be told, so that they hold for one training
    /// alone.
    /// </summary>
    PreprocessingKey? Preprocessing { get; }

    /// <summary>Reads samples, each once, with their labels and weights.</summary>
    /// <param name="indices">The samples' numbers.</param>
    /// <param name="isKnown">
    /// Told a sample's key, says whether its values are not needed; null where all are, and none has a key. Called from several threads.
    /// </param>
    /// <returns>Owned by the caller.</returns>
    /// <exception cref="InvalidDataException">A sample can't be read; the message names it.</exception>
    SampleBatch Load(int[] indices, Predicate<string>? isKnown);
}

/// <summary>Samples in batches, as training takes them.</summary>
internal interface IBatchSource : IBatchOrder, ISamples
{
}
