using DistractedDriver.Evaluation;

namespace LibraryTests;

public sealed class PairedComparisonTests
{
    // Tables of Student's t, two-sided.
    [Theory]
    [InlineData(1, 0.95, 12.7062047362)]
    [InlineData(4, 0.95, 2.7764451052)]
    [InlineData(9, 0.95, 2.2621571628)]
    [InlineData(29, 0.95, 2.0452296421)]
    [InlineData(2, 0.99, 9.9248432009)]
    [InlineData(1000, 0.95, 1.9623390808)]
    public void Quantile_OfStudentsT_IsTheTables(int degreesOfFreedom, double share, double expected) =>
        Assert.Equal(expected, StudentT.Quantile(share, degreesOfFreedom), 1e-9);

    [Fact]
    public void Seeds_AreComparedByThePairedInterval()
    {
        // Differences 0.1, 0.2, 0.3: mean 0.2, standard deviation 0.1; t of 2 degrees of freedom is 4.3026527297.
        var comparison = Compare(RunPairs.Seeds, [0.8, 0.8, 0.8], [0.7, 0.6, 0.5]);
        Assert.Equal(0.2, comparison.Differences.Mean, 1e-12);
        Assert.Equal(4.3026527297 * 0.1 / Math.Sqrt(3), comparison.HalfWidth, 1e-9);
        Assert.False(comparison.IsDecided);
        Assert.Contains("do not show which is higher", comparison.ToString());
        Assert.Contains("nothing is said of other samples", comparison.ToString());
        Assert.Contains("With 3 pairs", comparison.ToString());
    }

    [Fact]
    public void Folds_HaveAWiderInterval()
    {
        double[] first = [0.9, 0.8, 0.7, 0.8, 0.9], second = [0.8, 0.7, 0.5, 0.7, 0.8];
        var (seeds, folds) = (Compare(RunPairs.Seeds, first, second), Compare(RunPairs.Folds, first, second));
        Assert.Equal(seeds.HalfWidth * Math.Sqrt((1.0 / 5 + 1.0 / 4) * 5), folds.HalfWidth, 1e-12);
        Assert.True(seeds.IsDecided);
        Assert.Contains("'a' is higher", folds.ToString());
        Assert.Contains("folds share", folds.ToString());
    }

    [Fact]
    public void Runs_OfOtherNumbers_AreRefused()
    {
        Assert.Contains("2 of 'a', 3 of 'b'", Assert.Throws<ArgumentException>(() => Compare(RunPairs.Seeds, [1, 2], [1, 2, 3])).Message);
        Assert.Contains("at least two", Assert.Throws<ArgumentException>(() => Compare(RunPairs.Seeds, [1], [1])).Message);
        Assert.Contains("NaN", Assert.Throws<ArgumentException>(() => new RunStatistics("a", [double.NaN])).Message);
    }

    [Fact]
    public void Statistics_NameMeanAndSpread()
    {
        Assert.Equal("a: 2.0000 ± 1.0000 over 3 runs (1.0000 to 3.0000)", new RunStatistics("a", [1, 2, 3]).ToString());
        Assert.Equal("a: 0.5000 (one run: its spread is unknown)", new RunStatistics("a", [0.5]).ToString());
    }

    private static PairedComparison Compare(RunPairs pairs, double[] first, double[] second) =>
        new(new RunStatistics("a", first), new RunStatistics("b", second), pairs);
}
