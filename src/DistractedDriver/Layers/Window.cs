using System.Text.Json.Nodes;
using DistractedDriver.Core;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Layers;

/// <summary>
/// The arithmetic of a window sliding over an image, as TensorFlow does it: with "valid" it stays inside, with "same" the
/// output has ⌈size / stride⌉ places and what the window needs beyond the image is added half before and half after,
/// an odd one after.
/// </summary>
internal readonly record struct Window
{
    public Window(Size2D size, Size2D strides, string padding, Size2D? dilation = null)
    {
        if (size.Height < 1 || size.Width < 1) throw new ArgumentOutOfRangeException(nameof(size),
            $"A window is at least 1 by 1. Received: {size}.");
        if (strides.Height < 1 || strides.Width < 1) throw new ArgumentOutOfRangeException(nameof(strides),
            $"Strides are at least 1. Received: {strides}.");
        if (padding is not ("same" or "valid"))
            throw new ArgumentException($"The padding is \"same\" or \"valid\". Received: \"{padding}\".", nameof(padding));
        Dilation = dilation ?? 1;
        if (Dilation.Height < 1 || Dilation.Width < 1)
            throw new ArgumentOutOfRangeException(nameof(dilation), $"dilationRate is at least 1. Received: {Dilation}.");
        if (strides != 1 && Dilation != 1)
            throw new ArgumentException($"Strides and dilationRate can't both be above 1. Received: {strides} and {Dilation}.",
                nameof(dilation));
        (Size, Strides, Padding) = (size, strides, padding);
        Reach = ((size.Height - 1) * Dilation.Height + 1, (size.Width - 1) * Dilation.Width + 1);
    }

    public Size2D Size { get; }

    public Size2D Strides { get; }

    public string Padding { get; }

    /// <summary>How far apart the pixels are that a window looks at.</summary>
    public Size2D Dilation { get; }

    /// <summary>How many rows and columns it lies over, those between its pixels included.</summary>
    public Size2D Reach { get; }

    /// <summary>The shape (batch, height, width, channels) that comes out.</summary>
    /// <exception cref="ArgumentException">The window does not fit into the image.</exception>
    public Shape Output(Shape input, int channels, string layer)
    {
        var (height, width) = (Places(input[1], Reach.Height, Strides.Height), Places(input[2], Reach.Width, Strides.Width));
        return height < 1 || width < 1
            ? throw new ArgumentException(
                $"{layer}: a window of {Size} does not fit into an image of shape {input}; give a larger input_shape or use padding: "
                    + "\"same\".", nameof(input))
            : new Shape(null, height, width, channels);
    }

    /// <summary>Adds the window to a layer's arguments by Keras's names.</summary>
    public JsonObject Describe(JsonObject arguments, string sizeName)
    {
        arguments[sizeName] = new JsonArray(Size.Height, Size.Width);
        arguments["strides"] = new JsonArray(Strides.Height, Strides.Width);
        arguments["padding"] = Padding;
        arguments["data_format"] = "channels_last";
        return arguments;
    }

    /// <summary>The same for a convolution.</summary>
    public JsonObject DescribeConvolution(JsonObject arguments)
    {
        arguments["dilation_rate"] = new JsonArray(Dilation.Height, Dilation.Width);
        return Describe(arguments, "kernel_size");
    }

    /// <summary>
    /// Convolves images. LibTorch is shown images and kernel through permuted axes, so that it computes channels-last
    /// without copying either.
    /// </summary>
    /// <param name="images">Batch, height, width, channels.</param>
    /// <param name="kernel">Filters, channels of a group, height, width.</param>
    /// <param name="bias">One a filter, or null.</param>
    /// <param name="groups">How many groups the channels are taken in.</param>
    /// <returns>Batch, height, width, filters.</returns>
    public Tensor Convolve(Tensor images, Tensor kernel, Tensor? bias, long groups = 1)
    {
        var (padded, padding) = Pad(images.permute(0, 3, 1, 2), 0);
        long[] dilation = [Dilation.Height, Dilation.Width];
        return torch.nn.functional.conv2d(padded, kernel, bias, [Strides.Height, Strides.Width], padding, dilation, groups)
            .permute(0, 2, 3, 1);
    }

    /// <summary>The largest value of each window; images are batch, height, width, channels.</summary>
    public Tensor Largest(Tensor images)
    {
        var (padded, padding) = Pad(images.permute(0, 3, 1, 2), double.NegativeInfinity);
        return torch.nn.functional.max_pool2d(padded, [Size.Height, Size.Width], [Strides.Height, Strides.Width], padding).permute(0, 2, 3,
            1);
    }

    /// <summary>The mean of each window, what lies beyond the image left out; images are batch, height, width, channels.</summary>
    public Tensor Mean(Tensor images)
    {
        var (padded, padding) = Pad(images.permute(0, 3, 1, 2), 0);
        var means = Average(padded, padding);
        if (Padding == "same")
        {
            var (inside, _) = Pad(torch.ones([1, 1, images.shape[1], images.shape[2]], images.dtype, images.device), 0);
            means = means.div_(Average(inside, padding));
        }
        return means.permute(0, 2, 3, 1);
    }

    private Tensor Average(Tensor images, long[] padding) =>
        torch.nn.functional.avg_pool2d(images, [Size.Height, Size.Width], [Strides.Height, Strides.Width], padding,
            count_include_pad: true);

    private int? Places(int? size, int window, int stride) => size is null ? null
        : Padding == "same" ? (size + stride - 1) / stride
        : (size - window) / stride + 1 - (size < window ? 1 : 0);

    // How much is added on both sides of each axis, and, where one side needs more than the other, the image with that
    // difference already added.
    private (Tensor Image, long[] BothSides) Pad(Tensor image, double value)
    {
        if (Padding == "valid") return (image, [0, 0]);
        var height = Needed(image.shape[2], Reach.Height, Strides.Height);
        var width = Needed(image.shape[3], Reach.Width, Strides.Width);
        return height % 2 == 0 && width % 2 == 0
            ? (image, [height / 2, width / 2])
            : (torch.nn.functional.pad(image, [width / 2, width - width / 2, height / 2, height - height / 2], PaddingModes.Constant,
                value), [0, 0]);
    }

    private static long Needed(long size, int window, int stride) =>
        Math.Max(0, ((size + stride - 1) / stride - 1) * stride + window - size);
}
