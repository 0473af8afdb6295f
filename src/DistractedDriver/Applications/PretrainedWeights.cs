using System.Collections.Concurrent;
using System.Security.Cryptography;
using DistractedDriver.Core;

namespace DistractedDriver.Applications;

/// <summary>
/// Finds ImageNet's weights: in Keras's cache, else on the network, else the copy that the library brings along. What Keras publishes
/// with an MD5 is checked by it; other files are kept only if they are weights of the network that asks for them.
/// </summary>
internal sealed class PretrainedWeights
{
    private const string Official = "https://storage.googleapis.com/tensorflow/keras-applications/";

    private static readonly ConcurrentDictionary<string, bool> Told = [];

    private readonly Lock _gate = new();
    private readonly string _cache;
    private readonly string? _mirror;
    private readonly Dictionary<string, (DateTime When, string Why)> _failures = [];

    /// <param name="cache">The folder where files are kept.</param>
    /// <param name="mirror">A base URL instead of the official one, or null.</param>
    public PretrainedWeights(string cache, string? mirror) => (_cache, _mirror) = (cache, mirror);

    /// <summary>What the applications use: the cache where Keras has it, KERAS_HOME moves it; a mirror by environment variable.</summary>
    public static PretrainedWeights Default { get; } = new(
        Path.Combine(Environment.GetEnvironmentVariable("KERAS_HOME") ?? Path.Combine(Home(), ".keras"), "models"),
        Environment.GetEnvironmentVariable("DISTRACTED_DRIVER_WEIGHTS_MIRROR"));

    /// <summary>Where bundled copies lie: beside the library, or beside a program that it is a part of.</summary>
#pragma warning disable IL3000 // The location is empty there, and the program's folder is taken.
    public string Bundled { get; init; } = Path.Combine(
        typeof(PretrainedWeights).Assembly.Location is { Length: > 0 } library ? Path.GetDirectoryName(library)! : AppContext.BaseDirectory,
            "weights");
#pragma warning restore IL3000

    /// <summary>How long a server may take to answer, and to send some more while it sends.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How long nothing is asked for again that could not be fetched.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The path of the weights to load; says on the console when they are not the official ones.</summary>
    /// <param name="network">The network's name.</param>
    /// <param name="file">The file.</param>
    /// <param name="check">Throws an <see cref="InvalidDataException"/> for a file that holds no weights of the network.</param>
    /// <exception cref="FileNotFoundException">They are not to be had in any way.</exception>
    public string Resolve(string network, PretrainedFile file, Action<string> check)
    {
        lock (_gate)
        {
            var copy = file.BundledCopy is null ? null : Path.Combine(Bundled, file.BundledCopy);
            if (file.Url is null)
                return File.Exists(copy)
                    ? copy
                    : throw new FileNotFoundException(
                        $"The ImageNet weights of {network} come with the library, but {copy} is not there. Install or build it anew, "
                            + "or build the network with weights: null (random).", copy);

            var cached = Path.Combine(_cache, file.FileName);
            var problem = Problem(file, check);
            if (File.Exists(cached) && problem is null) return cached;
            var failure = Fetch(file, cached, check);
            if (failure is null) return cached;

            var state = problem is null ? $"not in {Shown(_cache)}" : $"{Shown(cached)}, which {problem}";
            if (copy is null || !File.Exists(copy))
                throw new FileNotFoundException(
                    $"The ImageNet weights of {network} are {(problem is null ? $"not in {_cache}" : $"in {cached}, but it {problem}")}, "
                        + $"and {Url(file)} could not be fetched ({failure}). Put {file.FileName} there, or build the network with "
                        + "weights: null (random).",
                    cached);
            if (Told.TryAdd($"{network} {state}", true))
                TextOutput.WriteLine(
                    $"{network}: Keras's own weights file is {state}, and could not be fetched ({failure}). Using the bundled copy, "
                        + "rounded to float16: features differ by about 5.5e-4 of their norm.");
            return copy;
        }
    }

    /// <summary>Whether the official file is there already and whole.</summary>
    public bool Has(PretrainedFile file) => File.Exists(Path.Combine(_cache, file.FileName)) && Problem(file, _ => { }) is null;

    /// <summary>
    /// What is wrong with a file in the cache, as the end of a sentence: "is broken: …"; null for nothing, or where there is none.
    /// </summary>
    public string? Problem(PretrainedFile file, Action<string> check)
    {
        var cached = Path.Combine(_cache, file.FileName);
        if (!File.Exists(cached)) return null;
        try
        {
            Check(cached, file, check);
            return null;
        }
        catch (InvalidDataException error)
        {
            return $"is broken ({error.Message.TrimEnd('.')}); delete it";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"can't be read ({error.Message.TrimEnd('.')})";
        }
    }

    // As Keras does it: where there is no home to write to, the folder for temporary files.
    private static string Home()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return home.Length > 0 && Directory.Exists(home) ? home : Path.GetTempPath();
    }

    private static string Shown(string path)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return home.Length > 1 && path.StartsWith(home, StringComparison.Ordinal) ? $"~{path[home.Length..]}" : path;
    }

    private string Url(PretrainedFile file) => _mirror is null ? file.Url! : _mirror.TrimEnd('/') + "/" + file.Url![Official.Length..];

    // Null, or why it could not be fetched.
    private string? Fetch(PretrainedFile file, string target, Action<string> check)
    {
        var url = Url(file);
        if (_failures.TryGetValue(url, out var last) && DateTime.UtcNow - last.When < Pause) return last.Why;
        var why = new Download(Patience).To(target, url, partial => Check(partial, file, check));
        if (why is not null) _failures[url] = (DateTime.UtcNow, why);
        return why;
    }

    private static void Check(string path, PretrainedFile file, Action<string> check)
    {
        if (file.Md5 is null)
            check(path);
        else if (Md5(path) is var found && found != file.Md5)
            throw new InvalidDataException($"its MD5 is {found}, that of the file that Keras publishes {file.Md5}");
    }

    private static string Md5(string path)
    {
        using var stream = File.OpenRead(path);
#pragma warning disable CA5351 // Keras publishes its files' MD5; it guards against damage, not against forgery.
        return Convert.ToHexStringLower(MD5.HashData(stream));
#pragma warning restore CA5351
    }
}
