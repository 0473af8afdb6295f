using System.Runtime.InteropServices;
using System.Text;

namespace CSharpKernel.Output;

/// <summary>
/// What native code and child processes write to the process's own standard output and error, past .NET's console: while a cell runs
/// it goes to that cell. On Windows it stays where it is, since the C library there keeps handles of its own.
/// </summary>
internal static partial class NativeOutput
{
    private const int UntilThereIsSomething = -1;
    private static readonly Pipe[] Pipes = OperatingSystem.IsWindows() ? [] : [new(1, "stdout"), new(2, "stderr")];

    /// <summary>Turns both streams to a cell.</summary>
    public static void Begin(ICellOutput output)
    {
        foreach (var pipe in Pipes) pipe.Begin(output);
    }

    /// <summary>Gives the cell what has been written until now, and turns the streams back.</summary>
    public static void End()
    {
        if (Pipes.Length > 0) _ = Flush(0);
        foreach (var pipe in Pipes) pipe.End();
    }

    private sealed class Pipe
    {
        private readonly Lock _gate = new();
        private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
        private readonly byte[] _bytes = new byte[64 << 10];
        private readonly char[] _characters = new char[(64 << 10) + 4];
        private readonly int _stream;
        private readonly string _name;
        private readonly int _original;
        private readonly int _reading;
        private readonly int _writing;
        private ICellOutput? _output;

        public Pipe(int stream, string name)
        {
            (_stream, _name, _original) = (stream, name, Duplicate(stream));
            Span<int> ends = stackalloc int[2];
            if (_original < 0 || CreatePipe(ends) != 0) return;
            (_reading, _writing) = (ends[0], ends[1]);
            FlushLines(name);
            new Thread(Watch) { IsBackground = true, Name = name }.Start();
        }

        public void Begin(ICellOutput output)
        {
            if (_writing == 0) return;
            lock (_gate) _output = output;
            _ = Duplicate(_writing, _stream);
        }

        public void End()
        {
            if (_writing == 0) return;
            _ = Duplicate(_original, _stream);
            lock (_gate)
            {
                while (Ready(0)) Read();
                _output = null;
            }
        }

        private void Watch()
        {
            while (true)
            {
                if (!Ready(UntilThereIsSomething)) continue;
                lock (_gate)
                    if (Ready(0)) Read();
            }
        }

        private bool Ready(int milliseconds)
        {
            var waiting = new Waiting { Descriptor = _reading, Events = 1 };
            return Poll(ref waiting, 1, milliseconds) > 0;
        }

        private void Read()
        {
            var read = (int)NativeOutput.Read(_reading, _bytes, (nuint)_bytes.Length);
            if (read <= 0) return;
            var text = new string(_characters, 0, _decoder.GetChars(_bytes, 0, read, _characters, 0));
            // A process that a cell has left behind writes on when there is no cell any more.
            if (_output is null) _ = Write(_original, _bytes, (nuint)read);
            else if (text.Length > 0) lock (_output) _output.Stream(_name, text);
        }
    }

    // The C library gathers whole blocks for a pipe; a cell is to show each line when it is written.
    private static unsafe void FlushLines(string stream)
    {
        const int lineBuffered = 1;
        if (NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), OperatingSystem.IsMacOS()
            ? $"__{stream}p"
            : stream, out var variable))
            _ = SetBuffer(*(nint*)variable, 0, lineBuffered, 0);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Waiting
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    [LibraryImport("libc", EntryPoint = "dup")]
    private static partial int Duplicate(int descriptor);

    [LibraryImport("libc", EntryPoint = "dup2")]
    private static partial int Duplicate(int descriptor, int target);

    [LibraryImport("libc", EntryPoint = "pipe")]
    private static partial int CreatePipe(Span<int> ends);

    [LibraryImport("libc", EntryPoint = "setvbuf")]
    private static partial int SetBuffer(nint stream, nint buffer, int mode, nuint size);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(ref Waiting waiting, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(int descriptor, Span<byte> bytes, nuint count);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(int descriptor, ReadOnlySpan<byte> bytes, nuint count);

    [LibraryImport("libc", EntryPoint = "fflush")]
    private static partial int Flush(nint stream);
}
