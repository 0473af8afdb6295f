using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver;

/// <summary>
/// A convolution through which nothing is to be learned, by our own loops on the processor: Winograd's way or the direct one,
/// with the kernel made ready once, until it changes.
/// </summary>
/// <param name="window">The kernel's size, strides and padding.</param>
/// <param name="filters">How many filters.</param>
internal sealed class FrozenConvolution(Window window, int filters)
{
    private AlignedMemory? _prepared;
    private (long Version, ConvolutionMethod Method) _of;

    /// <summary>Whether these images can be convolved so; if not, LibTorch convolves them.</summary>
    /// <param name="images">Batch, height, width, channels.</param>
    /// <param name="kernel">Filters, height, width, channels.</param>
    public bool Takes(Tensor images, Weight kernel) =>
        window.Size == 3 && window.Strides == 1 && images.dtype == torch.ScalarType.Float32 && images.device_type == DeviceType.CPU
        && !(torch.is_grad_enabled() && (images.requires_grad || kernel.Stored.requires_grad))
        && (TakesWinograd(images) || DirectConvolution.Takes(images.shape[2] + 2 * Padding - 2, filters));

    /// <summary>Convolves images that this takes.</summary>
    /// <param name="images">Batch, height, width, channels.</param>
    /// <param name="kernel">Filters, height, width, channels.</param>
    /// <param name="bias">One a filter, or null.</param>
    /// <param name="relu">Whether what is below zero becomes zero.</param>
    /// <param name="pooled">Whether the largest of each 2 × 2 results is given in their place.</param>
    /// <returns>Batch, height, width, filters.</returns>
    public Tensor Convolve(Tensor images, Weight kernel, Tensor? bias, bool relu, bool pooled)
    {
        var method = TakesWinograd(images) ? ConvolutionMethod.Winograd : ConvolutionMethod.Direct;
        if (_prepared is null || _of != (kernel.Version, method))
            (_prepared, _of) = (method == ConvolutionMethod.Winograd ? WinogradConvolution.Prepare(kernel.Stored) : DirectConvolution.Prepare(kernel.Stored), (kernel.Version, method));
        return method == ConvolutionMethod.Winograd
            ? WinogradConvolution.Convolve(images, _prepared, filters, bias, Padding, relu, pooled)
            : DirectConvolution.Convolve(images, _prepared, filters, bias, Padding, relu, pooled);
    }

    /// <summary>Lets go of what was made ready.</summary>
    public void Forget() => _prepared = null;

    private int Padding => window.Padding == "same" ? 1 : 0;

    private bool TakesWinograd(Tensor images) => Config.Convolution == ConvolutionMethod.Winograd && WinogradConvolution.Takes(images.shape[3], filters);
}
