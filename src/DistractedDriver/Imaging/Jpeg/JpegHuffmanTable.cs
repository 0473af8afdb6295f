namespace DistractedDriver.Imaging.Jpeg;

/// <summary>
/// A code of T.81's annex C: from the next bits to a coefficient. A code and the bits behind it, which say the coefficient's
/// value, are looked up together where both are short.
/// </summary>
internal sealed class JpegHuffmanTable
{
    /// <summary>How many bits are looked up at once.</summary>
    public const int LookupBits = 10;

    /// <summary>How far an entry that ends a block leads beyond any place in it.</summary>
    public const int EndOfBlock = 128;

    private const int Longest = 16;
    // Per length, what codes of it lie below when written with 16 bits, and what leads from a code to its symbol.
    private readonly int[] _limits = new int[Longest + 2];
    private readonly int[] _offsets = new int[Longest + 1];
    private readonly byte[] _symbols;
    private readonly bool _isDc;

    private JpegHuffmanTable(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> symbols, bool isDc)
    {
        (_symbols, _isDc) = (symbols.ToArray(), isDc);
        Lookup = new int[1 << LookupBits];
        for (int length = 1, code = 0, known = 0; length <= Longest; length++, code <<= 1)
        {
            _offsets[length] = known - code;
            for (var i = 0; i < counts[length - 1]; i++, code++, known++)
                if (length <= LookupBits) Enter(code, length, symbols[known]);
            _limits[length] = code << (Longest - length);
        }
        _limits[Longest + 1] = int.MaxValue;
    }

    /// <summary>
    /// By the next bits: a coefficient's value in the upper half, how many places it leads on in the second byte, how many bits
    /// it takes in the lowest; 0 where <see cref="Find"/> has to be asked.
    /// </summary>
    public int[] Lookup { get; }

    /// <summary>Reads the tables of a segment.</summary>
    /// <returns>False where they are no codes.</returns>
    public static bool TryReadAll(ReadOnlySpan<byte> segment, JpegHuffmanTable?[] dc, JpegHuffmanTable?[] ac)
    {
        while (!segment.IsEmpty)
        {
            if (segment.Length < 1 + Longest) return false;
            var (kind, number) = (segment[0] >> 4, segment[0] & 15);
            var counts = segment.Slice(1, Longest);
            var (symbols, room) = (0, 1);
            foreach (var count in counts)
            {
                (symbols, room) = (symbols + count, room * 2 - count);
                if (room < 0) return false;
            }
            if (kind > 1 || number > 3 || symbols > 256 || segment.Length < 1 + Longest + symbols) return false;
            (kind == 0 ? dc : ac)[number] = new(counts, segment.Slice(1 + Longest, symbols), isDc: kind == 0);
            segment = segment[(1 + Longest + symbols)..];
        }
        return true;
    }

    /// <summary>The entry of a code that is not in <see cref="Lookup"/>.</summary>
    /// <param name="bits">What comes next, from the highest bit on.</param>
    /// <returns>The value, the places and the bits; no bits where it is no code.</returns>
    public (int Value, int Places, int Bits) Find(ulong bits)
    {
        var code = (int)(bits >> (64 - Longest));
        var length = 1;
        while (code >= _limits[length]) length++;
        if (length > Longest) return (0, 0, 0);
        var (places, size) = Meaning(_symbols[(code >> (Longest - length)) + _offsets[length]]);
        if (size > 15) return (0, 0, 0);
        return (size == 0 ? 0 : Value((int)(bits << length >> (64 - size)), size), places, length + size);
    }

    private void Enter(int code, int length, byte symbol)
    {
        var (places, size) = Meaning(symbol);
        var rest = LookupBits - length - size;
        if (rest < 0) return;
        for (var more = 0; more < 1 << size; more++)
        {
            var entry = (Value(more, size) << 16) | (places << 8) | (length + size);
            Lookup.AsSpan(((code << size) | more) << rest, 1 << rest).Fill(entry);
        }
    }

    // A symbol says how many zeros come before the coefficient, and how many bits it has.
    private (int Places, int Size) Meaning(byte symbol) => _isDc ? (1, symbol)
        : symbol == 0 ? (EndOfBlock, 0)
        : ((symbol >> 4) + 1, symbol & 15);

    // Of the values of so many bits the lower half are negative.
    private static int Value(int bits, int size) => size == 0 || bits >= 1 << (size - 1) ? bits : bits - (1 << size) + 1;
}
