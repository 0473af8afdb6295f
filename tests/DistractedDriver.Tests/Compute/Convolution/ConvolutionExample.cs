using TorchSharp;

namespace LibraryTests;

/// <summary>Images and a kernel for our own ways of convolving, and what is to come out.</summary>
internal static class ConvolutionExample
{
    /// <summary>
    /// Images (batch, height, width, channels), a kernel (filters, 3, 3, channels), a bias, and their convolution computed in float64.
    /// </summary>
    public static (torch.Tensor Images, torch.Tensor Kernel, torch.Tensor Bias, torch.Tensor Exact) Create(int batch, int height,
        int width, int channels, int filters, int padding, bool relu)
    {
        var generator = new torch.Generator(7);
        var images = torch.randn([batch, height, width, channels], generator: generator);
        var kernel = torch.randn([filters, 3, 3, channels], generator: generator).mul_(1 / MathF.Sqrt(9 * channels));
        var bias = torch.randn([filters], generator: generator);
        var exact = torch.nn.functional.conv2d(
            images.permute(0, 3, 1, 2).to_type(torch.ScalarType.Float64), kernel.permute(0, 3, 1, 2).to_type(torch.ScalarType.Float64),
                bias.to_type(torch.ScalarType.Float64),
            padding: [padding, padding]).permute(0, 2, 3, 1);
        return (images, kernel, bias, relu ? exact.relu() : exact);
    }

    /// <summary>What LibTorch pools from windows of 2 × 2.</summary>
    public static torch.Tensor LargestOfEachFour(torch.Tensor images) =>
        torch.nn.functional.max_pool2d(images.permute(0, 3, 1, 2), [2, 2]).permute(0, 2, 3, 1);

    public static void AssertSame(torch.Tensor expected, torch.Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.Equal(0, (expected - actual).abs().max().item<float>());
    }
}
