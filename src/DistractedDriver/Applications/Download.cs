using System.Diagnostics;
using DistractedDriver.Core;
using DistractedDriver.Files;
using DistractedDriver.Saving;

namespace DistractedDriver.Applications;

/// <summary>
/// Fetches a weights file: it is written beside its place, checked, and moved there; what fails leaves nothing behind. It is given up
/// when the server does not answer in time, sends too slowly or no end, or sends something else.
/// </summary>
/// <param name="patience">How long a server may take to answer, and to send 32 KiB while it sends.</param>
internal sealed class Download(TimeSpan patience)
{
    private const int LeastPerPatience = 32 << 10;

    // Twice what the largest of Keras's files has.
    private const long Most = 1L << 30;

    /// <summary>Fetches a file.</summary>
    /// <param name="target">Where it goes.</param>
    /// <param name="url">Where it comes from.</param>
    /// <param name="check">Throws an <see cref="InvalidDataException"/> if what came is something else.</param>
    /// <returns>Null, or why it could not be fetched.</returns>
    public string? To(string target, string url, Action<string> check)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            return $"the address {url} is none of http or https";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            DeleteLeftOvers(target);
            using var handler = new SocketsHttpHandler { ConnectTimeout = patience };
            using var client = new HttpClient(handler);
            using var answered = new CancellationTokenSource(patience);
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            using var response = client.Send(request, HttpCompletionOption.ResponseHeadersRead, answered.Token);
            response.EnsureSuccessStatusCode();
            TextOutput.WriteLine($"Downloading {url} to {Path.GetDirectoryName(target)}");
            AtomicFile.Replace(target, partial =>
            {
                Receive(response.Content, partial).GetAwaiter().GetResult();
                check(partial);
            });
            return null;
        }
        catch (OperationCanceledException)
        {
            return $"no answer within {patience.TotalSeconds} s";
        }
        catch (InvalidDataException error)
        {
            return $"what came is not the file that Keras publishes: {error.Message.TrimEnd('.')}";
        }
        catch (Exception error) when (
            error is HttpRequestException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return error.Message.TrimEnd('.');
        }
    }

    private async Task Receive(HttpContent content, string path)
    {
        await using var input = await content.ReadAsStreamAsync().ConfigureAwait(false);
        await using var output = File.Create(path);
        var buffer = new byte[1 << 20];
        var (total, sinceStart, window) = (0L, 0L, Stopwatch.StartNew());
        while (true)
        {
            using var next = new CancellationTokenSource(patience);
            var count = await input.ReadAsync(buffer, next.Token).ConfigureAwait(false);
            if (count == 0) return;
            if (total < Hdf5.Signature.Length && !Begins(buffer.AsSpan(0, count), (int)total))
                throw new InvalidDataException("it is no HDF5 file; a network's sign-in page answers like that");
            total += count;
            sinceStart += count;
            if (total > Most) throw new InvalidDataException("it has no end");
            await output.WriteAsync(buffer.AsMemory(0, count)).ConfigureAwait(false);
            if (window.Elapsed < patience) continue;
            if (sinceStart < LeastPerPatience) throw new IOException(
                $"fewer than {LeastPerPatience >> 10} KiB came within {patience.TotalSeconds} s");
            (sinceStart, window) = (0, Stopwatch.StartNew());
        }
    }

    private static bool Begins(ReadOnlySpan<byte> part, int at) =>
        part.StartsWith(Hdf5.Signature.Slice(at, Math.Min(part.Length, Hdf5.Signature.Length - at)));

    // What a process that was killed left.
    private static void DeleteLeftOvers(string target)
    {
        foreach (var path in Directory.EnumerateFiles(Path.GetDirectoryName(target)!, $"{Path.GetFileName(target)}.*.tmp"))
            if (File.GetLastWriteTimeUtc(path) < DateTime.UtcNow.AddHours(-1)) File.Delete(path);
    }
}
