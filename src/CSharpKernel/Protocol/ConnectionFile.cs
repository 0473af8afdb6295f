using System.Text.Json;
using System.Text.Json.Serialization;

namespace CSharpKernel.Protocol;

// Protocol: Jupyter's messages on the wire - connection file, signatures, sockets
// (https://jupyter-client.readthedocs.io/en/stable/messaging.html, version 5.4). It knows nothing of what they ask for.

/// <summary>Where a front end wants to meet its kernel: the file whose path it gives when it starts one.</summary>
internal sealed record ConnectionFile
{
    [JsonPropertyName("transport")]
    public string Transport { get; init; } = "tcp";

    [JsonPropertyName("ip")]
    public string Ip { get; init; } = "127.0.0.1";

    [JsonPropertyName("shell_port")]
    public required int ShellPort { get; init; }

    [JsonPropertyName("iopub_port")]
    public required int IopubPort { get; init; }

    [JsonPropertyName("stdin_port")]
    public required int StdinPort { get; init; }

    [JsonPropertyName("control_port")]
    public required int ControlPort { get; init; }

    [JsonPropertyName("hb_port")]
    public required int HeartbeatPort { get; init; }

    /// <summary>What messages are signed with; empty where they are not.</summary>
    [JsonPropertyName("key")]
    public string Key { get; init; } = "";

    [JsonPropertyName("signature_scheme")]
    public string SignatureScheme { get; init; } = "hmac-sha256";

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no connection file, or asks for what is not here.</exception>
    public static ConnectionFile Read(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException(
            $"There is no connection file {path}; a front end such as Jupyter writes it and names it when it starts the kernel.", path);
        try
        {
            var file = JsonSerializer.Deserialize<ConnectionFile>(File.ReadAllText(path))!;
            if (file.Transport is not ("tcp" or "ipc")) throw new InvalidDataException(
                $"{path}: the transport is \"tcp\" or \"ipc\". Received: \"{file.Transport}\".");
            if (file.Key.Length > 0
                && file.SignatureScheme != "hmac-sha256") throw new InvalidDataException(
                    $"{path}: the signature scheme is \"hmac-sha256\". Received: \"{file.SignatureScheme}\".");
            return file;
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path} is no connection file: {error.Message}", error);
        }
    }

    /// <summary>The address of a socket.</summary>
    public string Address(int port) => Transport == "tcp" ? $"tcp://{Ip}:{port}" : $"ipc://{Ip}-{port}";
}
