using System.Text.Json.Nodes;

namespace DistractedDriver.Core;

/// <summary>Arguments of Keras's that change nothing where they stand in a file: whatever their value, or with one value.</summary>
/// <param name="always">Those that never do: what says how something else would be done that is not done.</param>
/// <param name="neutral">Those that do not with one of the values given, which mean what this library does anyway.</param>
internal sealed class WithoutEffect(IReadOnlyCollection<string> always, Dictionary<string, JsonNode[]> neutral)
{
    /// <summary>Whether an argument changes nothing.</summary>
    public bool Covers(string key, JsonNode value) =>
        always.Contains(key) || (neutral.TryGetValue(key, out var values) && values.Any(known => JsonNode.DeepEquals(known, value)));
}
