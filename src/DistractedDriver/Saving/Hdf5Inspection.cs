using System.Buffers.Binary;
using System.Text;

namespace DistractedDriver.Saving;

/// <summary>
/// Looks through the structure of an HDF5 file before its content is read (The HDF Group, HDF5 File Format Specification, version 3):
/// what leads out of the file or round in circles, and what would be read wrongly, is refused by its name. Keras writes none of it.
/// </summary>
internal sealed class Hdf5Inspection
{
    private const ulong Undefined = ulong.MaxValue;
    private const int DeepestGroup = 64;
    private const long LargestChunk = 256L << 20;

    // Where exponent and mantissa lie in float16, float32 and float64: exponent's place and width, mantissa's place and width.
    private static readonly Dictionary<uint, byte[]> Floats = new() { [2] = [10, 5, 0, 10], [4] = [23, 8, 0, 23], [8] = [52, 11, 0, 52] };

    private readonly Stream _file;
    private readonly HashSet<ulong> _seen = [];
    private readonly HashSet<ulong> _above = [];

    private Hdf5Inspection(Stream file) => _file = file;

    /// <param name="file">The file; it is read from its beginning, and stays the caller's.</param>
    /// <exception cref="InvalidDataException">
    /// The file is cut off or damaged, or has something that is refused; the message names it.
    /// </exception>
    public static void Check(Stream file)
    {
        var inspection = new Hdf5Inspection(file);
        try
        {
            inspection.Visit(inspection.Root(), "", 0);
        }
        catch (Exception error) when (
            error is EndOfStreamException or ArgumentOutOfRangeException or OverflowException or IndexOutOfRangeException)
        {
            throw new InvalidDataException("it is cut off or damaged", error);
        }
    }

    private ulong Root()
    {
        var head = Bytes(0, 16);
        if (!head.AsSpan(0, 8).SequenceEqual(Hdf5.Signature)) throw new InvalidDataException("it is no HDF5 file");
        var version = head[8];
        if (version > 3) throw new InvalidDataException($"it is of a newer kind of HDF5 (superblock {version})");
        var sizes = version < 2 ? (head[13], head[14]) : (head[9], head[10]);
        if (sizes != (8, 8)) throw new InvalidDataException("its addresses are not of 8 bytes");
        // The root group's header is found through an entry like a group's, or directly.
        return version < 2 ? U64(Bytes(24UL + (version == 1 ? 4UL : 0) + 32 + 8, 8), 0) : U64(Bytes(12 + 24, 8), 0);
    }

    private void Visit(ulong address, string path, int depth)
    {
        if (_above.Contains(address) || depth > DeepestGroup) throw new InvalidDataException($"the group '{path}' is within itself");
        if (!_seen.Add(address)) return;
        _above.Add(address);
        var messages = Messages(address).ToArray();
        foreach (var (type, data) in messages) Check(type, data, path);
        var chunk = messages.Where(message => message.Type == 0x08).Select(message => ChunkBytes(message.Data, path)).FirstOrDefault();
        if (chunk > LargestChunk) throw new InvalidDataException($"the array '{path}' is in chunks of {chunk >> 20} MiB");
        foreach (var (name, child) in messages.SelectMany(message => Links(message.Type, message.Data, path)))
            Visit(child, path.Length == 0 ? name : $"{path}/{name}", depth + 1);
        _above.Remove(address);
    }

    private static void Check(int type, byte[] data, string path)
    {
        switch (type)
        {
            case 0x03 when (data[0] & 0x0F) == 1 && !Shared(data) && !IsPlainFloat(data):
                throw new InvalidDataException(
                    $"the array '{path}' holds floating-point numbers of another form than float16, float32 and float64");
            case 0x03 when (data[0] & 0x0F) == 1 && (data[1] & 1) != 0:
                throw new InvalidDataException($"the array '{path}' has the bytes of its numbers in the other order (big-endian)");
            case 0x07:
                throw new InvalidDataException($"the array '{path}' lies in other files");
            case 0x08 when LayoutClass(data) == 3:
                throw new InvalidDataException($"the array '{path}' is put together from other arrays");
            case 0x08 when data[0] == 4 && data[1] == 2 && (data[2] & 1) != 0:
                throw new InvalidDataException($"the array '{path}' is in chunks of which those at the edge are written otherwise");
            case 0x0B when Filters(data).FirstOrDefault(filter => filter is not (1 or 2)) is > 0 and var filter:
                throw new InvalidDataException(
                    $"the array '{path}' is packed by filter {filter}; gzip (1) with or without shuffling (2) is read");
        }
    }

    private static bool Shared(byte[] data) => data.Length < 20;

    private static bool IsPlainFloat(byte[] data)
    {
        var size = U32(data, 4);
        return Floats.TryGetValue(size, out var places) && (data[1] & 0x40) == 0 && U16(data, 8) == 0 && U16(data, 10) == 8 * size
            && data.AsSpan(12, 4).SequenceEqual(places);
    }

    private static int LayoutClass(byte[] data) => data[0] >= 3 ? data[1] : data[2];

    private static long ChunkBytes(byte[] data, string path)
    {
        if (LayoutClass(data) != 2) return 0;
        // The last size is that of an element.
        var (count, start, width) = data[0] switch
        {
            3 => ((int)data[2], 11, 4),
            4 => (data[3], 5, data[4]),
            _ => (data[1], 16, 4),
        };
        if (width is < 1 or > 8) throw new InvalidDataException($"the array '{path}' has chunks of no size");
        var bytes = 1L;
        for (var i = 0; i < count; i++)
        {
            bytes = checked(bytes * (long)Number(data, start + i * width, width));
        }
        return bytes;
    }

    private static IEnumerable<int> Filters(byte[] data)
    {
        var at = data[0] == 1 ? 8 : 2;
        for (var i = 0; i < data[1]; i++)
        {
            var filter = U16(data, at);
            var hasName = data[0] == 1 || filter >= 256;
            var name = hasName ? U16(data, at + 2) : 0;
            var values = U16(data, at + (hasName ? 6 : 4));
            yield return filter;
            at += (hasName ? 8 : 6) + (data[0] == 1 ? (name + 7) / 8 * 8 : name) + 4 * values + (data[0] == 1 && values % 2 == 1 ? 4 : 0);
        }
    }

    // What a group holds: in a table of symbols, or a message each.
    private List<(string Name, ulong Address)> Links(int type, byte[] data, string path)
    {
        if (type == 0x11) return TableLinks(U64(data, 0), U64(data, 8), path);
        if (type == 0x02 && U64(data, (data[1] & 1) != 0 ? 10 : 2) != Undefined)
            throw new InvalidDataException($"the group '{path}' lists its members in a heap, as neither Keras does");
        return type == 0x06 ? [Link(data, path)] : [];
    }

    private static (string Name, ulong Address) Link(byte[] data, string path)
    {
        var (flags, at) = (data[1], 2);
        var kind = (flags & 8) != 0 ? data[at++] : 0;
        if ((flags & 4) != 0) at += 8;
        if ((flags & 16) != 0) at++;
        var width = 1 << (flags & 3);
        var length = checked((int)Number(data, at, width));
        var name = Encoding.UTF8.GetString(data, at + width, length);
        return kind == 0 ? (name, U64(data, at + width + length)) : throw Leading(path, name, kind == 64 ? "another file" : "another name");
    }

    private static InvalidDataException Leading(string path, string name, string where) =>
        new($"'{name}' in the group '{path}' is a link to {where}");

    // A tree of nodes with a heap for the names.
    private List<(string Name, ulong Address)> TableLinks(ulong tree, ulong heap, string path)
    {
        var names = U64(Bytes(heap + 8, 24), 16);
        var (found, open, visited) = (new List<(string, ulong)>(), new Stack<ulong>([tree]), new HashSet<ulong>());
        while (open.TryPop(out var node))
        {
            if (!visited.Add(node)) throw new InvalidDataException($"the group '{path}' lists its members in a circle");
            var head = Bytes(node, 8);
            if (head.AsSpan(0, 4).SequenceEqual("TREE"u8))
            {
                // Two siblings' addresses, then a key before and after each child.
                var children = Bytes(node + 24, 16 * U16(head, 6) + 8);
                for (var i = 0; i < U16(head, 6); i++) open.Push(U64(children, 8 + 16 * i));
                continue;
            }
            if (!head.AsSpan(0, 4).SequenceEqual("SNOD"u8)) throw new InvalidDataException($"the list of the group '{path}' is damaged");
            var entries = Bytes(node + 8, 40 * U16(head, 6));
            for (var i = 0; i < U16(head, 6); i++)
            {
                var name = Text(names + U64(entries, 40 * i));
                if (U32(entries, 40 * i + 16) == 2) throw Leading(path, name, "another name");
                found.Add((name, U64(entries, 40 * i + 8)));
            }
        }
        return found;
    }

    private IEnumerable<(int Type, byte[] Data)> Messages(ulong address)
    {
        var head = Bytes(address, 16);
        var isNew = head.AsSpan(0, 4).SequenceEqual("OHDR"u8);
        if (!isNew && head[0] != 1) throw new InvalidDataException("the header of an object is damaged");
        var flags = isNew ? head[5] : 0;
        var start = isNew ? 6UL + ((flags & 0x20) != 0 ? 16UL : 0) + ((flags & 0x10) != 0 ? 4UL : 0) : 16;
        var width = 1 << (flags & 3);
        var blocks = new Queue<(ulong At, ulong Length)>();
        blocks.Enqueue(isNew
            ? (address + start + (ulong)width, Number(Bytes(address + start, width), 0, width))
            : (address + start, U32(head, 8)));
        var visited = new HashSet<ulong>();
        while (blocks.TryDequeue(out var block))
        {
            if (!visited.Add(block.At)) throw new InvalidDataException("the header of an object goes round in a circle");
            var data = Bytes(block.At, checked((int)block.Length));
            var prefix = isNew ? 4 + ((flags & 4) != 0 ? 2 : 0) : 8;
            for (var at = 0; at + prefix <= data.Length;)
            {
                var (type, length) = isNew ? (data[at], U16(data, at + 1)) : (U16(data, at), U16(data, at + 2));
                var content = data[(at + prefix)..(at + prefix + length)];
                at += prefix + length;
                if (type == 0x10) blocks.Enqueue(isNew ? (U64(content, 0) + 4, U64(content, 8) - 8) : (U64(content, 0), U64(content, 8)));
                else if (length > 0) yield return (type, content);
            }
        }
    }

    private string Text(ulong address)
    {
        _file.Position = checked((long)address);
        var letters = new List<byte>();
        for (int letter; (letter = _file.ReadByte()) > 0;) letters.Add((byte)letter);
        return Encoding.UTF8.GetString([.. letters]);
    }

    private byte[] Bytes(ulong address, int count)
    {
        if (address > (ulong)_file.Length || (ulong)count > (ulong)_file.Length - address) throw new EndOfStreamException();
        _file.Position = (long)address;
        var bytes = new byte[count];
        _file.ReadExactly(bytes);
        return bytes;
    }

    private static ulong Number(byte[] data, int at, int width)
    {
        ulong number = 0;
        for (var i = width - 1; i >= 0; i--) number = (number << 8) | data[at + i];
        return number;
    }

    private static int U16(byte[] data, int at) => BinaryPrimitives.ReadUInt16LittleEndian(data.AsSpan(at, 2));

    private static uint U32(byte[] data, int at) => BinaryPrimitives.ReadUInt32LittleEndian(data.AsSpan(at, 4));

    private static ulong U64(byte[] data, int at) => BinaryPrimitives.ReadUInt64LittleEndian(data.AsSpan(at, 8));
}
