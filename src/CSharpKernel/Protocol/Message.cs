using System.Text.Json.Nodes;

namespace CSharpKernel.Protocol;

/// <summary>One message of the protocol.</summary>
/// <param name="Identities">Who it is from or to, as the sockets route it.</param>
/// <param name="Header">msg_id, msg_type, session, username, date, version.</param>
/// <param name="Parent">The header of the message that caused it; empty for none.</param>
/// <param name="Content">What its type says.</param>
internal sealed record Message(IReadOnlyList<byte[]> Identities, JsonObject Header, JsonObject Parent, JsonObject Content)
{
    public string Type => (string?)Header["msg_type"] ?? "";

    public string Id => (string?)Header["msg_id"] ?? "";

    /// <summary>Information about the content; empty but for replies.</summary>
    public JsonObject Metadata { get; init; } = [];
}
