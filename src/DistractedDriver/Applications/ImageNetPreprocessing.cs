using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Applications;

/// <summary>What images go through before a network trained on ImageNet sees them, by the names of Keras's modes.</summary>
internal static class ImageNetPreprocessing
{
    private static readonly float[] CaffeMeans = [103.939f, 116.779f, 123.68f];

    /// <summary>
    /// Of networks trained in Caffe: blue, green, red, each less its mean over ImageNet, unscaled. The means are those of the VGG
    /// authors' release: 103.939, 116.779, 123.68.
    /// </summary>
    /// <exception cref="ArgumentException">The last axis has not three channels.</exception>
    public static Tensor Caffe(Tensor x)
    {
        CheckChannels(x);
        using var scope = torch.NewDisposeScope();
        return x.flip(-1).sub_(torch.tensor(CaffeMeans, device: x.device)).MoveToOuterDisposeScope();
    }

    /// <summary>Of networks trained in TensorFlow: −1…1.</summary>
    /// <exception cref="ArgumentException">The last axis has not three channels.</exception>
    public static Tensor TensorFlow(Tensor x)
    {
        CheckChannels(x);
        return x.div(127.5f).sub_(1);
    }

    /// <summary>Of EfficientNet-Lite: (x − 127) / 128.</summary>
    /// <exception cref="ArgumentException">The last axis has not three channels.</exception>
    public static Tensor Lite(Tensor x)
    {
        CheckChannels(x);
        return x.sub(127).div_(128);
    }

    private static void CheckChannels(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.dim() < 1 || x.shape[^1] != 3)
            throw new ArgumentException($"The images are RGB, channels last. Received: shape ({string.Join(", ", x.shape)}).", nameof(x));
    }
}
