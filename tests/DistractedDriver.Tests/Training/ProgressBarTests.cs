using DistractedDriver.Training;

namespace LibraryTests;

public sealed class ProgressBarTests : IDisposable
{
    private static readonly Dictionary<string, double> Values = new() { ["loss"] = 0.25, ["tiny"] = 0.0000125 };
    private readonly StringWriter _output = new();

    [Fact]
    public void ForAPerson_TheLineIsRewrittenFromTheFirstStepOn()
    {
        var bar = new ProgressBar(4, verbose: 1, interactive: true, _output);
        bar.Update(1, Values);
        Assert.Matches(@"^\r1/4 \[=+>\.+\] - ETA: 0s - loss: 0\.2500 - tiny: 1\.2500e-05$", _output.ToString());
        for (var step = 2; step <= 4; step++) bar.Update(step, Values);
        bar.Finish(Values);
        Assert.Matches(@"\r4/4 \[={30}\] - 0s \d+(us|ms)/step - loss: 0\.2500 - tiny: 1\.2500e-05 *\n$", _output.ToString());
    }

    [Fact]
    public void ForAFile_OnlyTheEndIsWritten()
    {
        var bar = new ProgressBar(2, verbose: 1, interactive: false, _output);
        bar.Update(1, Values);
        Assert.Empty(_output.ToString());
        bar.Update(2, Values);
        bar.Finish(Values);
        Assert.StartsWith("2/2 [==", _output.ToString(), StringComparison.Ordinal);
        Assert.Single(_output.ToString(), '\n');
    }

    [Theory]
    [InlineData(0, "^$")]
    [InlineData(2, @"^2/2 - 0s - loss: 0\.2500 - tiny: 1\.2500e-05 - \d+(us|ms)/epoch - \d+(us|ms)/step\n$")]
    public void Verbosity_IsKeras(int verbose, string expected)
    {
        var bar = new ProgressBar(2, verbose, interactive: true, _output);
        bar.Update(1, Values);
        bar.Finish(Values);
        Assert.Matches(expected, _output.ToString());
    }

    public void Dispose() => _output.Dispose();
}
