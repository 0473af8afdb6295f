using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver;

/// <summary>
/// Adam (D. Kingma, J. Ba, arXiv:1412.6980) in the form at the end of the paper's section 2, as Keras computes it: the bias
/// correction goes into the step size α = η·√(1 − β₂ᵗ) / (1 − β₁ᵗ), and ε is added to √v uncorrected.
/// </summary>
public sealed class Adam : Optimizer
{
    private readonly float _beta1;
    private readonly float _beta2;
    private readonly float _epsilon;

    /// <param name="learningRate">η, above 0.</param>
    /// <param name="beta1">How slowly the mean of gradients forgets, in 0…1.</param>
    /// <param name="beta2">How slowly the mean of squared gradients forgets, in 0…1.</param>
    /// <param name="epsilon">Added to the root of the latter.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public Adam(float learningRate = 0.001f, float beta1 = 0.9f, float beta2 = 0.999f, float epsilon = 1e-7f) : base(learningRate)
    {
        if (beta1 is not (>= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(beta1), $"beta1 is from 0 up to but not including 1. Received: {beta1}.");
        if (beta2 is not (>= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(beta2), $"beta2 is from 0 up to but not including 1. Received: {beta2}.");
        if (!(epsilon > 0)) throw new ArgumentOutOfRangeException(nameof(epsilon), $"epsilon is above 0. Received: {epsilon}.");
        (_beta1, _beta2, _epsilon) = (beta1, beta2, epsilon);
    }

    private protected override int MemoryPerWeight => 2;

    private protected override void Step(Tensor weight, Tensor gradient, Tensor[] memory)
    {
        var (mean, square) = (memory[0], memory[1]);
        var alpha = LearningRate * MathF.Sqrt(1 - MathF.Pow(_beta2, Iterations)) / (1 - MathF.Pow(_beta1, Iterations));
        mean.add_(gradient - mean, 1 - _beta1);
        square.add_(gradient.square() - square, 1 - _beta2);
        weight.addcdiv_(mean, square.sqrt().add_(_epsilon), -alpha);
    }
}
