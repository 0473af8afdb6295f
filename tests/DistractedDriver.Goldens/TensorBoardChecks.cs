using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using DistractedDriver;
using DistractedDriver.Callbacks;
using DistractedDriver.Layers;
using DistractedDriver.Models;
using DistractedDriver.Optimizers;
using Google.Protobuf;
using TorchSharp;

namespace Goldens;

/// <summary>The event files of the TensorBoard callback, read as TensorBoard reads them.</summary>
internal static class TensorBoardChecks
{
    public static IEnumerable<Check> All()
    {
        foreach (var file in Golden.Json("tensorboard/events").EnumerateObject())
            yield return new($"tensorboard/events#{file.Name}", Check.Losses, () => Compare(file.Name, file.Value));
    }

    // Keras's network began with weights that nobody noted: the tags and steps are compared, and the values with what was logged.
    private static double Compare(string name, JsonElement golden)
    {
        var folder = Directory.CreateTempSubdirectory("tensorboard");
        try
        {
            var history = Train(folder.FullName, name.StartsWith("by_batch", StringComparison.Ordinal));
            var ours = Read(Directory.GetFiles(Path.Combine(folder.FullName, Path.GetFileName(name))).Single());
            var keras = golden.EnumerateArray().Select(value => (
                value.GetProperty("tag").GetString()!, value.GetProperty("step").GetInt64(), value.GetProperty("plugin").GetString()!));
            var prefix = name.EndsWith("validation", StringComparison.Ordinal) ? "val_" : "";
            return Check.Different(ours.Select(value => (value.Tag, value.Step, value.Plugin)), keras)
                + new[] { "loss", "accuracy" }.Sum(logged => Check.Farthest(
                    ours.Where(value => value.Tag == $"epoch_{logged}").Select(value => (double)value.Value), history[prefix + logged]));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // The same network goes on in a second training, which is logged by batch.
    private static History Train(string folder, bool byBatch)
    {
        using var scope = torch.NewDisposeScope();
        using var model = new Sequential([new InputLayer(4), new Dense(3, activation: "softmax")]);
        var (x, y) = (Golden.Draw(Golden.Seed + 740, [12, 4], -1, 1),
            torch.nn.functional.one_hot(torch.arange(12) % 3, 3).to_type(torch.ScalarType.Float32));
        model.Compile(new SGD(0.1), "categorical_crossentropy", ["accuracy"]);
        return model.Fit(x, y, batchSize: 4, epochs: byBatch ? 2 : 3, shuffle: false, verbose: 0,
            validationData: (x.narrow(0, 0, 6), y.narrow(0, 0, 6)),
            callbacks: [byBatch ? new TensorBoard(folder, "batch") : new TensorBoard(folder)]);
    }

    // TFRecords of Event messages; every checksum is tried.
    private static List<(string Tag, long Step, float Value, string Plugin)> Read(string path)
    {
        var file = File.ReadAllBytes(path).AsSpan();
        var values = new List<(string, long, float, string)>();
        while (file.Length > 0)
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
            var data = file.Slice(12, length);
            if (BinaryPrimitives.ReadUInt32LittleEndian(file[8..]) != EventFile.Checksum(file[..8])
                || BinaryPrimitives.ReadUInt32LittleEndian(file[(12 + length)..]) != EventFile.Checksum(data))
                throw new InvalidDataException("a checksum is wrong");
            var message = Fields(data.ToArray());
            if (message.TryGetValue(5, out var summary))
            {
                var value = Fields(Fields((byte[])summary)[1] as byte[]);
                values.Add((Encoding.UTF8.GetString((byte[])value[1]), message.TryGetValue(2, out var step) ? (long)(ulong)step : 0,
                    BinaryPrimitives.ReadSingleLittleEndian((byte[])Fields((byte[])value[8])[4]),
                    Encoding.UTF8.GetString((byte[])Fields((byte[])Fields((byte[])value[9])[1])[1])));
            }
            file = file[(16 + length)..];
        }
        return values;
    }

    private static Dictionary<int, object> Fields(byte[]? message)
    {
        var (input, fields) = (new CodedInputStream(message), new Dictionary<int, object>());
        while (input.ReadTag() is var tag and not 0)
            fields[WireFormat.GetTagFieldNumber(tag)] = WireFormat.GetTagWireType(tag) switch
            {
                WireFormat.WireType.Varint => input.ReadUInt64(),
                WireFormat.WireType.Fixed64 => input.ReadDouble(),
                _ => input.ReadBytes().ToByteArray(),
            };
        return fields;
    }
}
