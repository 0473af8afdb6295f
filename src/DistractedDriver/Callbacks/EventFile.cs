using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using Google.Protobuf;

namespace DistractedDriver.Callbacks;

/// <summary>
/// A file of scalars that TensorBoard reads: TFRecords (a length, data, and CRC-32C of both, masked) of tensorflow.Event messages
/// (TensorFlow's event.proto, summary.proto and tensor.proto).
/// </summary>
internal sealed class EventFile
{
    private static int _number;
    private readonly string _path;
    private readonly List<byte> _pending = [];

    /// <param name="folder">Made if it is not there.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    public EventFile(string folder)
    {
        Directory.CreateDirectory(folder);
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var name = FormattableString.Invariant(
            $"events.out.tfevents.{now}.{Environment.MachineName}.{Environment.ProcessId}.{Interlocked.Increment(ref _number)}.v2");
        _path = Path.Combine(folder, name);
        Write(0, message =>
        {
            message.WriteTag(3, WireFormat.WireType.LengthDelimited);
            message.WriteString("brain.Event:2");
        });
        Flush();
    }

    /// <summary>Adds a value.</summary>
    /// <param name="tag">Its name: "epoch_loss".</param>
    /// <param name="value">The value.</param>
    /// <param name="step">The epoch or batch.</param>
    public void Add(string tag, double value, long step)
    {
        var content = new byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(content, (float)value);
        var tensor = Message(message =>
        {
            const int singlePrecision = 1;
            message.WriteTag(1, WireFormat.WireType.Varint);
            message.WriteEnum(singlePrecision);
            Part(message, 2, []);
            Part(message, 4, content);
        });
        var plugin = Message(message => Part(message, 1, Message(data => Part(data, 1, Encoding.UTF8.GetBytes("scalars")))));
        var summary = Message(message =>
        {
            Part(message, 1, Encoding.UTF8.GetBytes(tag));
            Part(message, 8, tensor);
            Part(message, 9, plugin);
        });
        Write(step, message => Part(message, 5, Message(values => Part(values, 1, summary))));
    }

    /// <summary>Writes what was added to the disk, for whoever looks on.</summary>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void Flush()
    {
        using var file = new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.Read);
        file.Write(CollectionsMarshal.AsSpan(_pending));
        _pending.Clear();
    }

    /// <summary>The masked CRC-32C of TFRecords.</summary>
    internal static uint Checksum(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data) crc = BitOperations.Crc32C(crc, value);
        crc = ~crc;
        return BitOperations.RotateRight(crc, 15) + 0xa282ead8;
    }

    private void Write(long step, Action<CodedOutputStream> what)
    {
        var data = Message(message =>
        {
            message.WriteTag(1, WireFormat.WireType.Fixed64);
            message.WriteDouble(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0);
            if (step != 0)
            {
                message.WriteTag(2, WireFormat.WireType.Varint);
                message.WriteInt64(step);
            }
            what(message);
        });
        Span<byte> length = stackalloc byte[8];
        Span<byte> checksum = stackalloc byte[4];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)data.Length);
        _pending.AddRange(length);
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, Checksum(length));
        _pending.AddRange(checksum);
        _pending.AddRange(data);
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, Checksum(data));
        _pending.AddRange(checksum);
    }

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var memory = new MemoryStream();
        using (var output = new CodedOutputStream(memory, leaveOpen: true)) write(output);
        return memory.ToArray();
    }

    private static void Part(CodedOutputStream message, int field, byte[] content)
    {
        message.WriteTag(field, WireFormat.WireType.LengthDelimited);
        message.WriteBytes(ByteString.CopyFrom(content));
    }
}
