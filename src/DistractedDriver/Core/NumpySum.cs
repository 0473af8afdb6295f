namespace DistractedDriver.Core;

/// <summary>
/// A sum in NumPy's order of additions, pairwise from 8 values on: means that come out to the last bit as NumPy's round to the same
/// text, and break ties the same way.
/// </summary>
internal static class NumpySum
{
    // As many values are added in eight parallel sums; longer sequences are halved.
    private const int Block = 128;

    /// <summary>The sum.</summary>
    public static double Of(ReadOnlySpan<double> values)
    {
        if (values.Length < 8)
        {
            double sum = 0;
            foreach (var value in values) sum += value;
            return sum;
        }
        if (values.Length > Block)
        {
            var half = values.Length / 2;
            half -= half % 8;
            return Of(values[..half]) + Of(values[half..]);
        }
        Span<double> sums = stackalloc double[8];
        values[..8].CopyTo(sums);
        var i = 8;
        for (; i < values.Length - values.Length % 8; i += 8)
            for (var lane = 0; lane < 8; lane++) sums[lane] += values[i + lane];
        var whole = sums[0] + sums[1] + (sums[2] + sums[3]) + (sums[4] + sums[5] + (sums[6] + sums[7]));
        for (; i < values.Length; i++) whole += values[i];
        return whole;
    }

    /// <summary>The mean; NaN of none.</summary>
    public static double Mean(ReadOnlySpan<double> values) => Of(values) / values.Length;

    /// <summary>The standard deviation of all there is: divided by the number of values.</summary>
    public static double StandardDeviation(ReadOnlySpan<double> values)
    {
        var mean = Mean(values);
        var squares = new double[values.Length];
        for (var i = 0; i < squares.Length; i++) squares[i] = (values[i] - mean) * (values[i] - mean);
        return Math.Sqrt(Mean(squares));
    }
}
