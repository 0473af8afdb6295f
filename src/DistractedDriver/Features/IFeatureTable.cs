namespace DistractedDriver.Features;

/// <summary>The features of one frozen network under one preprocessing, a row a sample.</summary>
internal interface IFeatureTable
{
    /// <summary>Whether rows had to be refused because the limit was reached.</summary>
    bool IsFull { get; }

    /// <summary>The limit in words: "the 6,000 MiB of memory kept for them".</summary>
    string Limit { get; }

    /// <summary>Whether a sample's row is kept.</summary>
    bool Contains(string sample);

    /// <summary>Keeps a batch's features, as far as there is room.</summary>
    /// <param name="samples">The samples' keys.</param>
    /// <param name="features">One row each, float32, in the processor's memory, contiguous.</param>
    void Add(IReadOnlyList<string> samples, ReadOnlySpan<float> features);

    /// <summary>Copies the rows of samples that are all kept, in their order.</summary>
    /// <param name="samples">The samples' keys.</param>
    /// <param name="rows">Receives them.</param>
    void Read(IReadOnlyList<string> samples, Span<float> rows);
}
