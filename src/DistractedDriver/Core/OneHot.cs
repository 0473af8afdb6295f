using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Core;

/// <summary>Classes given as numbers, as rows that are 1 at the class's place and 0 elsewhere.</summary>
internal static class OneHot
{
    /// <param name="y">The classes, from 0.</param>
    /// <param name="numClasses">How many there are; by default one more than the largest.</param>
    /// <returns>(samples, classes), float32; the caller owns it.</returns>
    /// <exception cref="ArgumentException">A class is negative or beyond their number.</exception>
    public static Tensor Encode(IReadOnlyList<int> y, int? numClasses)
    {
        ArgumentNullException.ThrowIfNull(y);
        var classes = numClasses ?? (y.Count == 0 ? 0 : y.Max() + 1);
        if (y.Any(number => number < 0 || number >= classes))
            throw new ArgumentException(
                $"Classes are from 0 to {classes - 1}. Received: {y.First(number => number < 0 || number >= classes)}.", nameof(y));
        var rows = new float[y.Count * classes];
        for (var i = 0; i < y.Count; i++) rows[i * classes + y[i]] = 1;
        return torch.tensor(rows, [y.Count, classes]);
    }
}
