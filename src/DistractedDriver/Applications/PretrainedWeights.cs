using System.Security.Cryptography;
using DistractedDriver.Core;
using DistractedDriver.Files;

namespace DistractedDriver.Applications;

/// <summary>An official weights file.</summary>
/// <param name="FileName">Its name in Keras's cache.</param>
/// <param name="Url">Where Keras publishes it.</param>
/// <param name="Md5">Its MD5, in lower-case hexadecimal digits; null where Keras gives none.</param>
/// <param name="BundledCopy">The file in the folder weights beside the library that may stand in for it, or null.</param>
internal sealed record PretrainedFile(string FileName, string Url, string? Md5, string? BundledCopy);

/// <summary>Finds the official weights: in Keras's cache, else on the network, else the copy that the library brings along.</summary>
internal sealed class PretrainedWeights
{
    private const string Official = "https://storage.googleapis.com/tensorflow/keras-applications/";
    private readonly Lock _gate = new();
    private string? _unreachable;

    /// <summary>What the applications use: the cache where Keras has it, KERAS_HOME moves it; a mirror by environment variable.</summary>
    public static PretrainedWeights Default { get; } = new(
        Path.Combine(Environment.GetEnvironmentVariable("KERAS_HOME")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".keras"), "models"),
        Environment.GetEnvironmentVariable("DISTRACTED_DRIVER_WEIGHTS_MIRROR"));

    private readonly string _cache;
    private readonly string? _mirror;

    /// <param name="cache">The folder where files are kept.</param>
    /// <param name="mirror">A base URL instead of the official one, or null.</param>
    public PretrainedWeights(string cache, string? mirror) => (_cache, _mirror) = (cache, mirror);

    /// <summary>Where bundled copies lie.</summary>
    public string Bundled { get; init; } = Path.Combine(Path.GetDirectoryName(typeof(PretrainedWeights).Assembly.Location)!, "weights");

    /// <summary>How long a server may take to answer, and to go on while it sends.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>The path of the weights to load; says on the console when they are not the official ones.</summary>
    /// <exception cref="FileNotFoundException">They are not to be had in any way.</exception>
    public string Resolve(string network, PretrainedFile file)
    {
        lock (_gate)
        {
            var cached = Path.Combine(_cache, file.FileName);
            if (Has(file)) return cached;
            if (_unreachable is null && Download(file, cached)) return cached;

            var copy = file.BundledCopy is null ? null : Path.Combine(Bundled, file.BundledCopy);
            if (copy is null || !File.Exists(copy))
                throw new FileNotFoundException(
                    $"The ImageNet weights of {network} are not in {_cache} and {Url(file)} could not be fetched ({_unreachable}). Put "
                        + $"{file.FileName} there, or build the network with weights: null (random).", cached);
            TextOutput.WriteLine(
                $"{network}: Keras's own weights file is neither in {Shown(_cache)} nor to be fetched ({_unreachable}). Using the bundled "
                    + "copy, rounded to float16: features differ by about 5.5e-4 of their norm.");
            return copy;
        }
    }

    /// <summary>Whether the official file is there already.</summary>
    public bool Has(PretrainedFile file) =>
        Path.Combine(_cache, file.FileName) is var cached && File.Exists(cached) && IsOfficial(cached, file);

    private static string Shown(string folder)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return home.Length > 1 && folder.StartsWith(home, StringComparison.Ordinal) ? $"~{folder[home.Length..]}" : folder;
    }

    private string Url(PretrainedFile file) => _mirror is null ? file.Url : _mirror.TrimEnd('/') + "/" + file.Url[Official.Length..];

    // The file is written beside its place, checked, and then moved; what fails leaves nothing behind.
    private bool Download(PretrainedFile file, string target)
    {
        try
        {
            Directory.CreateDirectory(_cache);
            using var handler = new SocketsHttpHandler { ConnectTimeout = Patience };
            using var client = new HttpClient(handler);
            using var answered = new CancellationTokenSource(Patience);
            using var response = client.Send(new HttpRequestMessage(HttpMethod.Get, Url(file)), HttpCompletionOption.ResponseHeadersRead,
                answered.Token);
            response.EnsureSuccessStatusCode();
            TextOutput.WriteLine($"Downloading {Url(file)} to {_cache}");
            AtomicFile.Replace(target, partial =>
            {
                Receive(response.Content, partial).GetAwaiter().GetResult();
                if (!IsOfficial(partial, file)) throw new IOException("what came is not the file that Keras publishes: its MD5 differs");
            });
            return true;
        }
        catch (Exception error) when (
            error is HttpRequestException or IOException or OperationCanceledException or UnauthorizedAccessException
                or UriFormatException or InvalidOperationException)
        {
            _unreachable = error is OperationCanceledException ? $"no answer within {Patience.TotalSeconds} s" : error.Message;
            return false;
        }
    }

    private async Task Receive(HttpContent content, string path)
    {
        await using var input = await content.ReadAsStreamAsync().ConfigureAwait(false);
        await using var output = File.Create(path);
        var buffer = new byte[1 << 20];
        while (true)
        {
            using var next = new CancellationTokenSource(Patience);
            var count = await input.ReadAsync(buffer, next.Token).ConfigureAwait(false);
            if (count == 0) return;
            await output.WriteAsync(buffer.AsMemory(0, count)).ConfigureAwait(false);
        }
    }

    private static bool IsOfficial(string path, PretrainedFile file) => file.Md5 is null || Md5(path) == file.Md5;

    private static string Md5(string path)
    {
        using var stream = File.OpenRead(path);
#pragma warning disable CA5351 // Keras publishes its files' MD5; it guards against damage, not against forgery.
        return Convert.ToHexStringLower(MD5.HashData(stream));
#pragma warning restore CA5351
    }
}
