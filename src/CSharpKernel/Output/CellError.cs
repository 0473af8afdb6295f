namespace CSharpKernel.Output;

/// <summary>Why a cell failed.</summary>
/// <param name="Name">The exception's type, or "CompilationError".</param>
/// <param name="Message">What went wrong.</param>
/// <param name="Line">The cell's line, from 1, or 0 where it is not known.</param>
/// <param name="Trace">The message with the lines that led to it.</param>
public sealed record CellError(string Name, string Message, int Line, IReadOnlyList<string> Trace);
