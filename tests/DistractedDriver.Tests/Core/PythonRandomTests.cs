using DistractedDriver.Core;

namespace LibraryTests;

public sealed class PythonRandomTests
{
    // What CPython 3.11 gives for random.seed(…) and random.shuffle(list(range(…))).
    [Fact]
    public void Permutation_WithASeed_IsPythons()
    {
        var random = new PythonRandom(42);
        Assert.Equal([7, 3, 2, 8, 5, 6, 9, 4, 0, 1], random.Permutation(10));
        Assert.Equal([1, 10, 9, 5, 11, 2, 3, 7, 8, 4, 0, 12, 6], new PythonRandom(0).Permutation(13));
    }
}
