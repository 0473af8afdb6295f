using System.Text.Json.Nodes;
using CSharpKernel.Output;

namespace KernelTests;

/// <summary>Keeps what cells give.</summary>
internal sealed class Recorder : ICellOutput
{
    public List<(string, string)> Streams { get; } = [];

    public List<JsonObject> Shown { get; } = [];

    public string? LastPlain => (string?)Shown[^1]["text/plain"];

    public event Action? Printed;

    public void Stream(string name, string text)
    {
        Streams.Add((name, text));
        Printed?.Invoke();
    }

    public void Result(JsonObject data) => Shown.Add(data);

    public void Display(JsonObject data, string id) => Shown.Add(data);

    public void Update(JsonObject data, string id) => Shown.Add(data);

    public void Clear(bool wait) => Shown.Clear();
}
