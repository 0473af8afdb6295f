using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Preprocessing;

/// <summary>How values are centred, scaled and whitened: by each image's own statistics, or by those of images fitted to.</summary>
internal sealed class Standardization(bool ownCenter, bool ownStd, bool center, bool std, bool whiten, double whitenEpsilon)
{
    private const double Epsilon = 1e-6;
    private float[]? _mean;
    private float[]? _std;
    private float[]? _whitening;

    /// <summary>What determines the result for an image, in words; null where statistics were fitted.</summary>
    public string? Description => center || std || whiten ? null : (ownCenter ? ", centred" : "") + (ownStd ? ", own deviation" : "");

    /// <summary>Takes statistics from images.</summary>
    /// <exception cref="ArgumentException">The tensor is not of shape (images, height, width, channels).</exception>
    public void Fit(Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.dim() != 4
            || images.shape[0] == 0) throw new ArgumentException(
                $"Images to fit to are of shape (images, height, width, channels). Received: ({string.Join(", ", images.shape)}).",
                    nameof(images));
        using var scope = torch.NewDisposeScope();
        var x = images.detach().cpu().to_type(torch.ScalarType.Float64);
        if (center)
        {
            var mean = x.mean([0, 1, 2]);
            _mean = Floats(mean);
            x = x - mean;
        }
        if (std)
        {
            var deviation = x.std([0, 1, 2], unbiased: false);
            _std = Floats(deviation);
            x = x / (deviation + Epsilon);
        }
        if (!whiten) return;
        var flat = x.reshape(x.shape[0], -1);
        var (u, s, _) = torch.linalg.svd(flat.t(), fullMatrices: false);
        var inverse = Math.Sqrt(flat.shape[0]) / (s + whitenEpsilon);
        _whitening = Floats((u * inverse).matmul(u.t()));
    }

    /// <summary>Standardises a batch; the tensor given where there is nothing to do.</summary>
    /// <exception cref="InvalidOperationException">
    /// Statistics are needed and none were taken, or whitening was fitted to another size.
    /// </exception>
    public Tensor Apply(Tensor images)
    {
        if ((center && _mean is null) || (std && _std is null) || (whiten && _whitening is null))
            throw new InvalidOperationException(
                "The generator is to standardise by statistics that it does not have yet: call generator.Fit(images) first.");
        var x = images;
        if (ownCenter) x = x - x.mean([1, 2, 3], keepdim: true);
        if (ownStd) x = x / (x.std([1, 2, 3], unbiased: false, keepdim: true) + Epsilon);
        if (_mean is not null) x = x - torch.tensor(_mean);
        if (_std is not null) x = x / (torch.tensor(_std) + Epsilon);
        if (_whitening is null) return x;
        var size = x.numel() / x.shape[0];
        if (size * size != _whitening.LongLength) throw new InvalidOperationException(
            $"Whitening was fitted to images of {Math.Sqrt(_whitening.LongLength)} values; these have {size}.");
        return x.reshape(-1, size).matmul(torch.tensor(_whitening, [size, size])).reshape(x.shape);
    }

    private static float[] Floats(Tensor values) => values.to_type(torch.ScalarType.Float32).contiguous().data<float>().ToArray();
}
