using System.Globalization;
using DistractedDriver.Core;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Preprocessing;

/// <summary>Samples that lie in memory already: the rows of a tensor, with labels or without.</summary>
internal sealed class ArraySource : IBatchSource
{
    private readonly Tensor _x;
    private readonly Tensor? _y;
    private readonly Tensor? _weights;
    private readonly int _batchSize;
    private readonly bool _shuffle;
    private int[] _order;

    /// <exception cref="ArgumentException">There are no samples, or not as many labels, or the batch size is below 1.</exception>
    public ArraySource(Tensor x, Tensor? y, int batchSize, bool shuffle, Tensor? weights = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        if (x.dim() < 2 || x.shape[0] == 0)
            throw new ArgumentException(
                $"The samples are a tensor of at least two axes, the first counting at least one sample. Received: shape "
                    + $"({string.Join(", ", x.shape)}).", nameof(x));
        if (y is not null && (y.dim() == 0 || y.shape[0] != x.shape[0]))
            throw new ArgumentException(
                $"There must be as many labels as samples. Received: {x.shape[0]} samples, labels of shape "
                    + $"({string.Join(", ", y.shape)}).", nameof(y));
        if (weights is not null && (weights.dim() != 1 || weights.shape[0] != x.shape[0]))
            throw new ArgumentException(
                $"There must be one weight for each of the {x.shape[0]} samples. Received: weights of shape "
                    + $"({string.Join(", ", weights.shape)}).", nameof(weights));
        (_x, _y, _weights, _batchSize, _shuffle) = (x, y, weights, batchSize, shuffle);
        Samples = (int)x.shape[0];
        Batches = (Samples + batchSize - 1) / batchSize;
        _order = Draw();
    }

    public int Samples { get; }

    public int Batches { get; }

    public Shape Shape => new([null, .. _x.shape.Skip(1).Select(size => (int?)size)]);

    public string Description => "the array x";

    public bool IsRepeatable => true;

    // A row's number says nothing of its content: its values are known for one training alone.
    public PreprocessingKey? Preprocessing => null;

    public bool ContinuesInNextEpoch => true;

    public int[] Indices(int batch) => [.. _order.Skip(batch * _batchSize).Take(_batchSize)];

    public SampleBatch Load(int[] indices, Predicate<string>? isKnown)
    {
        var keys = isKnown is null ? null : Array.ConvertAll(indices, index => index.ToString(CultureInfo.InvariantCulture));
        int[] loaded = [.. Enumerable.Range(0, indices.Length).Where(i => keys is null || !isKnown!(keys[i]))];
        return new(indices, keys, loaded, loaded.Length == 0
            ? null
            : Rows(_x, Array.ConvertAll(loaded, i => indices[i])), Labels(indices), Weights(indices));
    }

    public Tensor? Labels(int[] indices) => _y is null ? null : Rows(_y, indices);

    public Tensor? Weights(int[] indices) => _weights is null ? null : Rows(_weights, indices);

    public void EndEpoch() => _order = Draw();

    private int[] Draw() => _shuffle ? NumpyRandom.Global.Permutation(Samples) : [.. Enumerable.Range(0, Samples)];

    private static Tensor Rows(Tensor values, int[] indices)
    {
        using var scope = torch.NewDisposeScope();
        return values.index_select(0, torch.tensor(indices.Select(i => (long)i).ToArray())).to_type(torch.ScalarType.Float32)
            .MoveToOuterDisposeScope();
    }
}
