using NetMQ;
using NetMQ.Sockets;

namespace CSharpKernel.Protocol;

/// <summary>The five sockets of a kernel, all of them used by one thread; what other threads send waits in a queue for it.</summary>
internal sealed class KernelSockets : IDisposable
{
    /// <summary>How many bytes a part of a message may have; whoever sends more is disconnected.</summary>
    public const int LargestMessage = 64 << 20;
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(1);
    private readonly RouterSocket _shell = new();
    private readonly RouterSocket _control = new();
    private readonly RouterSocket _stdin = new();
    private readonly PublisherSocket _iopub = new();
    private readonly RouterSocket _heartbeat = new();
    private readonly NetMQQueue<(NetMQSocket Socket, Message Message)> _outgoing = new();
    private readonly NetMQPoller _poller;
    private readonly MessageCodec _codec;
    // The console is a cell's while one runs; this is for whoever started the kernel.
    private readonly TextWriter _log = new StreamWriter(Console.OpenStandardError()) { AutoFlush = true };

    /// <exception cref="NetMQException">A port is taken.</exception>
    public KernelSockets(ConnectionFile connection, MessageCodec codec)
    {
        _codec = codec;
        _poller = new NetMQPoller { _shell, _control, _stdin, _heartbeat, _outgoing };
        foreach (var (socket, port) in new (NetMQSocket, int)[]
        {
            (_shell, connection.ShellPort), (_control, connection.ControlPort), (_stdin, connection.StdinPort),
                (_iopub, connection.IopubPort), (_heartbeat, connection.HeartbeatPort),
        })
        {
            socket.Options.Linger = Linger;
            // What a cell prints must not be dropped because the front end is slower than the cell.
            socket.Options.SendHighWatermark = 0;
            socket.Options.MaxMsgSize = LargestMessage;
            socket.Bind(connection.Address(port));
        }
        _shell.ReceiveReady += (_, _) => Receive(_shell, Shell);
        _control.ReceiveReady += (_, _) => Receive(_control, Control);
        _stdin.ReceiveReady += (_, _) => Receive(_stdin, Input);
        _heartbeat.ReceiveReady += (_, _) => _heartbeat.SendMultipartMessage(_heartbeat.ReceiveMultipartMessage());
        _outgoing.ReceiveReady += (_, _) => Send();
    }

    /// <summary>A request on the socket for requests.</summary>
    public event Action<Message>? Shell;

    /// <summary>A request that is not to wait for others.</summary>
    public event Action<Message>? Control;

    /// <summary>What the user typed.</summary>
    public event Action<Message>? Input;

    /// <summary>Serves the sockets until <see cref="Stop"/>.</summary>
    public void Run() => _poller.Run();

    /// <summary>Ends <see cref="Run"/> once everything is sent.</summary>
    public void Stop()
    {
        for (var i = 0; i < 100 && !_outgoing.IsEmpty; i++) Thread.Sleep(10);
        _poller.StopAsync();
    }

    public void ReplyOnShell(Message message) => _outgoing.Enqueue((_shell, message));

    public void ReplyOnControl(Message message) => _outgoing.Enqueue((_control, message));

    public void AskForInput(Message message) => _outgoing.Enqueue((_stdin, message));

    public void Publish(Message message) => _outgoing.Enqueue((_iopub, message));

    public void Dispose()
    {
        _poller.Dispose();
        _outgoing.Dispose();
        _log.Dispose();
        foreach (var socket in new NetMQSocket[] { _shell, _control, _stdin, _iopub, _heartbeat }) socket.Dispose();
    }

    private void Send()
    {
        while (_outgoing.TryDequeue(out var next, TimeSpan.Zero))
        {
            var frames = _codec.Encode(next.Message);
            if (next.Socket == _iopub) frames.Insert(0, System.Text.Encoding.UTF8.GetBytes(next.Message.Type));
            // A front end that has gone can't be routed to; that is no reason to end.
            next.Socket.TrySendMultipartMessage(TimeSpan.Zero, new NetMQMessage(frames));
        }
    }

    private void Receive(RouterSocket socket, Action<Message>? handler)
    {
        var frames = socket.ReceiveMultipartMessage().Select(frame => frame.ToByteArray()).ToList();
        try
        {
            handler?.Invoke(_codec.Decode(frames));
        }
        catch (InvalidDataException error)
        {
            _log.WriteLine($"A message was refused: {error.Message}.");
        }
    }
}
