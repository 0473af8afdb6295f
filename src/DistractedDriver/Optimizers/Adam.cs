using System.Numerics;
using System.Text.Json.Nodes;
using DistractedDriver.Compute;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Optimizers;

/// <summary>
/// Adam (D. Kingma, J. Ba, arXiv:1412.6980) in the form at the end of the paper's section 2, as Keras computes it: the bias
/// correction goes into the step size α = η·√(1 − β₂ᵗ) / (1 − β₁ᵗ), and ε is added to √v uncorrected.
/// </summary>
public class Adam : Optimizer
{
    private readonly float _beta1;
    private readonly float _beta2;
    private readonly float _epsilon;
    private readonly bool _amsgrad;
    private readonly (double Beta1, double Beta2, double Epsilon) _given;

    /// <param name="learningRate">η, above 0, or a schedule; 0.001 by default.</param>
    /// <param name="beta1">How slowly the mean of gradients forgets, in 0…1.</param>
    /// <param name="beta2">How slowly the mean of squared gradients forgets, in 0…1.</param>
    /// <param name="epsilon">Added to the root of the latter.</param>
    /// <param name="amsgrad">
    /// Whether the greatest mean square so far is used in place of the present one (S. Reddi et al., ICLR 2018).
    /// </param>
    /// <param name="weightDecay">The share that weights lose in a step, times η, before they follow the gradient; null for none.</param>
    /// <param name="clipnorm">Scales each weight's gradient to at most this norm.</param>
    /// <param name="clipvalue">Limits each number of a gradient to at most this size.</param>
    /// <param name="globalClipnorm">Scales all gradients together to at most this norm.</param>
    /// <exception cref="ArgumentException">An argument is outside its range, or more than one way to clip is given.</exception>
    public Adam(
        LearningRateSchedule? learningRate = null, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-7, bool amsgrad = false,
        double? weightDecay = null, double? clipnorm = null, double? clipvalue = null, double? globalClipnorm = null)
        : base(learningRate ?? 0.001, clipnorm, clipvalue, globalClipnorm, weightDecay)
    {
        (_beta1, _beta2, _epsilon, _amsgrad) =
            (DecayRate(beta1, nameof(beta1)), DecayRate(beta2, nameof(beta2)), Epsilon(epsilon), amsgrad);
        _given = (beta1, beta2, epsilon);
    }

    /// <inheritdoc/>
    protected override JsonObject Arguments =>
        new() { ["beta_1"] = _given.Beta1, ["beta_2"] = _given.Beta2, ["epsilon"] = _given.Epsilon, ["amsgrad"] = _amsgrad };

    internal override IReadOnlyList<OptimizerSlot[]> Slots =>
    [
        [new(0, "m", "momentum"), new(1, "v", "velocity")],
        .. _amsgrad ? new[] { new OptimizerSlot[] { new(2, "vhat", "velocity_hat") } } : [],
    ];

    /// <inheritdoc/>
    protected override int SlotsPerWeight => _amsgrad ? 3 : 2;

    /// <inheritdoc/>
    protected override void Step(Tensor weight, Tensor gradient, Tensor[] slots, float rate)
    {
        var (mean, square) = (slots[0], slots[1]);
        var alpha = rate * MathF.Sqrt(1 - MathF.Pow(_beta2, Iterations)) / (1 - MathF.Pow(_beta1, Iterations));
        if (!_amsgrad && weight.device_type == DeviceType.CPU && weight.dtype == torch.ScalarType.Float32 && weight.is_contiguous())
        {
            using var local = gradient.contiguous();
            InOnePass(weight.Address(), local.Address(), mean.Address(), square.Address(), weight.numel(), alpha);
            return;
        }
        mean.add_(gradient - mean, 1 - _beta1);
        square.add_(gradient.square() - square, 1 - _beta2);
        if (_amsgrad) square = slots[2].copy_(slots[2].maximum(square));
        weight.addcdiv_(mean, square.sqrt().add_(_epsilon), -alpha);
    }

    // The same number by number: memory is read and written once, not once an operation.
    private unsafe void InOnePass(nint weight, nint gradient, nint mean, nint square, long count, float alpha)
    {
        float* w = (float*)weight, g = (float*)gradient, m = (float*)mean, v = (float*)square;
        var (new1, new2) = (1 - _beta1, 1 - _beta2);
        var (share1, share2, least, step) = (new Vector<float>(new1), new Vector<float>(new2), new Vector<float>(_epsilon),
            new Vector<float>(-alpha));
        var i = 0L;
        for (; i + Vector<float>.Count <= count; i += Vector<float>.Count)
        {
            var (slope, first, second) = (Vector.Load(g + i), Vector.Load(m + i), Vector.Load(v + i));
            first = Vector.FusedMultiplyAdd(share1, slope - first, first);
            second = Vector.FusedMultiplyAdd(share2, slope * slope - second, second);
            first.Store(m + i);
            second.Store(v + i);
            (Vector.Load(w + i) + step * first / (Vector.SquareRoot(second) + least)).Store(w + i);
        }
        for (; i < count; i++)
        {
            m[i] = float.FusedMultiplyAdd(new1, g[i] - m[i], m[i]);
            v[i] = float.FusedMultiplyAdd(new2, g[i] * g[i] - v[i], v[i]);
            w[i] += -alpha * m[i] / (MathF.Sqrt(v[i]) + _epsilon);
        }
    }
}
