using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DistractedDriver.Core;

namespace DistractedDriver.Features;

/// <summary>
/// The folder where features of frozen layers are kept between runs, a file for each frozen network and preprocessing. The
/// environment variable DISTRACTED_DRIVER_FEATURES names another folder, or is "off"; DISTRACTED_DRIVER_FEATURES_GB says how
/// much they may take, 20 where it is not set. Where there is no room, the files not used for the longest time go.
/// </summary>
public sealed class FeatureFolder
{
    private const string FolderVariable = "DISTRACTED_DRIVER_FEATURES", LimitVariable = "DISTRACTED_DRIVER_FEATURES_GB",
        Ending = ".features";
    private const long DefaultLimit = 20L << 30;
    // A disk is left some room for others.
    private const long LeastFree = 1L << 30;
    private bool _said;

    internal FeatureFolder(string path, long limit) => (Path, Limit) = (path, limit);

    /// <summary>The folder of this machine and user; null where it is switched off.</summary>
    /// <exception cref="ArgumentException">The environment variable of the limit is no number.</exception>
    public static FeatureFolder? FromEnvironment() => Environment.GetEnvironmentVariable(FolderVariable) switch
    {
        "off" => null,
        { Length: > 0 } path => new(path, LimitFromEnvironment()),
        _ => new(System.IO.Path.Combine(Caches(), "distracted-driver", "features"), LimitFromEnvironment()),
    };

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>How many bytes the files may take together.</summary>
    public long Limit { get; }

    /// <summary>What is kept, the file used last first.</summary>
    public IReadOnlyList<KeptFeatures> List() =>
        [.. Files().Select(file => FileFeatureTable.Describe(file)).OfType<KeptFeatures>().OrderByDescending(kept => kept.Used)];

    /// <summary>Deletes all files of features.</summary>
    /// <returns>How many bytes they took.</returns>
    public long Clear()
    {
        var size = 0L;
        foreach (var file in Files())
        {
            var length = file.Length;
            if (TryDelete(file)) size += length;
            File.Delete(file.FullName + FileFeatureTable.LockEnding);
        }
        return size;
    }

    /// <summary>What features are known by: a digest of the network, the preprocessing, and the code that computes.</summary>
    internal static string Key(string network, string preprocessing)
    {
        var code = typeof(FeatureFolder).Module.ModuleVersionId;
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{code}\n{network}\n{preprocessing}")))[..32].ToLowerInvariant();
    }

    /// <summary>
    /// Opens a file of features, which is made where there is none; null where the folder can't be used, which is said once.
    /// </summary>
    internal FileFeatureTable? TryOpen(string key, string description, int[] shape)
    {
        try
        {
            Directory.CreateDirectory(Path);
            return new FileFeatureTable(this, System.IO.Path.Combine(Path, key + Ending), description, shape);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            if (!_said) TextOutput.WriteLine(
                $"Features can't be kept for later runs: {error.Message} They are kept in memory. {FolderVariable} names another folder.");
            _said = true;
            return null;
        }
    }

    /// <summary>Makes room for so many bytes more, if need be at the cost of other files.</summary>
    internal bool TryReserve(string own, long bytes)
    {
        if (new DriveInfo(Path).AvailableFreeSpace < bytes + LeastFree) return false;
        FileInfo[] files = [.. Files().OrderBy(file => file.LastAccessTimeUtc)];
        var size = files.Sum(file => file.Length) + bytes;
        foreach (var file in files)
        {
            if (size <= Limit) return true;
            var length = file.Length;
            if (file.FullName != System.IO.Path.GetFullPath(own) && TryDelete(file)) size -= length;
        }
        return size <= Limit;
    }

    private static bool TryDelete(FileInfo file)
    {
        try
        {
            file.Delete();
            return true;
        }
        catch (IOException)
        {
            // Another process has it open on a system that then keeps it.
            return false;
        }
    }

    private FileInfo[] Files() => Directory.Exists(Path) ? new DirectoryInfo(Path).GetFiles("*" + Ending) : [];

    private static long LimitFromEnvironment() =>
        Environment.GetEnvironmentVariable(LimitVariable) is not { Length: > 0 } text ? DefaultLimit

            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var gigabytes) && gigabytes >= 0
            ? (long)(gigabytes * (1 << 30))
        : throw new ArgumentException($"{LimitVariable} is a number of gigabytes, such as 20 or 0.5. Received: \"{text}\".");

    private static string Caches()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : OperatingSystem.IsMacOS() ? System.IO.Path.Combine(home, "Library", "Caches")
            : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } set ? set : System.IO.Path.Combine(home, ".cache");
    }
}
