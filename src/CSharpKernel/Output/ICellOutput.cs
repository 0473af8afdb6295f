using System.Text.Json.Nodes;

namespace CSharpKernel.Output;

// Output: where the output of a cell goes, and the streams of the process turned to it while the cell runs. It knows nothing of C#.

/// <summary>Where a cell's output goes while it runs, in the order in which it is made; and where its input comes from.</summary>
public interface ICellOutput
{
    /// <summary>Text for one of the two standard streams.</summary>
    /// <param name="name">"stdout" or "stderr".</param>
    /// <param name="text">The text; a carriage return starts the line anew.</param>
    void Stream(string name, string text);

    /// <summary>The value of the cell's last expression.</summary>
    /// <param name="data">Its representations by mime type.</param>
    void Result(JsonObject data);

    /// <summary>A value to be shown.</summary>
    /// <param name="data">Its representations by mime type.</param>
    /// <param name="id">By which it can be shown anew.</param>
    void Display(JsonObject data, string id);

    /// <summary>Shows something else where a value was shown.</summary>
    /// <param name="data">Its representations by mime type.</param>
    /// <param name="id">What it was shown under.</param>
    void Update(JsonObject data, string id);

    /// <summary>Takes away what the cell has given until now.</summary>
    /// <param name="wait">Only when something new comes, so that nothing flickers.</param>
    void Clear(bool wait);

    /// <summary>Asks the user for a line of text.</summary>
    /// <param name="prompt">What is asked.</param>
    /// <param name="password">Whether what is typed stays hidden.</param>
    /// <exception cref="InvalidOperationException">There is nobody to ask.</exception>
    string ReadLine(string prompt, bool password) =>
        throw new InvalidOperationException("There is nobody to ask for input where this cell runs.");
}
