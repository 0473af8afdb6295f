using System.Net;
using System.Security.Cryptography;
using DistractedDriver.Applications;

namespace LibraryTests;

public sealed class PretrainedWeightsTests : IDisposable
{
    private static readonly byte[] Content = [0x89, .. "HDF\r\n"u8, 0x1A, (byte)'\n',
        .. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 7))];
    private readonly TemporaryFolder _cache = new();
    private readonly HttpListener _server = new();
    private readonly ManualResetEventSlim _over = new();
    private string _mirror = "";

    [Fact]
    public void Resolve_OfAFileOnTheNetwork_PutsItIntoTheCacheAndTakesItFromThereNextTime()
    {
        var requests = 0;
        Serve(response =>
        {
            requests++;
            response.OutputStream.Write(Content);
        });
        var path = Weights().Resolve("Test", File(), _ => { });
        Assert.Equal(Content, System.IO.File.ReadAllBytes(path));
        Assert.Equal(path, Weights().Resolve("Test", File(), _ => { }));
        Assert.Equal(1, requests);
    }

    [Fact]
    public void Resolve_OfAFileCutOff_LeavesNothingBehindAndSaysWhy()
    {
        Serve(response => response.OutputStream.Write(Content, 0, 100_000));
        var error = Assert.Throws<FileNotFoundException>(() => Weights().Resolve("Test", File(), _ => { }));
        Assert.Contains("MD5", error.Message);
        Assert.Empty(Directory.GetFiles(_cache.Path));
    }

    [Fact]
    public void Resolve_FromAServerThatFallsSilent_GivesUp()
    {
        Serve(response =>
        {
            response.ContentLength64 = Content.Length;
            response.OutputStream.Write(Content, 0, 100_000);
            response.OutputStream.Flush();
            _over.Wait();
        });
        var error = Assert.Throws<FileNotFoundException>(() => Weights().Resolve("Test", File(), _ => { }));
        Assert.Contains("no answer", error.Message);
        Assert.Empty(Directory.GetFiles(_cache.Path));
    }

    [Theory]
    [InlineData("<html>Please sign in</html>", "sign-in")]
    [InlineData("", "MD5")]
    public void Resolve_OfSomethingElse_KeepsNothingAndSaysWhatCame(string answer, string named)
    {
        Serve(response => response.OutputStream.Write(System.Text.Encoding.UTF8.GetBytes(answer)));
        Assert.Contains(named, Assert.Throws<FileNotFoundException>(() => Weights().Resolve("Test", File(), _ => { })).Message);
        Assert.Empty(Directory.GetFiles(_cache.Path));
    }

    [Fact]
    public void Resolve_OfAFileWithoutMd5_KeepsItOnlyIfItIsOfTheNetwork()
    {
        Serve(response => response.OutputStream.Write(Content));
        var file = File() with { Md5 = null };
        var error = Assert.Throws<FileNotFoundException>(
            () => Weights().Resolve("Test", file, _ => throw new InvalidDataException("another network's")));
        Assert.Contains("another network's", error.Message);
        Assert.Empty(Directory.GetFiles(_cache.Path));
        Assert.Equal(Path.Combine(_cache.Path, "test.h5"), Weights().Resolve("Test", file, _ => { }));
    }

    [Fact]
    public void Resolve_FromAServerThatDripsBytes_GivesUp()
    {
        Serve(response =>
        {
            response.SendChunked = true;
            foreach (var part in Content.Chunk(8).Take(1000))
            {
                response.OutputStream.Write(part);
                response.OutputStream.Flush();
                if (_over.Wait(100)) return;
            }
        });
        Assert.Contains("KiB", Assert.Throws<FileNotFoundException>(() => Weights().Resolve("Test", File(), _ => { })).Message);
        Assert.Empty(Directory.GetFiles(_cache.Path));
    }

    [Theory]
    [InlineData("file:///etc")]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("nonsense")]
    public void Resolve_FromAMirrorOfAnotherKind_SaysSo(string mirror)
    {
        _mirror = mirror;
        Assert.Contains("http or https", Assert.Throws<FileNotFoundException>(() => Weights().Resolve("Test", File(), _ => { })).Message);
    }

    [Fact]
    public void Resolve_AfterAFailure_TriesAgainOnceAPauseIsOver()
    {
        var answers = new Queue<byte[]>([Content[..100], Content]);
        Serve(response => response.OutputStream.Write(answers.Dequeue()));
        var weights = new PretrainedWeights(_cache.Path, _mirror) { Patience = TimeSpan.FromSeconds(1), Pause = TimeSpan.Zero };
        Assert.Throws<FileNotFoundException>(() => weights.Resolve("Test", File(), _ => { }));
        Assert.Equal(Content, System.IO.File.ReadAllBytes(weights.Resolve("Test", File(), _ => { })));
    }

    [Fact]
    public void Resolve_OfABrokenFileInTheCache_SaysThatItIsBrokenUntilTheNetworkHasAnother()
    {
        var cached = _cache.File("test.h5");
        System.IO.File.WriteAllBytes(cached, Content[..1000]);
        _mirror = "http://127.0.0.1:1/";
        var error = Assert.Throws<FileNotFoundException>(() => Weights().Resolve("Test", File(), _ => { }));
        Assert.Contains("is broken", error.Message);
        Assert.Contains(cached, error.Message);
        Serve(response => response.OutputStream.Write(Content));
        Assert.Equal(Content, System.IO.File.ReadAllBytes(Weights().Resolve("Test", File(), _ => { })));
    }

    public void Dispose()
    {
        _over.Set();
        _server.Close();
        _cache.Dispose();
        _over.Dispose();
    }

    private static PretrainedFile File() => new(
        "test.h5", "https://storage.googleapis.com/tensorflow/keras-applications/test/test.h5",
#pragma warning disable CA5351 // As Keras publishes it.
        Convert.ToHexStringLower(MD5.HashData(Content)), null);
#pragma warning restore CA5351

    private PretrainedWeights Weights() => new(_cache.Path, _mirror) { Patience = TimeSpan.FromSeconds(1) };

    // Answers on a free port of this machine.
    private void Serve(Action<HttpListenerResponse> answer)
    {
        using (var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            _mirror = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/";
        }
        _server.Prefixes.Add(_mirror);
        _server.Start();
        _ = Task.Run(async () =>
        {
            while (true)
            {
                var context = await _server.GetContextAsync();
                try
                {
                    answer(context.Response);
                    context.Response.Close();
                }
                catch (HttpListenerException)
                {
                    // The client went away first, as it may.
                }
            }
        });
    }
}
