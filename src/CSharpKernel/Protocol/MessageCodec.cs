using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CSharpKernel.Protocol;

/// <summary>
/// Messages as frames: identities, a delimiter, a signature (HMAC-SHA256 over the next four), header, parent's header, metadata
/// and content as JSON. What is not signed with the connection's key, or came before, is refused.
/// </summary>
internal sealed class MessageCodec(string key)
{
    private const int RememberedSignatures = 65536;
    private const int LargestPart = 256 << 20;
    private static readonly byte[] Delimiter = "<IDS|MSG>"u8.ToArray();
    private readonly byte[] _key = Encoding.UTF8.GetBytes(key);
    private readonly HashSet<string> _seen = [];
    private readonly Queue<string> _order = [];
    private readonly string _session = Guid.NewGuid().ToString("N");

    /// <summary>The message that frames hold.</summary>
    /// <exception cref="InvalidDataException">They hold none, or it must not be trusted; the message says why.</exception>
    public Message Decode(IReadOnlyList<byte[]> frames)
    {
        var delimiter = frames.ToList().FindIndex(frame => frame.AsSpan().SequenceEqual(Delimiter));
        if (delimiter < 0 || frames.Count < delimiter + 6) throw new InvalidDataException(
            $"{frames.Count} frames without the parts of a message");
        byte[][] parts = [.. frames.Skip(delimiter + 2).Take(4)];
        if (parts.Any(part => part.Length > LargestPart)) throw new InvalidDataException($"a part of more than {LargestPart >> 20} MiB");
        if (_key.Length > 0)
        {
            var signature = Encoding.ASCII.GetString(frames[delimiter + 1]);
            if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Sign(parts)),
                frames[delimiter + 1])) throw new InvalidDataException("a wrong signature");
            if (!_seen.Add(signature)) throw new InvalidDataException("a signature seen before");
            _order.Enqueue(signature);
            if (_order.Count > RememberedSignatures) _seen.Remove(_order.Dequeue());
        }
        try
        {
            JsonObject Part(int i) => JsonNode.Parse(parts[i])?.AsObject() ?? [];
            return new Message([.. frames.Take(delimiter)], Part(0), Part(1), Part(3)) { Metadata = Part(2) };
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new InvalidDataException($"a part that is no JSON object: {error.Message}", error);
        }
    }

    /// <summary>A new message.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="parent">What causes it, or null.</param>
    /// <param name="content">What it says.</param>
    public Message Create(string type, Message? parent, JsonObject content) => new(
        parent?.Identities ?? [],
        new()
        {
            ["msg_id"] = Guid.NewGuid().ToString("N"),
            ["msg_type"] = type,
            ["session"] = _session,
            ["username"] = "kernel",
            ["date"] = DateTime.UtcNow.ToString("O"),
            ["version"] = "5.4",
        },
        parent?.Header.DeepClone().AsObject() ?? [], content);

    public List<byte[]> Encode(Message message)
    {
        byte[][] parts = [.. new[] { message.Header, message.Parent, message.Metadata, message.Content }.Select(part =>
            Encoding.UTF8.GetBytes(part.ToJsonString()))];
        return [.. message.Identities, Delimiter, Encoding.ASCII.GetBytes(Sign(parts)), .. parts];
    }

    private string Sign(byte[][] parts)
    {
        if (_key.Length == 0) return "";
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        foreach (var part in parts) hash.AppendData(part);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
