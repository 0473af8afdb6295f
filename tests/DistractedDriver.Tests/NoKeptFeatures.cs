using System.Runtime.CompilerServices;

namespace LibraryTests;

/// <summary>What tests compute is not to come from an earlier run, nor to lie in the user's folders.</summary>
internal static class NoKeptFeatures
{
    [ModuleInitializer]
    internal static void SwitchOff() => Environment.SetEnvironmentVariable("DISTRACTED_DRIVER_FEATURES", "off");
}
