namespace DistractedDriver.Evaluation;

/// <summary>Student's t distribution (W. S. Gosset, Biometrika 6, 1908).</summary>
internal static class StudentT
{
    // B. Lanczos's approximation of the gamma function, g = 7, n = 9 (SIAM Journal on Numerical Analysis 1, 1964).
    private static readonly double[] Lanczos =
    [
        0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
        -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
    ];

    /// <summary>How far from 0 on either side the given share lies within.</summary>
    /// <param name="share">Between 0 and 1: 0.95.</param>
    /// <param name="degreesOfFreedom">At least 1.</param>
    public static double Quantile(double share, int degreesOfFreedom)
    {
        double low = 0, high = 1;
        while (Within(high, degreesOfFreedom) < share) high *= 2;
        // Down to neighbouring numbers.
        while (low < (low + high) / 2 && (low + high) / 2 < high)
        {
            var middle = (low + high) / 2;
            if (Within(middle, degreesOfFreedom) < share) low = middle;
            else high = middle;
        }
        return high;
    }

    /// <summary>How likely a value lies no farther from 0 than <paramref name="t"/>.</summary>
    public static double Within(double t, int degreesOfFreedom) =>
        1 - IncompleteBeta(degreesOfFreedom / 2.0, 0.5, degreesOfFreedom / (degreesOfFreedom + t * t));

    // The regularised incomplete beta function by its continued fraction (NIST Digital Library of Mathematical Functions 8.17.22),
    // which converges fast below the mean; above it the other tail is computed.
    private static double IncompleteBeta(double a, double b, double x)
    {
        if (x <= 0) return 0;
        if (x >= 1) return 1;
        if (x > (a + 1) / (a + b + 2)) return 1 - IncompleteBeta(b, a, 1 - x);
        var front = Math.Exp(LogGamma(a + b) - LogGamma(a) - LogGamma(b) + a * Math.Log(x) + b * Math.Log(1 - x)) / a;
        // The fraction from its end: far more terms than any argument here needs.
        double fraction = 1;
        for (var m = 200; m >= 1; m--)
        {
            var even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            var odd = -(a + m - 1) * (a + b + m - 1) * x / ((a + 2 * m - 2) * (a + 2 * m - 1));
            fraction = 1 + odd / (1 + even / fraction);
        }
        return front / fraction;
    }

    private static double LogGamma(double x)
    {
        var sum = Lanczos[0];
        for (var i = 1; i < Lanczos.Length; i++) sum += Lanczos[i] / (x - 1 + i);
        var t = x + 6.5;
        return 0.5 * Math.Log(2 * Math.PI) + (x - 0.5) * Math.Log(t) - t + Math.Log(sum);
    }
}
