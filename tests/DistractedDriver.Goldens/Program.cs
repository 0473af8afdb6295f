using System.Globalization;
using Goldens;

// Lists every value of Keras's with its deviation and its bound, then those left out with the reason; 1 where one does not
// hold, or is neither checked nor left out. An argument keeps to names that begin so: "evaluation/".
var beginning = args.Length > 0 ? args[0] : "";
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
// Everything is computed here and now.
Environment.SetEnvironmentVariable("DISTRACTED_DRIVER_FEATURES", "off");
var output = Console.Out;
Console.SetOut(TextWriter.Null);
output.WriteLine($"{Golden.Folder}, made with seed {Golden.Seed}");
output.WriteLine();
output.WriteLine($"{"golden",-90} {"deviation",-10} bound");
var failures = 0;
Check[] checks = [.. Check.All.Where(check => check.Golden.StartsWith(beginning, StringComparison.Ordinal))];
foreach (var check in checks)
{
    var (deviation, error) = Measure(check);
    var holds = deviation <= check.Bound;
    if (!holds) failures++;
    output.WriteLine($"{check.Golden,-90} {deviation,-10:G3} {check.Bound:G3}{(holds ? "" : "  DOES NOT HOLD ")}{error}");
}
output.WriteLine();
output.WriteLine($"{"left out",-90} reason");
foreach (var (golden, reason) in LeftOut.All().Where(left => left.Golden.StartsWith(beginning, StringComparison.Ordinal)))
{
    if (reason is null) failures++;
    output.WriteLine($"{golden,-90} {reason ?? "NEITHER CHECKED NOR LEFT OUT"}");
}
output.WriteLine();
output.WriteLine($"{checks.Length} checks, {failures} failures.");
return failures == 0 ? 0 : 1;

static (double Deviation, string? Error) Measure(Check check)
{
    try
    {
        return (check.Measure(), null);
    }
    catch (Exception error)
    {
        return (double.PositiveInfinity, error.Message);
    }
}
