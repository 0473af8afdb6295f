using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CSharpKernel.Dispatch;

/// <summary>The cells that ran in this session, for front ends that let one go back to them.</summary>
internal sealed class ExecutionHistory
{
    private readonly List<(int Number, string Code, string? Output)> _cells = [];

    public void Add(int number, string code, string? output) => _cells.Add((number, code, output));

    /// <summary>Answers a history_request.</summary>
    public JsonObject Reply(JsonObject request)
    {
        var withOutput = (bool?)request["output"] ?? false;
        var count = (int?)request["n"] ?? int.MaxValue;
        var found = (string?)request["hist_access_type"] switch
        {
            "range" => _cells.Where(cell =>
                cell.Number >= ((int?)request["start"] ?? 0) && cell.Number < ((int?)request["stop"] ?? int.MaxValue)),
            "search" => Search((string?)request["pattern"] ?? "*", (bool?)request["unique"] ?? false).TakeLast(count),
            _ => _cells.TakeLast(count),
        };
        return new()
        {
            ["status"] = "ok",
            ["history"] = new JsonArray(
                [.. found.Select(cell => new JsonArray(0, cell.Number, withOutput ? new JsonArray(cell.Code, cell.Output) : cell.Code))]),
        };
    }

    // The pattern is a glob: * for any text, ? for any character.
    private IEnumerable<(int Number, string Code, string? Output)> Search(string pattern, bool unique)
    {
        var glob = new Regex($"^{Regex.Escape(pattern).Replace("\\*", ".*").Replace("\\?", ".")}$", RegexOptions.Singleline);
        var found = _cells.Where(cell => glob.IsMatch(cell.Code));
        return unique ? found.Reverse().DistinctBy(cell => cell.Code).Reverse() : found;
    }
}
