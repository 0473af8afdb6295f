using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver;

/// <summary>A tensor's values as C#'s, for those who look at predictions.</summary>
public static class TensorExtensions
{
    /// <summary>All values, the last axis fastest.</summary>
    /// <param name="tensor">Stays the caller's.</param>
    public static float[] ToArray(this Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var scope = torch.NewDisposeScope();
        return tensor.detach().cpu().to_type(torch.ScalarType.Float32).contiguous().data<float>().ToArray();
    }

    /// <summary>For each row the place of its greatest value, the first of equal ones: the class that a prediction is for.</summary>
    /// <param name="tensor">(rows, values); stays the caller's.</param>
    /// <exception cref="ArgumentException">The tensor has another number of axes.</exception>
    public static int[] ArgMax(this Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (tensor.dim() != 2)
            throw new ArgumentException($"ArgMax takes rows of values. Received: shape ({string.Join(", ", tensor.shape)}).",
                nameof(tensor));
        var (values, width) = (tensor.ToArray(), (int)tensor.shape[1]);
        return [.. values.Chunk(width).Select(row => Array.IndexOf(row, row.Max()))];
    }
}
