using System.Text;

namespace CSharpKernel.Output;

/// <summary>The console of the process turned to a cell's output while the cell runs, whichever thread writes.</summary>
internal sealed class ConsoleCapture : IDisposable
{
    private static readonly Lock Gate = new();
    private readonly TextWriter _out = Console.Out;
    private readonly TextWriter _error = Console.Error;
    private readonly TextReader _in = Console.In;

    private ConsoleCapture(ICellOutput output)
    {
        Console.SetOut(new Writer(output, "stdout"));
        Console.SetError(new Writer(output, "stderr"));
        Console.SetIn(new Reader(output));
        NativeOutput.Begin(output);
    }

    /// <summary>The process has one console: a second cell waits until the first has ended.</summary>
    public static ConsoleCapture Begin(ICellOutput output)
    {
        Gate.Enter();
        return new ConsoleCapture(output);
    }

    public void Dispose()
    {
        NativeOutput.End();
        Console.SetOut(_out);
        Console.SetError(_error);
        Console.SetIn(_in);
        Gate.Exit();
    }

    private sealed class Writer(ICellOutput output, string name) : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => Write(value.ToString());

        public override void Write(string? value)
        {
            if (string.IsNullOrEmpty(value)) return;
            lock (output) output.Stream(name, value);
        }

        public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

        public override void WriteLine(string? value) => Write(value + "\n");

        public override void WriteLine() => Write("\n");
    }

    private sealed class Reader(ICellOutput output) : TextReader
    {
        private string _line = "";
        private int _next;

        public override int Peek() => Fill() ? _line[_next] : -1;

        public override int Read() => Fill() ? _line[_next++] : -1;

        public override string ReadLine()
        {
            if (_next == _line.Length) return output.ReadLine("", password: false);
            var rest = _line[_next..].TrimEnd('\n');
            _next = _line.Length;
            return rest;
        }

        private bool Fill()
        {
            if (_next == _line.Length) (_line, _next) = (output.ReadLine("", password: false) + "\n", 0);
            return true;
        }
    }
}
