using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver;

/// <summary>
/// The arithmetic of a window sliding over an image, as TensorFlow does it: with "valid" it stays inside, with "same" the
/// output has ⌈size / stride⌉ places and what the window needs beyond the image is added half before and half after,
/// an odd one after.
/// </summary>
internal readonly record struct Window
{
    public Window((int Height, int Width) size, (int Height, int Width) strides, string padding)
    {
        if (size.Height < 1 || size.Width < 1) throw new ArgumentOutOfRangeException(nameof(size), $"A window is at least 1 by 1. Received: {size}.");
        if (strides.Height < 1 || strides.Width < 1) throw new ArgumentOutOfRangeException(nameof(strides), $"Strides are at least 1. Received: {strides}.");
        if (padding is not ("same" or "valid"))
            throw new ArgumentException($"The padding is \"same\" or \"valid\". Received: \"{padding}\".", nameof(padding));
        (Size, Strides, Same) = (size, strides, padding == "same");
    }

    public (int Height, int Width) Size { get; }

    public (int Height, int Width) Strides { get; }

    public bool Same { get; }

    public string Padding => Same ? "same" : "valid";

    /// <summary>The shape (batch, height, width, channels) that comes out.</summary>
    /// <exception cref="ArgumentException">The window does not fit into the image.</exception>
    public Shape Output(Shape input, int channels, string layer)
    {
        var (height, width) = (Places(input[1], Size.Height, Strides.Height), Places(input[2], Size.Width, Strides.Width));
        return height < 1 || width < 1
            ? throw new ArgumentException($"{layer}: a window of {Size} does not fit into an image of shape {input}; give a larger input_shape or use padding: \"same\".", nameof(input))
            : new Shape(null, height, width, channels);
    }

    private int? Places(int? size, int window, int stride) => size is null ? null : Same ? (size + stride - 1) / stride : (size - window) / stride + 1 - (size < window ? 1 : 0);

    /// <summary>
    /// How much is added on both sides of each axis, and, where one side needs more than the other, the image with that
    /// difference already added.
    /// </summary>
    /// <param name="image">Batch, channels, height, width.</param>
    /// <param name="value">What is added.</param>
    public (Tensor Image, long[] BothSides) Pad(Tensor image, double value)
    {
        if (!Same) return (image, [0, 0]);
        var height = Needed(image.shape[2], Size.Height, Strides.Height);
        var width = Needed(image.shape[3], Size.Width, Strides.Width);
        return height % 2 == 0 && width % 2 == 0
            ? (image, [height / 2, width / 2])
            : (torch.nn.functional.pad(image, [width / 2, width - width / 2, height / 2, height - height / 2], TorchSharp.PaddingModes.Constant, value), [0, 0]);
    }

    private static long Needed(long size, int window, int stride) => Math.Max(0, ((size + stride - 1) / stride - 1) * stride + window - size);
}
