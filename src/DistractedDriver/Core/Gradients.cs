using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Core;

/// <summary>
/// Gradients by LibTorch's autograd, in the one way in which its errors come back as exceptions: TorchSharp passes on what
/// <c>backward</c> throws, while what <c>torch.autograd.grad</c> throws ends the process.
/// </summary>
internal static class Gradients
{
    /// <summary>The gradient of a number with respect to tensors.</summary>
    /// <param name="loss">A single number that was computed from them.</param>
    /// <param name="tensors">Tensors that gradients were asked of before the number was computed.</param>
    /// <returns>
    /// One for each tensor, zeros where the number does not depend on it; owned by the caller, or by the open dispose scope.
    /// </returns>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">
    /// A layer changed in place what the gradient is computed from.
    /// </exception>
    public static Tensor[] Of(Tensor loss, IReadOnlyList<Tensor> tensors)
    {
        foreach (var tensor in tensors) tensor.grad = null;
        try
        {
            if (loss.requires_grad) torch.autograd.backward([loss], inputs: [.. tensors]);
            return [.. tensors.Select(tensor => tensor.grad ?? torch.zeros_like(tensor, requires_grad: false))];
        }
        finally
        {
            foreach (var tensor in tensors) tensor.grad = null;
        }
    }
}
