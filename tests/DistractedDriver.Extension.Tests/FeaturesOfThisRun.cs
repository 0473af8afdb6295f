using System.Runtime.CompilerServices;

namespace ExtensionTests;

/// <summary>Features are kept in files, as they are for a user, but of this run alone and not in the user's folders.</summary>
internal static class FeaturesOfThisRun
{
    [ModuleInitializer]
    internal static void KeepApart()
    {
        var folder = Directory.CreateTempSubdirectory("extension-features-").FullName;
        Environment.SetEnvironmentVariable("DISTRACTED_DRIVER_FEATURES", folder);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
    }
}
