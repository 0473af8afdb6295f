using System.Net;
using System.Security.Cryptography;
using DistractedDriver.Applications;

namespace LibraryTests;

public sealed class PretrainedWeightsTests : IDisposable
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 7))];
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
        var path = Weights().Resolve("Test", File());
        Assert.Equal(Content, System.IO.File.ReadAllBytes(path));
        Assert.Equal(path, Weights().Resolve("Test", File()));
        Assert.Equal(1, requests);
    }

    [Fact]
    public void Resolve_OfAFileCutOff_LeavesNothingBehindAndSaysWhy()
    {
        Serve(response => response.OutputStream.Write(Content, 0, 100_000));
        var error = Assert.Throws<FileNotFoundException>(() => Weights().Resolve("Test", File()));
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
        var error = Assert.Throws<FileNotFoundException>(() => Weights().Resolve("Test", File()));
        Assert.Contains("no answer", error.Message);
        Assert.Empty(Directory.GetFiles(_cache.Path));
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
