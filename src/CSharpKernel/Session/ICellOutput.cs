using System.Text.Json.Nodes;

namespace CSharpKernel;

/// <summary>Where a cell's output goes while it runs, in the order in which it is made.</summary>
public interface ICellOutput
{
    /// <summary>Text for one of the two standard streams.</summary>
    /// <param name="name">"stdout" or "stderr".</param>
    /// <param name="text">The text; a carriage return starts the line anew.</param>
    void Stream(string name, string text);

    /// <summary>A value to be shown.</summary>
    /// <param name="data">Its representations by mime type.</param>
    /// <param name="isResult">Whether it is the value of the cell's last expression.</param>
    void Show(JsonObject data, bool isResult);
}

/// <summary>Why a cell failed.</summary>
/// <param name="Name">The exception's type, or "CompilationError".</param>
/// <param name="Message">What went wrong.</param>
/// <param name="Line">The cell's line, from 1, or 0 where it is not known.</param>
/// <param name="Trace">The message with the lines that led to it.</param>
public sealed record CellError(string Name, string Message, int Line, IReadOnlyList<string> Trace);
