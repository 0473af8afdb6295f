using DistractedDriver.Files;

namespace LibraryTests;

public sealed class PythonFloatTests
{
    // What Python 3's repr() prints for these doubles.
    [Theory]
    [InlineData(0.0, "0.0")]
    [InlineData(1.0, "1.0")]
    [InlineData(-2.5, "-2.5")]
    [InlineData(0.4749999940395355, "0.4749999940395355")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(0.00001, "1e-05")]
    [InlineData(1.25e-7, "1.25e-07")]
    [InlineData(123456789012345680.0, "1.2345678901234568e+17")]
    [InlineData(1e15, "1000000000000000.0")]
    [InlineData(1e16, "1e+16")]
    [InlineData(double.NaN, "nan")]
    [InlineData(double.NegativeInfinity, "-inf")]
    public void Repr_PrintsAsPythonDoes(double value, string expected) => Assert.Equal(expected, PythonFloat.Repr(value));
}
