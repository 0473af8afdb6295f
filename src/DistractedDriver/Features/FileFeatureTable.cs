using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Win32.SafeHandles;

namespace DistractedDriver.Features;

/// <summary>
/// Features in a file: a header that says what they are, then for each sample, in the order in which they were computed, its
/// key, its row and a checksum. A record that a killed process left half written is written over; one whose checksum
/// does not hold is computed anew. Processes that share the file append one at a time. What was read stays in the
/// system's page cache and not in the process.
/// </summary>
internal sealed class FileFeatureTable : IFeatureTable
{
    /// <summary>The ending of the file by which processes lock the features' own.</summary>
    public const string LockEnding = ".lock";
    private const int HeaderSize = 4096, KeySize = 32, ChecksumSize = 4;
    private static readonly byte[] Magic = "DDFEAT1\n"u8.ToArray();
    private readonly System.Threading.Lock _gate = new();
    private readonly FeatureFolder _folder;
    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly int _rowSize;
    private readonly byte[] _record;
    private readonly Dictionary<string, (long Offset, bool IsChecked)> _places = [];
    private long _end = HeaderSize;

    /// <exception cref="IOException">The file can't be made or read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file can't be made or read.</exception>
    public FileFeatureTable(FeatureFolder folder, string path, string description, int[] shape)
    {
        (_folder, _path) = (folder, path);
        _rowSize = RowSize(shape);
        _record = new byte[KeySize + _rowSize + ChecksumSize];
        _file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        using (Lock())
        {
            var header = Header(description, shape);
            if (ReadHeader(_file) is not { } known || (int?)known["row"] != _rowSize)
            {
                RandomAccess.SetLength(_file, 0);
                RandomAccess.Write(_file, header, 0);
            }
        }
        File.SetLastAccessTimeUtc(path, DateTime.UtcNow);
        Refresh();
    }

    public bool IsFull { get; private set; }

    public string Limit => $"the {_folder.Limit >> 20} MiB of disk kept for them in {_folder.Path}, or than is free there";

    /// <summary>What a file holds, or null where it is no file of features.</summary>
    public static KeptFeatures? Describe(FileInfo info)
    {
        using var file = File.OpenHandle(info.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return ReadHeader(file) is { } header
            ? new(info.FullName, (string)header["description"]!,
                (info.Length - HeaderSize) / (KeySize + (int)header["row"]! + ChecksumSize), info.Length, info.LastAccessTime)
            : null;
    }

    public bool Contains(string sample)
    {
        lock (_gate)
        {
            if (!_places.TryGetValue(sample, out var place)) return false;
            if (place.IsChecked) return true;
            var whole = RandomAccess.Read(_file, _record, place.Offset) == _record.Length
                && BinaryPrimitives.ReadUInt32LittleEndian(_record.AsSpan(^ChecksumSize..)) == Checksum(_record.AsSpan(..^ChecksumSize));
            if (whole) _places[sample] = (place.Offset, true);
            else _places.Remove(sample);
            return whole;
        }
    }

    public void Add(IReadOnlyList<string> samples, ReadOnlySpan<float> features)
    {
        lock (_gate)
        {
            if (IsFull) return;
            try
            {
                using var locked = Lock();
                Refresh();
                if (!_folder.TryReserve(_path, (long)samples.Count * _record.Length))
                {
                    IsFull = true;
                    return;
                }
                var rows = MemoryMarshal.AsBytes(features);
                for (var i = 0; i < samples.Count; i++)
                {
                    if (_places.ContainsKey(samples[i])) continue;
                    Convert.FromHexString(samples[i]).CopyTo(_record.AsSpan());
                    rows.Slice(i * _rowSize, _rowSize).CopyTo(_record.AsSpan(KeySize));
                    BinaryPrimitives.WriteUInt32LittleEndian(_record.AsSpan(^ChecksumSize..), Checksum(_record.AsSpan(..^ChecksumSize)));
                    RandomAccess.Write(_file, _record, _end);
                    _places[samples[i]] = (_end, true);
                    _end += _record.Length;
                }
            }
            catch (IOException)
            {
                // The disk is full, or another process has not let go of the file.
                IsFull = true;
            }
        }
    }

    public void Read(IReadOnlyList<string> samples, Span<float> rows)
    {
        var bytes = MemoryMarshal.AsBytes(rows);
        lock (_gate)
        {
            for (var i = 0; i < samples.Count; i++)
            {
                if (RandomAccess.Read(_file, bytes.Slice(i * _rowSize, _rowSize), _places[samples[i]].Offset + KeySize) != _rowSize)
                    throw new IOException($"{_path} has become shorter while it was read. Run again; what is missing is computed anew.");
            }
        }
    }

    // The whole records that there are; one that another process has begun is not counted.
    private void Refresh()
    {
        var end = RandomAccess.GetLength(_file);
        Span<byte> key = stackalloc byte[KeySize];
        for (; _end + _record.Length <= end; _end += _record.Length)
        {
            RandomAccess.Read(_file, key, _end);
            _places[Convert.ToHexString(key)] = (_end, false);
        }
    }

    // A file beside it that only one process at a time can hold open.
    private FileStream Lock()
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return new FileStream(_path + LockEnding, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (attempt < 100)
            {
                Thread.Sleep(20);
            }
        }
    }

    private static byte[] Header(string description, int[] shape)
    {
        var header = new byte[HeaderSize];
        var text = new JsonObject
        {
            ["row"] = RowSize(shape),
            ["shape"] = new JsonArray([.. shape.Select(length => (JsonNode)length)]),
            ["description"] = description
        };
        Magic.CopyTo(header, 0);
        var json = Encoding.UTF8.GetBytes(text.ToJsonString());
        json.AsSpan(0, Math.Min(json.Length, HeaderSize - Magic.Length - 1)).CopyTo(header.AsSpan(Magic.Length));
        return header;
    }

    private static JsonObject? ReadHeader(SafeFileHandle file)
    {
        var header = new byte[HeaderSize];
        if (RandomAccess.Read(file, header, 0) < HeaderSize || !header.AsSpan().StartsWith(Magic)) return null;
        try
        {
            return JsonNode.Parse(Encoding.UTF8.GetString(header.AsSpan(Magic.Length)).TrimEnd('\0')) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static int RowSize(int[] shape) => shape.Aggregate(sizeof(float), (size, length) => size * length);

    // CRC-32C, which processors compute by themselves.
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words) sum = BitOperations.Crc32C(sum, word);
        foreach (var rest in bytes[(words.Length * sizeof(ulong))..]) sum = BitOperations.Crc32C(sum, rest);
        return sum;
    }
}
