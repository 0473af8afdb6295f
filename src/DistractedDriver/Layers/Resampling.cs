using DistractedDriver.Core;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Layers;

/// <summary>
/// Images in another size, by TensorFlow's rules (tf.image.resize, second version, without antialias): pixels are squares whose
/// middles lie at i + ½. Rows and columns are mixed one after the other, each by a matrix of shares.
/// </summary>
internal sealed class Resampling
{
    private const int CubicSteps = 1024;
    private static readonly string[] Names = ["nearest", "bilinear", "bicubic", "area", "lanczos3", "lanczos5", "gaussian",
        "mitchellcubic"];

    /// <exception cref="ArgumentException">There is no such interpolation.</exception>
    public Resampling(string name)
    {
        Name = name?.ToLowerInvariant() ?? "";
        if (!Names.Contains(Name))
            throw new ArgumentException(
                $"The interpolations are {string.Join(", ", Names.Select(known => $"\"{known}\""))}. Received: \"{name}\".", nameof(name));
    }

    /// <summary>Keras's identifier.</summary>
    public string Name { get; }

    /// <summary>The middle part of images that has the proportions of a size, as large as possible.</summary>
    public static Tensor CropTo(Tensor images, Size2D size)
    {
        var (height, width) = (images.shape[1], images.shape[2]);
        // Single precision and rounding towards zero, as in Keras.
        var (cropHeight, cropWidth) = (
            Math.Min(height, (long)((float)(width * size.Height) / size.Width)),
                Math.Min(width, (long)((float)(height * size.Width) / size.Height)));
        return images.narrow(1, (height - cropHeight) / 2, cropHeight).narrow(2, (width - cropWidth) / 2, cropWidth);
    }

    /// <summary>Images of a size; the input's are batch, height, width, channels.</summary>
    public Tensor Resize(Tensor images, Size2D size)
    {
        var rows = Shares((int)images.shape[1], size.Height, images);
        var columns = Shares((int)images.shape[2], size.Width, images);
        return torch.einsum("oh,bhwc->bowc", rows, torch.einsum("pw,bhwc->bhpc", columns, images));
    }

    // One row for each new pixel: how much of each old one it takes.
    private Tensor Shares(int from, int to, Tensor like)
    {
        var shares = new float[to * from];
        var scale = (float)from / to;
        for (var i = 0; i < to; i++)
        {
            var row = shares.AsSpan(i * from, from);
            var middle = (i + 0.5f) * scale;
            switch (Name)
            {
                case "nearest":
                    row[Math.Min((int)MathF.Floor(middle), from - 1)] = 1;
                    break;
                case "bilinear":
                    Linear(row, middle - 0.5f);
                    break;
                case "bicubic":
                    Cubic(row, middle - 0.5f);
                    break;
                case "area":
                    Area(row, i * scale, (i + 1) * scale);
                    break;
                default:
                    Kernel(row, middle);
                    break;
            }
        }
        return torch.tensor(shares, [to, from], dtype: like.dtype, device: like.device);
    }

    private static void Linear(Span<float> row, float at)
    {
        var before = (int)MathF.Floor(at);
        var share = at - before;
        row[Math.Clamp(before, 0, row.Length - 1)] += 1 - share;
        row[Math.Clamp(before + 1, 0, row.Length - 1)] += share;
    }

    // Keys' cubic with a = −½, its values taken from a table of 1024 steps; pixels beyond the edge have no share.
    private static void Cubic(Span<float> row, float at)
    {
        var before = (int)MathF.Floor(at);
        var share = MathF.Round((at - before) * CubicSteps) / CubicSteps;
        Span<float> taps = [Keys(1 + share), Keys(share), Keys(1 - share), Keys(2 - share)];
        Share(row, before - 1, taps);
    }

    private static float Keys(float x) => x <= 1 ? ((1.5f * x - 2.5f) * x) * x + 1 : ((-0.5f * x + 2.5f) * x - 4) * x + 2;

    private static void Area(Span<float> row, float start, float end)
    {
        for (var i = (int)MathF.Floor(start); i < (int)MathF.Ceiling(end); i++)
            row[Math.Clamp(i, 0, row.Length - 1)] += (Math.Min(end, i + 1) - Math.Max(start, i)) / (end - start);
    }

    // TensorFlow's ScaleAndTranslate.
    private void Kernel(Span<float> row, float middle)
    {
        var radius = Name switch { "lanczos3" => 3f, "lanczos5" => 5f, "gaussian" => 1.5f, _ => 2f };
        var (first, last) = ((int)MathF.Ceiling(middle - radius - 0.5f), (int)MathF.Floor(middle + radius - 0.5f));
        var taps = new float[last - first + 1];
        for (var i = 0; i < taps.Length; i++) taps[i] = Weight(Math.Abs(first + i + 0.5f - middle), radius);
        Share(row, first, taps);
    }

    private float Weight(float x, float radius) => Name switch
    {
        "gaussian" => x >= radius ? 0 : MathF.Exp(-x * x / (2 * (radius / 3) * (radius / 3))),
        "mitchellcubic" => x >= 2 ? 0
            : x >= 1 ? (((-7f / 18 * x + 2) * x - 10f / 3) * x) + 16f / 9
            : (7f / 6 * x - 2) * x * x + 8f / 9,
        _ => x > radius
            ? 0
            : x <= 1e-3f
            ? 1
            : radius * MathF.Sin(MathF.PI * x) * MathF.Sin(MathF.PI * x / radius) / (MathF.PI * MathF.PI * x * x),
    };

    private static void Share(Span<float> row, int first, ReadOnlySpan<float> taps)
    {
        var sum = 0f;
        for (var i = 0; i < taps.Length; i++)
            if (first + i >= 0 && first + i < row.Length) sum += taps[i];
        for (var i = 0; i < taps.Length; i++)
            if (first + i >= 0 && first + i < row.Length) row[first + i] = taps[i] / sum;
    }
}
