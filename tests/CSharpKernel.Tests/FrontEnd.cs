using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using CSharpKernel.Dispatch;
using CSharpKernel.Protocol;
using NetMQ;
using NetMQ.Sockets;

namespace KernelTests;

/// <summary>A front end with a kernel of its own, which serves it on another thread of this process or in another process.</summary>
internal sealed class FrontEnd : IDisposable
{
    private const string Key = "the key";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly string _file = Path.GetTempFileName();
    private readonly DealerSocket _shell = new();
    private readonly DealerSocket _control = new();
    private readonly DealerSocket _stdin = new();
    private readonly DealerSocket _heartbeat = new();
    private readonly SubscriberSocket _iopub = new();
    private readonly MessageCodec _codec = new(Key);
    private readonly int _port;

    /// <param name="serve">Runs a kernel to its end, given its connection file; by default one of this process.</param>
    /// <param name="listens">Whether to wait until the kernel is there and what it publishes arrives.</param>
    public FrontEnd(Action<string>? serve = null, bool listens = true)
    {
        var ports = FreePorts(5);
        _port = ports[0];
        File.WriteAllText(_file, $$"""
            {"transport": "tcp", "ip": "127.0.0.1", "shell_port": {{ports[0]}}, "iopub_port": {{ports[1]}}, "stdin_port": {{ports[2]}},
             "control_port": {{ports[3]}},
             "hb_port": {{ports[4]}}, "key": "{{Key}}", "signature_scheme": "hmac-sha256", "kernel_name": "csharp"}
            """);
        Served = new Thread(() => (serve ?? ServeHere)(_file)) { IsBackground = true };
        _iopub.SubscribeToAnyTopic();
        // The user's input is routed to the same identity as the request it is for.
        _shell.Options.Identity = _stdin.Options.Identity = Encoding.ASCII.GetBytes(Guid.NewGuid().ToString());
        foreach (var (socket, port) in new (NetMQSocket, int)[] { (_shell, ports[0]), (_iopub, ports[1]), (_stdin, ports[2]),
            (_control, ports[3]), (_heartbeat, ports[4]) })
            socket.Connect($"tcp://127.0.0.1:{port}");
        Served.Start();
        // What is published before the subscription has arrived is lost.
        for (var answered = !listens; !answered;)
        {
            Send("kernel_info_request", []);
            _ = Receive(_shell);
            answered = _iopub.Poll(PollEvents.PollIn, TimeSpan.FromMilliseconds(200)) != PollEvents.None;
        }
        while (listens && _iopub.Poll(PollEvents.PollIn,
            TimeSpan.FromMilliseconds(200)) != PollEvents.None) _iopub.ReceiveMultipartMessage();
    }

    public Thread Served { get; }

    /// <summary>Sends a request and gives its reply and everything published until the kernel is idle again.</summary>
    public (JsonObject Reply, IReadOnlyList<Message> Published) Ask(string type, JsonObject content)
    {
        var id = Send(type, content);
        return (Reply(), Published(id));
    }

    public (JsonObject Reply, IReadOnlyList<Message> Published) Execute(string code) =>
        Ask("execute_request", new() { ["code"] = code, ["allow_stdin"] = true });

    public string Send(string type, JsonObject content) => Send(_shell, type, content);

    public JsonObject Reply() => Receive(_shell).Content;

    public void Control(string type, JsonObject content) => Send(_control, type, content);

    public JsonObject ControlReply() => Receive(_control).Content;

    /// <summary>Sends frames as they are.</summary>
    public void SendRaw(params byte[][] frames) => _shell.SendMultipartMessage(new NetMQMessage(frames));

    public List<byte[]> Frames(string type, JsonObject content) => _codec.Encode(_codec.Create(type, null, content));

    /// <summary>Another connection to the same kernel.</summary>
    public DealerSocket Another()
    {
        var socket = new DealerSocket();
        socket.Options.Linger = Patience;
        socket.Connect($"tcp://127.0.0.1:{_port}");
        return socket;
    }

    /// <summary>Waits for the kernel's question and answers it.</summary>
    public JsonObject Type(string text)
    {
        var question = Receive(_stdin).Content;
        Send(_stdin, "input_reply", new() { ["value"] = text });
        return question;
    }

    public string Beat(string text)
    {
        _heartbeat.SendFrame(text);
        return Frames(_heartbeat)[0] is var echo ? Encoding.UTF8.GetString(echo) : "";
    }

    public IReadOnlyList<Message> Published(string requestId)
    {
        var messages = new List<Message>();
        while (true)
        {
            var message = Receive(_iopub);
            if ((string?)message.Parent["msg_id"] != requestId) continue;
            messages.Add(message);
            if (message.Type == "status" && (string?)message.Content["execution_state"] == "idle") return messages;
        }
    }

    /// <summary>Waits until a cell has printed a text.</summary>
    public void WaitForText(string text)
    {
        while (Receive(_iopub) is var message
            && (message.Type != "stream" || !((string)message.Content["text"]!).Contains(text, StringComparison.Ordinal)))
        {
            // Something else was published.
        }
    }

    /// <summary>What was printed on a stream.</summary>
    public static string Printed(IReadOnlyList<Message> published, string stream = "stdout") =>
        string.Concat(published.Where(message => message.Type == "stream" && (string?)message.Content["name"] == stream)
            .Select(message => (string?)message.Content["text"]));

    public void Dispose()
    {
        Control("shutdown_request", new() { ["restart"] = false });
        Served.Join(Patience);
        foreach (var socket in new NetMQSocket[] { _shell, _control, _stdin, _heartbeat, _iopub }) socket.Dispose();
        File.Delete(_file);
    }

    private static void ServeHere(string connectionFile)
    {
        using var kernel = new Kernel(connectionFile, Path.GetTempPath());
        kernel.Run();
    }

    private string Send(NetMQSocket socket, string type, JsonObject content)
    {
        var message = _codec.Create(type, null, content);
        socket.SendMultipartMessage(new NetMQMessage(_codec.Encode(message)));
        return message.Id;
    }

    private Message Receive(NetMQSocket socket) => _codec.Decode(Frames(socket));

    private static List<byte[]> Frames(NetMQSocket socket)
    {
        var message = new NetMQMessage();
        if (!socket.TryReceiveMultipartMessage(Patience, ref message)) throw new TimeoutException("The kernel does not answer.");
        return [.. message.Select(frame => frame.ToByteArray())];
    }

    private static int[] FreePorts(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        foreach (var listener in listeners) listener.Start();
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        foreach (var listener in listeners) listener.Stop();
        return ports;
    }
}
