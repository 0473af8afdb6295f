using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Compute.Convolution;

// Convolution: engines for 3 × 3 kernels that move by one pixel, where no gradient is asked for. They know tensors and nothing of
// layers.

/// <summary>
/// A convolution on the processor by our own loops, Winograd's way or the direct one, with the kernel made ready once, until it
/// changes.
/// </summary>
/// <param name="method">How it is computed where both ways can.</param>
/// <param name="filters">How many filters.</param>
/// <param name="padding">How many zeros lie around an image: 1 for "same", 0 for "valid".</param>
internal sealed class ConvolutionEngine(ConvolutionMethod method, int filters, int padding)
{
    private AlignedMemory? _prepared;
    private (long Version, ConvolutionMethod Method) _preparedFor;

    /// <summary>Whether these images can be convolved so; if not, LibTorch convolves them.</summary>
    /// <param name="images">Batch, height, width, channels.</param>
    /// <param name="kernel">Filters, 3, 3, channels.</param>
    public bool Takes(Tensor images, Tensor kernel) =>
        images.dtype == torch.ScalarType.Float32 && images.device_type == DeviceType.CPU
        && !(torch.is_grad_enabled() && (images.requires_grad || kernel.requires_grad))
        && (TakesWinograd(images) || DirectConvolution.Takes(images.shape[2] + 2 * padding - 2, filters));

    /// <summary>Convolves images that this takes.</summary>
    /// <param name="images">Batch, height, width, channels.</param>
    /// <param name="kernel">Filters, 3, 3, channels.</param>
    /// <param name="version">Another number whenever the kernel's values have changed.</param>
    /// <param name="bias">One a filter, or null.</param>
    /// <param name="relu">Whether what is below zero becomes zero.</param>
    /// <param name="pooled">Whether the largest of each 2 × 2 results is given in their place.</param>
    /// <returns>Batch, height, width, filters.</returns>
    public Tensor Convolve(Tensor images, Tensor kernel, long version, Tensor? bias, bool relu, bool pooled)
    {
        var used = TakesWinograd(images) ? ConvolutionMethod.Winograd : ConvolutionMethod.Direct;
        if (_prepared is null || _preparedFor != (version, used))
            (_prepared, _preparedFor) = (used == ConvolutionMethod.Winograd
                ? WinogradConvolution.Prepare(kernel)
                : DirectConvolution.Prepare(kernel), (version, used));
        return used == ConvolutionMethod.Winograd
            ? WinogradConvolution.Convolve(images, _prepared, filters, bias, padding, relu, pooled)
            : DirectConvolution.Convolve(images, _prepared, filters, bias, padding, relu, pooled);
    }

    /// <summary>Lets go of what was made ready.</summary>
    public void Release() => _prepared = null;

    private bool TakesWinograd(Tensor images) =>
        method == ConvolutionMethod.Winograd && WinogradConvolution.Takes(images.shape[3], filters);
}
