using Goldens;

namespace LibraryTests;

/// <summary>Everything is held against what Keras computed; tests/DistractedDriver.Goldens lists it with its deviations.</summary>
public sealed class GoldenTests
{
    public static TheoryData<string> Checks() => [.. Check.All.Select(check => check.Golden)];

    [Theory]
    [MemberData(nameof(Checks))]
    public void Golden_Holds(string golden)
    {
        var check = Check.All.Single(check => check.Golden == golden);
        Assert.InRange(check.Measure(), 0, check.Bound);
    }

    [Fact]
    public void EveryGolden_IsCheckedOrLeftOutWithAReason() => Assert.DoesNotContain(LeftOut.All(), left => left.Reason is null);
}
