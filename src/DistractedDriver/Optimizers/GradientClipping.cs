using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Optimizers;

/// <summary>What an optimizer does with large gradients before it takes a step: one of three ways, or nothing.</summary>
internal sealed class GradientClipping
{
    private readonly float? _norm;
    private readonly float? _value;
    private readonly float? _globalNorm;

    /// <param name="norm">Scales each weight's gradient to at most this Euclidean norm.</param>
    /// <param name="value">Limits each number to at most this size.</param>
    /// <param name="globalNorm">Scales all gradients together to at most this norm.</param>
    /// <exception cref="ArgumentException">More than one is given, or one is not above 0.</exception>
    public GradientClipping(float? norm, float? value, float? globalNorm)
    {
        float?[] given = [.. new[] { norm, value, globalNorm }.Where(limit => limit is not null)];
        if (given.Length > 1 || given.Any(limit => !(limit > 0)))
            throw new ArgumentException(
                $"At most one of clipnorm, clipvalue and globalClipnorm is given, a number above 0. Received: "
                    + $"{norm?.ToString() ?? "null"}, {value?.ToString() ?? "null"}, {globalNorm?.ToString() ?? "null"}.");
        (_norm, _value, _globalNorm) = (norm, value, globalNorm);
    }

    /// <summary>The norm that each weight's gradient has at most; null where it is not limited so.</summary>
    public float? Norm => _norm;

    /// <summary>The size that each number has at most; null where it is not limited so.</summary>
    public float? Value => _value;

    /// <summary>The norm that all gradients together have at most; null where it is not limited so.</summary>
    public float? GlobalNorm => _globalNorm;

    /// <summary>The gradients to step along; those given where nothing is to be done.</summary>
    public IReadOnlyList<Tensor> Apply(IReadOnlyList<Tensor> gradients)
    {
        if (_value is { } limit) return [.. gradients.Select(gradient => gradient.clamp(-limit, limit))];
        if (_norm is { } own) return [.. gradients.Select(gradient => Scaled(gradient, own, gradient.square().sum().sqrt()))];
        if (_globalNorm is not { } common) return gradients;
        var norm = torch.stack([.. gradients.Select(gradient => gradient.square().sum())]).sum().sqrt();
        return [.. gradients.Select(gradient => Scaled(gradient, common, norm))];
    }

    private static Tensor Scaled(Tensor gradient, float limit, Tensor norm) => gradient * (limit / norm.clamp(min: limit));
}
