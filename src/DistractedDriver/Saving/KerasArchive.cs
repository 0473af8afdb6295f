using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DistractedDriver.Files;
using PureHDF;

namespace DistractedDriver.Saving;

/// <summary>
/// The <c>.keras</c> files of Keras 2.15 and Keras 3: a ZIP archive with config.json (the network and how it was compiled),
/// model.weights.h5 and metadata.json.
/// </summary>
internal static class KerasArchive
{
    private const string Config = "config.json";
    private const string Weights = "model.weights.h5";
    private const long LargestConfig = 64L << 20;

    /// <summary>Writes an archive; what was there is replaced once the new one is whole.</summary>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static void Write(string path, JsonObject config, H5File weights) => AtomicFile.Write(path, "The model", temporary =>
    {
        using var archive = ZipFile.Open(temporary, ZipArchiveMode.Create);
        var about = new JsonObject { ["keras_version"] = "3.15.1", ["date_saved"] = DateTime.UtcNow.ToString("yyyy-MM-dd@HH:mm:ss") };
        WriteText(archive, "metadata.json", about.ToJsonString());
        WriteText(archive, Config, config.ToJsonString());
        using var content = new MemoryStream();
        weights.Write(content);
        content.Position = 0;
        using var entry = archive.CreateEntry(Weights, CompressionLevel.NoCompression).Open();
        content.CopyTo(entry);
    });

    /// <summary>The network's configuration, how it was compiled (null where it was not), and the HDF5 file with its weights.</summary>
    /// <exception cref="InvalidDataException">The file is damaged or no such archive.</exception>
    public static (string Config, string? Training, Stream Weights) Read(string path)
    {
        try
        {
            using var archive = ZipFile.OpenRead(path);
            var config = Encoding.UTF8.GetString(Content(Config, LargestConfig));
            var weights = new MemoryStream(Content(Weights, Array.MaxLength), writable: false);
            // A model that was not compiled has an object without anything in it.
            var training = JsonNode.Parse(config)?["compile_config"] is JsonObject { Count: > 0 } compiled ? compiled.ToJsonString() : null;
            return (config, training, weights);

            byte[] Content(string name, long largest)
            {
                var entry = archive.GetEntry(name) ?? throw new InvalidDataException($"{path} is no Keras 3 model: it has no {name}.");
                // Weights cannot be packed much; what unpacks to a hundred times its size is no network.
                if (entry.Length > largest || entry.Length > 100 * entry.CompressedLength + 4096)
                    throw new InvalidDataException($"{name} would unpack from {entry.CompressedLength} to {entry.Length} bytes");
                var content = new byte[entry.Length];
                using var packed = entry.Open();
                packed.ReadExactly(content);
                return packed.ReadByte() < 0 && Crc32.Of(content) == entry.Crc32
                    ? content
                    : throw new InvalidDataException($"the checksum of {name} is another than what stands in it");
            }
        }
        catch (Exception error) when (error is InvalidDataException or JsonException or EndOfStreamException
            && !error.Message.Contains(path, StringComparison.Ordinal))
        {
            throw new InvalidDataException(
                $"{path} can't be read as a Keras 3 model; it is cut off, damaged or another kind of file ({error.Message.TrimEnd('.')}).",
                    error);
        }
    }

    private static void WriteText(ZipArchive archive, string name, string text)
    {
        using var writer = new StreamWriter(archive.CreateEntry(name, CompressionLevel.NoCompression).Open());
        writer.Write(text);
    }
}
