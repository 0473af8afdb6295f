using System.Runtime.Intrinsics.X86;
using DistractedDriver.Compute.Convolution;
using TorchSharp;

namespace LibraryTests;

public sealed class DirectConvolutionTests
{
    [Theory]
    [InlineData(1, 14, 14, 3, 32, 1, true)]
    [InlineData(2, 1, 14, 16, 64, 1, false)]
    [InlineData(3, 5, 30, 8, 96, 0, true)]
    [InlineData(1, 3, 16, 1, 32, 0, false)]
    [InlineData(5, 28, 28, 64, 64, 1, true)]
    [InlineData(2, 9, 27, 5, 32, 1, true)]
    [InlineData(2, 56, 17, 4, 32, 1, false)]
    [InlineData(1, 14, 14, 256, 128, 1, true)]
    public void GivesWhatLibTorchsConvolutionGives_AndItsPooling(int batch, int height, int width, int channels, int filters, int padding,
        bool relu)
    {
        Assert.SkipUnless(DirectConvolution.Takes(14, 32), "This way takes a processor with AVX-512.");
        using var scope = torch.NewDisposeScope();
        var (images, kernel, bias, exact) = ConvolutionExample.Create(batch, height, width, channels, filters, padding, relu);
        var prepared = DirectConvolution.Prepare(kernel);
        var convolved = DirectConvolution.Convolve(images, prepared, filters, bias, padding, relu, pooled: false);
        Assert.Equal(exact.shape, convolved.shape);
        Assert.InRange(((convolved - exact).norm() / exact.norm()).item<double>(), 0, 1e-6);
        if (exact.shape[1] < 2) return;
        ConvolutionExample.AssertSame(ConvolutionExample.LargestOfEachFour(convolved),
            DirectConvolution.Convolve(images, prepared, filters, bias, padding, relu, pooled: true));
    }

    [Fact]
    public void WithoutBias_OfImagesThatAreNotContiguous_GivesTheSame()
    {
        Assert.SkipUnless(DirectConvolution.Takes(14, 32), "This way takes a processor with AVX-512.");
        using var scope = torch.NewDisposeScope();
        var (images, kernel, _, _) = ConvolutionExample.Create(2, 20, 15, 4, 32, 1, false);
        var expected = torch.nn.functional.conv2d(images.permute(0, 3, 1, 2), kernel.permute(0, 3, 1, 2), padding: [1, 1]).permute(0, 2, 3,
            1);
        var turned = images.transpose(1, 2).contiguous().transpose(1, 2);
        var convolved = DirectConvolution.Convolve(turned, DirectConvolution.Prepare(kernel), 32, null, 1, relu: false, pooled: false);
        Assert.InRange((convolved - expected).abs().max().item<float>(), 0, 1e-5f);
    }

    [Fact]
    public void WhatIsNoNumber_StaysNoNumber()
    {
        Assert.SkipUnless(DirectConvolution.Takes(14, 32), "This way takes a processor with AVX-512.");
        using var scope = torch.NewDisposeScope();
        var (images, kernel, bias, _) = ConvolutionExample.Create(1, 14, 14, 32, 32, 1, true);
        images[0, 4, 6, 2] = float.NaN;
        long Unknown(torch.Tensor values) => values.isnan().any(-1).sum().item<long>();
        var (direct, winograd) = (DirectConvolution.Prepare(kernel), WinogradConvolution.Prepare(kernel));
        Assert.Equal(9, Unknown(DirectConvolution.Convolve(images, direct, 32, bias, 1, relu: true, pooled: false)));
        Assert.Equal(4, Unknown(DirectConvolution.Convolve(images, direct, 32, bias, 1, relu: true, pooled: true)));
        // Of each tile of 4 by 4, all may depend on it.
        Assert.InRange(Unknown(WinogradConvolution.Convolve(images, winograd, 32, bias, 1, relu: true, pooled: true)), 4, 16);
    }

    [Fact]
    public void TakesWholeTilesAlone()
    {
        Assert.Equal(Avx512F.IsSupported, DirectConvolution.Takes(224, 64));
        Assert.False(DirectConvolution.Takes(13, 64));
        Assert.False(DirectConvolution.Takes(224, 48));
    }
}
