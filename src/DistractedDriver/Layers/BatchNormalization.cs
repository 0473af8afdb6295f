using System.Text.Json.Nodes;
using DistractedDriver.Core;
using DistractedDriver.Initializers;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Layers;

/// <summary>
/// Brings each channel to mean 0 and variance 1, then scales and shifts it by learned weights (S. Ioffe, C. Szegedy,
/// arXiv:1502.03167). While training it uses the batch's own statistics and lets the moving ones follow:
/// moving = momentum · moving + (1 − momentum) · batch's. At inference it uses the moving ones; so it does while it is
/// frozen (<see cref="Layer.Trainable"/> false), as in Keras, which transfer learning depends on.
/// </summary>
public sealed class BatchNormalization : Layer
{
    private readonly double _momentum;
    private readonly double _epsilon;
    private readonly bool _center;
    private readonly bool _scale;
    private int _axis = -1;
    private Weight? _gamma;
    private Weight? _beta;
    private Weight? _mean;
    private Weight? _variance;

    /// <param name="momentum">How slowly the moving statistics forget, from 0 to 1.</param>
    /// <param name="epsilon">Added to the variance, above 0.</param>
    /// <param name="center">Whether there is a learned shift, beta.</param>
    /// <param name="scale">Whether there is a learned factor, gamma.</param>
    /// <param name="name">Its name in the model.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public BatchNormalization(double momentum = 0.99, double epsilon = 1e-3, bool center = true, bool scale = true, string? name = null)
        : base(name)
    {
        if (momentum is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(momentum),
            $"momentum is from 0 to 1. Received: {momentum}.");
        if (!(epsilon > 0)) throw new ArgumentOutOfRangeException(nameof(epsilon), $"epsilon is above 0. Received: {epsilon}.");
        (_momentum, _epsilon, _center, _scale) = (momentum, epsilon, center, scale);
    }

    /// <inheritdoc/>
    protected internal override JsonObject Arguments
    {
        get
        {
            var (zeros, ones) = ((Initializer)"zeros", (Initializer)"ones");
            return new()
            {
                ["axis"] = _axis,
                ["momentum"] = _momentum,
                ["epsilon"] = _epsilon,
                ["center"] = _center,
                ["scale"] = _scale,
                ["beta_initializer"] = zeros.GetConfig(),
                ["gamma_initializer"] = ones.GetConfig(),
                ["moving_mean_initializer"] = zeros.GetConfig(),
                ["moving_variance_initializer"] = ones.GetConfig(),
                ["beta_regularizer"] = null,
                ["gamma_regularizer"] = null,
                ["beta_constraint"] = null,
                ["gamma_constraint"] = null,
            };
        }
    }

    internal static BatchNormalization FromConfig(LayerConfig config) =>
        new(config.Number("momentum", 0.99), config.Number("epsilon", 1e-3), config.Flag("center", true), config.Flag("scale", true),
            config.Name)
        { _axis = config.Axis() };

    // Frozen, it computes the same for the same image.
    /// <inheritdoc/>
    protected internal override bool IsDeterministic => !Trainable;

    internal override bool IsDeterministicIn(CallContext context) => !context.IsTrainable(this, Trainable);

    /// <inheritdoc/>
    protected internal override Shape ComputeOutputShape(IReadOnlyList<Shape> inputs)
    {
        if (inputs.Count != 1 || inputs[0].Count < 2)
            throw new ArgumentException(
                $"BatchNormalization '{Name}' takes one input of at least two axes, the batch first. Received: "
                    + $"{string.Join(", ", inputs)}.", nameof(inputs));
        _axis = LastAxis(inputs[0], _axis);
        return CheckChannels(inputs[0], _mean?.Shape[0]);
    }

    /// <inheritdoc/>
    protected override void Build(IReadOnlyList<Shape> inputs)
    {
        var channels = inputs[0].Channels;
        if (_scale) _gamma = AddWeight("gamma", channels, "ones");
        if (_center) _beta = AddWeight("beta", channels, "zeros");
        _mean = AddWeight("moving_mean", channels, "zeros", trainable: false);
        _variance = AddWeight("moving_variance", channels, "ones", trainable: false);
    }

    /// <inheritdoc/>
    protected internal override Tensor Call(IReadOnlyList<Tensor> inputs, CallContext context)
    {
        var x = inputs[0];
        // LibTorch has the channels second. Weights stay float32, whatever the images are.
        var channelsSecond = x.movedim([-1], [1]);
        if (!context.Training || !context.IsTrainable(this, Trainable)) return Normalize(channelsSecond, _mean, _variance, training: false);

        _mean!.Version++;
        _variance!.Version++;
        // The variance of images is estimated with n − 1, that of other values with n: Keras takes the former from TensorFlow's
        // fused operation, which computes images alone, and LibTorch does the same with all values.
        var isSingle = x.numel() == x.shape[^1];
        if (x.dim() == 4 && !isSingle) return Normalize(channelsSecond, _mean, _variance, training: true);
        Follow(x);
        if (!isSingle) return Normalize(channelsSecond, null, null, training: true);
        // One value a channel is its own mean, exactly: LibTorch leaves what rounding makes of that, times 1 / √ε.
        var centred = (x - x) * (_gamma is null ? 1 : Value(_gamma));
        return _beta is null ? centred : centred + Value(_beta);
    }

    private Tensor Normalize(Tensor channelsSecond, Weight? mean, Weight? variance, bool training) => torch.nn.functional.batch_norm(
        channelsSecond, mean?.Stored!, variance?.Stored!, _gamma?.Stored, _beta?.Stored, training, 1 - _momentum, _epsilon).movedim([1],
            [-1]);

    private void Follow(Tensor x)
    {
        using var _ = torch.no_grad();
        var rows = x.reshape(-1, x.shape[^1]).to_type(torch.ScalarType.Float32);
        _mean!.Stored.mul_((float)_momentum).add_(rows.mean([0L]), (float)(1 - _momentum));
        _variance!.Stored.mul_((float)_momentum).add_(rows.var([0], unbiased: false), (float)(1 - _momentum));
    }
}
