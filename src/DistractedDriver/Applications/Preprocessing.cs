using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver;

/// <summary>
/// The preprocessing of networks trained in Caffe: blue, green, red, each less its mean over ImageNet, unscaled. The means
/// are those of the VGG authors' release: 103.939, 116.779, 123.68.
/// </summary>
internal static class CaffePreprocessing
{
    private static readonly float[] Means = [103.939f, 116.779f, 123.68f];

    /// <exception cref="ArgumentException">The last axis has not three channels.</exception>
    public static Tensor Apply(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.dim() < 1 || x.shape[^1] != 3)
            throw new ArgumentException($"The images are RGB, channels last. Received: shape ({string.Join(", ", x.shape)}).", nameof(x));
        using var scope = torch.NewDisposeScope();
        return x.flip(-1).sub_(torch.tensor(Means, device: x.device)).MoveToOuterDisposeScope();
    }
}
