using System.Globalization;
using Goldens;

// Lists every value of Keras's with its deviation and its bound, then those left out with the reason; 1 where one does not
// hold, or is neither checked nor left out. Arguments are how a golden's name may begin: -- saving/ lists those alone.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
// Everything is computed here and now.
Environment.SetEnvironmentVariable("DISTRACTED_DRIVER_FEATURES", "off");
var output = Console.Out;
Console.SetOut(TextWriter.Null);
output.WriteLine($"{Golden.Folder}, made with seed {Golden.Seed}");
output.WriteLine();
output.WriteLine($"{"golden",-90} {"deviation",-10} bound");
var failures = 0;
foreach (var check in Check.All.Where(check => Asked(check.Golden)))
{
    var (deviation, error) = Measure(check);
    var holds = deviation <= check.Bound;
    if (!holds) failures++;
    output.WriteLine($"{check.Golden,-90} {deviation,-10:G3} {check.Bound:G3}{(holds ? "" : "  DOES NOT HOLD ")}{error}");
}
output.WriteLine();
output.WriteLine($"{"left out",-90} reason");
foreach (var (golden, reason) in LeftOut.All().Where(left => Asked(left.Golden)))
{
    if (reason is null) failures++;
    output.WriteLine($"{golden,-90} {reason ?? "NEITHER CHECKED NOR LEFT OUT"}");
}
output.WriteLine();
output.WriteLine($"{Check.All.Count(check => Asked(check.Golden))} checks, {failures} failures.");
return failures == 0 ? 0 : 1;

bool Asked(string golden) => args.Length == 0 || args.Any(start => golden.StartsWith(start, StringComparison.Ordinal));

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
