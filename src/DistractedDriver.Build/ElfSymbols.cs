using System.Buffers.Binary;
using System.Text;

namespace DistractedDriver.Build;

/// <summary>
/// Edits the dynamic symbols of a 64-bit little-endian ELF shared library in memory (System V ABI, "Object Files"; symbol
/// versions: Linux Standard Base, "Symbol Versioning"): a required symbol gets another name and no version, and a version
/// that is required of another library need not be there any more.
/// </summary>
public sealed class ElfSymbols
{
    private const int DynamicSymbols = 11, VersionOfSymbols = 0x6fffffff, VersionsNeeded = 0x6ffffffe;
    private const ushort AnyVersion = 1, Weak = 2;

    private readonly byte[] _file;
    private readonly List<(uint Type, long Offset, long Size, int Link)> _sections = [];

    /// <exception cref="InvalidDataException">The bytes are no 64-bit little-endian ELF file with section headers.</exception>
    public ElfSymbols(byte[] file)
    {
        _file = file;
        if (file.Length < 64 || BinaryPrimitives.ReadUInt32BigEndian(file) != 0x7f454c46 || file[4] != 2 || file[5] != 1)
            throw new InvalidDataException("it is no 64-bit little-endian ELF file");
        var (headers, size, count) = (Long(40), Short(58), Short(60));
        if (headers <= 0 || size < 64
            || headers + (long)size * count > file.Length) throw new InvalidDataException("its section headers are missing or cut off");
        for (var i = 0; i < count; i++)
        {
            var at = headers + (long)i * size;
            _sections.Add(((uint)Int(at + 4), Long(at + 24), Long(at + 32), Int(at + 40)));
        }
    }

    /// <summary>Whether the file asks other libraries for a symbol.</summary>
    /// <exception cref="InvalidDataException">The file has no dynamic symbols.</exception>
    public bool Requires(string symbol) => Undefined(symbol) >= 0;

    /// <summary>Renames an undefined symbol, frees it of its version, and makes that version optional.</summary>
    /// <param name="symbol">The symbol that another library does not have.</param>
    /// <param name="replacement">One that it has, no longer than <paramref name="symbol"/>.</param>
    /// <param name="version">The version that the symbol was required in.</param>
    /// <exception cref="InvalidDataException">The file does not require that symbol or that version.</exception>
    public void Replace(string symbol, string replacement, string version)
    {
        if (replacement.Length > symbol.Length) throw new ArgumentException(
            $"'{replacement}' is longer than '{symbol}'; it has to fit in its place.", nameof(replacement));
        var symbols = Section(DynamicSymbols, "dynamic symbols");
        var names = _sections[symbols.Link];
        var versions = Section(VersionOfSymbols, "symbol versions");
        var index = Undefined(symbol);
        if (index < 0) throw new InvalidDataException($"it does not ask for the symbol {symbol}");
        var needed = NeededVersions().Where(at => Text(names.Offset + Int(at + 8)) == version).ToArray();
        if (needed.Length == 0) throw new InvalidDataException($"it does not ask for the version {version}");

        var name = names.Offset + Int(symbols.Offset + index * 24L);
        Encoding.ASCII.GetBytes(replacement.PadRight(symbol.Length, '\0')).CopyTo(_file, name);
        BinaryPrimitives.WriteUInt16LittleEndian(_file.AsSpan((int)(versions.Offset + index * 2L)), AnyVersion);
        foreach (var at in needed) BinaryPrimitives.WriteUInt16LittleEndian(_file.AsSpan((int)at + 4), (ushort)(Short(at + 4) | Weak));
    }

    private int Undefined(string symbol)
    {
        var symbols = Section(DynamicSymbols, "dynamic symbols");
        var names = _sections[symbols.Link];
        return Enumerable.Range(0, (int)(symbols.Size / 24))
            .FirstOrDefault(i =>
                Short(symbols.Offset + i * 24L + 6) == 0 && Text(names.Offset + Int(symbols.Offset + i * 24L)) == symbol, -1);
    }

    // Elfxx_Verneed: version, count, file, first entry, next; its Elfxx_Vernaux: hash, flags, other, name, next.
    private IEnumerable<long> NeededVersions()
    {
        var section = Section(VersionsNeeded, "needed versions");
        for (var library = section.Offset; ;)
        {
            var entry = library + Int(library + 8);
            for (var left = Short(library + 2); left > 0; left--, entry += Int(entry + 12)) yield return entry;
            if (Int(library + 12) == 0) yield break;
            library += Int(library + 12);
        }
    }

    private (uint Type, long Offset, long Size, int Link) Section(uint type, string what) =>
        _sections.FirstOrDefault(section => section.Type == type) is { Size: > 0 } found
            ? found
            : throw new InvalidDataException($"it has no section of {what}");

    private ReadOnlySpan<byte> At(long offset, int size) =>
        offset >= 0 && offset + size <= _file.Length
            ? _file.AsSpan((int)offset, size)
            : throw new InvalidDataException("it points beyond its end");

    private ushort Short(long offset) => BinaryPrimitives.ReadUInt16LittleEndian(At(offset, 2));

    private int Int(long offset) => BinaryPrimitives.ReadInt32LittleEndian(At(offset, 4));

    private long Long(long offset) => BinaryPrimitives.ReadInt64LittleEndian(At(offset, 8));

    private string Text(long offset)
    {
        var rest = At(offset, 0).Length == 0 ? _file.AsSpan((int)offset) : default;
        var end = rest.IndexOf((byte)0);
        return Encoding.ASCII.GetString(end < 0 ? rest : rest[..end]);
    }
}
