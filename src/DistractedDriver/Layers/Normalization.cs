using System.Text.Json.Nodes;
using DistractedDriver.Core;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Layers;

/// <summary>
/// (x − mean) / √variance for each channel, with means and variances that are given, or taken from data by <see cref="Adapt"/>
/// before the training.
/// </summary>
public sealed class Normalization : Layer
{
    private const float Epsilon = 1e-7f;

    private readonly float[]? _givenMean;
    private readonly float[]? _givenVariance;
    private readonly bool _invert;
    private int _axis = -1;
    private Weight? _mean;
    private Weight? _variance;
    private Weight? _count;

    /// <param name="mean">A mean for each channel, or one for all; null to take it from data.</param>
    /// <param name="variance">A variance for each channel, or one for all; null to take it from data.</param>
    /// <param name="invert">Whether it computes the way back: x · √variance + mean.</param>
    /// <param name="name">Its name in the model.</param>
    /// <exception cref="ArgumentException">Only one of the two is given.</exception>
    public Normalization(IReadOnlyList<double>? mean = null, IReadOnlyList<double>? variance = null, bool invert = false,
        string? name = null)
        : base(name)
    {
        if (mean is null != variance is null) throw new ArgumentException("mean and variance are given both or not at all.",
            nameof(variance));
        (_givenMean, _givenVariance, _invert) = (mean?.Select(value => (float)value).ToArray(),
            variance?.Select(value => (float)value).ToArray(), invert);
    }

    /// <inheritdoc/>
    protected internal override JsonObject Arguments => new()
    {
        ["axis"] = new JsonArray(_axis),
        ["invert"] = _invert,
        ["mean"] = Listed(_givenMean),
        ["variance"] = Listed(_givenVariance),
    };

    internal static Normalization FromConfig(LayerConfig config) =>
        new(Numbers(config.Get("mean")), Numbers(config.Get("variance")), config.Flag("invert", false),
            config.Name)
        { _axis = config.Axis() };

    /// <summary>Takes means and variances from data, in place of those it had.</summary>
    /// <param name="data">The samples, the first axis counting them; they stay the caller's.</param>
    /// <exception cref="InvalidOperationException">Mean and variance were given when the layer was made.</exception>
    /// <exception cref="ArgumentException">The layer was built for another number of channels.</exception>
    public void Adapt(Tensor data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (_givenMean is not null) throw new InvalidOperationException(
            $"Normalization '{Name}' was given its mean and variance; it takes none from data.");
        using var scope = torch.NewDisposeScope();
        using var _ = torch.no_grad();
        // Builds it where it was not applied yet.
        Apply(data.narrow(0, 0, 1));
        var rows = data.reshape(-1, data.shape[^1]).to_type(torch.ScalarType.Float64);
        _mean!.Assign(rows.mean([0L]).to_type(torch.ScalarType.Float32));
        _variance!.Assign(rows.var([0], unbiased: false).to_type(torch.ScalarType.Float32));
        _count!.Assign([rows.shape[0]]);
    }

    /// <inheritdoc/>
    protected internal override Shape ComputeOutputShape(IReadOnlyList<Shape> inputs)
    {
        if (inputs.Count != 1 || inputs[0].Count < 2)
            throw new ArgumentException(
                $"Normalization '{Name}' takes one input of at least two axes. Received: {string.Join(", ", inputs)}.", nameof(inputs));
        _axis = LastAxis(inputs[0], _axis) == inputs[0].Count - 1 ? -1 : _axis;
        if (_givenMean is { Length: > 1 } && _givenMean.Length != inputs[0].Channels)
            throw new ArgumentException($"Normalization '{Name}' has {_givenMean.Length} means for an input of shape {inputs[0]}.",
                nameof(inputs));
        return CheckChannels(inputs[0], _mean?.Shape[0]);
    }

    /// <inheritdoc/>
    protected override void Build(IReadOnlyList<Shape> inputs)
    {
        if (_givenMean is not null) return;
        _mean = AddWeight("mean", inputs[0].Channels, "zeros", trainable: false);
        _variance = AddWeight("variance", inputs[0].Channels, "ones", trainable: false);
        _count = AddWeight("count", new Shape(), "zeros", trainable: false);
    }

    /// <inheritdoc/>
    protected internal override Tensor Call(IReadOnlyList<Tensor> inputs, CallContext context)
    {
        var x = inputs[0];
        var mean = _givenMean is null ? Value(_mean!) : torch.tensor(_givenMean, dtype: x.dtype, device: x.device);
        var spread = (_givenVariance is null
            ? Value(_variance!)
            : torch.tensor(_givenVariance, dtype: x.dtype, device: x.device)).sqrt().clamp_min(Epsilon);
        return _invert ? x * spread + mean : (x - mean) / spread;
    }

    private static JsonArray? Listed(float[]? values) =>
        values is null ? null : new JsonArray([.. values.Select(value => (JsonNode)value)]);

    // Files have a number, a list, or lists within lists that say along which axis.
    private static IReadOnlyList<double>? Numbers(JsonNode? node) => node switch
    {
        null => null,
        JsonArray list => [.. list.SelectMany(item => Numbers(item) ?? [])],
        _ => [(double)node],
    };
}
