using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Preprocessing;

/// <summary>The images that a table names. Made by <c>ImageDataGenerator.FlowFromDataframe</c>.</summary>
public sealed class DataFrameIterator : FileIterator
{
    private readonly float[]? _values;
    private readonly float[]? _weights;

    internal DataFrameIterator(
        ImageDataGenerator generator, string directory, IReadOnlyList<(string Path, string Name, int Class)> files,
            IReadOnlyList<string> classes, string? classMode,
        float[]? values, float[]? weights, ImageFormat format, int batchSize, bool shuffle, int? seed, SavedImages? saveTo)
        : base(generator, directory, files, classes, classMode, format, batchSize, shuffle, seed, saveTo) =>
            (_values, _weights) = (values, weights);

    private protected override Tensor? Labels(int[] indices, Tensor? images) =>
        _values is null ? base.Labels(indices, images) : torch.tensor(Array.ConvertAll(indices, i => _values[i]));

    private protected override Tensor? Weights(int[] indices) =>
        _weights is null ? null : torch.tensor(Array.ConvertAll(indices, i => _weights[i]));
}
