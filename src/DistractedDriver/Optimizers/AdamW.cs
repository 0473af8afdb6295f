namespace DistractedDriver.Optimizers;

/// <summary>
/// Adam in which weights lose a share of themselves in each step beside following the gradient (I. Loshchilov, F. Hutter,
/// arXiv:1711.05101), as Keras computes it: w ← w − η·λ·w, then Adam's step.
/// </summary>
/// <param name="learningRate">η, above 0, or a schedule; 0.001 by default.</param>
/// <param name="weightDecay">λ, at least 0.</param>
/// <param name="beta1">How slowly the mean of gradients forgets, in 0…1.</param>
/// <param name="beta2">How slowly the mean of squared gradients forgets, in 0…1.</param>
/// <param name="epsilon">Added to the root of the latter.</param>
/// <param name="amsgrad">Whether the greatest mean square so far is used in place of the present one.</param>
/// <param name="clipnorm">Scales each weight's gradient to at most this norm.</param>
/// <param name="clipvalue">Limits each number of a gradient to at most this size.</param>
/// <param name="globalClipnorm">Scales all gradients together to at most this norm.</param>
/// <exception cref="ArgumentException">An argument is outside its range, or more than one way to clip is given.</exception>
public sealed class AdamW(
    LearningRateSchedule? learningRate = null, double weightDecay = 0.004, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-7,
    bool amsgrad = false, double? clipnorm = null, double? clipvalue = null, double? globalClipnorm = null)
    : Adam(learningRate, beta1, beta2, epsilon, amsgrad, weightDecay, clipnorm, clipvalue, globalClipnorm);
