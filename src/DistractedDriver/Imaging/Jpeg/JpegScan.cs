using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DistractedDriver.Imaging.Jpeg;

/// <summary>Decodes a JPEG file's one scan into its planes.</summary>
internal sealed class JpegScan(JpegHeader header, JpegPlane[] planes)
{
    // No block takes more bits than this many bytes have: after any place that is known to be within the data, one more can be
    // read without looking.
    private const int Slack = 512;

    // Where in a block the coefficients lie, in the order in which they are coded (T.81, figure A.6).
    private static readonly byte[] Places = ZigzagOrder();

    /// <returns>False where the data are damaged or cut off.</returns>
    public bool TryDecode(ReadOnlySpan<byte> data)
    {
        var bits = ArrayPool<byte>.Shared.Rent(data.Length + Slack);
        try
        {
            var units = header.McuColumns * header.McuRows;
            var interval = header.RestartInterval == 0 ? units : header.RestartInterval;
            for (int first = 0, number = 0; first < units; first += interval, number++)
            {
                if (Unstuff(data, bits) is not { } part) return false;
                bits.AsSpan(part.Length, Slack).Clear();
                if (!TryDecode(bits, part.Length, first, Math.Min(units, first + interval))) return false;
                var isLast = first + interval >= units;
                if (!isLast && part.Marker != 0xd0 + number % 8) return false;
                data = data[part.Read..];
            }
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bits);
        }
    }

    // Takes out the zeros that stand behind bytes of 255, up to the next marker.
    private static (int Length, int Read, int Marker)? Unstuff(ReadOnlySpan<byte> data, Span<byte> bits)
    {
        var (length, read) = (0, 0);
        while (true)
        {
            var run = data[read..].IndexOf((byte)0xff);
            if (run < 0 || read + run + 1 >= data.Length) return null;
            data.Slice(read, run).CopyTo(bits[length..]);
            (length, read) = (length + run, read + run + 2);
            var next = data[read - 1];
            if (next == 0) bits[length++] = 0xff;
            else if (next == 0xff) read--;
            else return (length, read, next);
        }
    }

    private bool TryDecode(byte[] bits, int length, int firstUnit, int endUnit)
    {
        var reader = new BitReader(ref MemoryMarshal.GetArrayDataReference(bits));
        Span<int> block = stackalloc int[InverseDct.Size];
        Span<int> before = stackalloc int[3];
        before.Clear();
        for (var unit = firstUnit; unit < endUnit; unit++)
        {
            var (unitRow, unitColumn) = Math.DivRem(unit, header.McuColumns);
            for (var i = 0; i < planes.Length; i++)
            {
                var (plane, component) = (planes[i], planes[i].Component);
                for (var row = 0; row < component.Vertical; row++)
                {
                    for (var column = 0; column < component.Horizontal; column++)
                    {
                        if (reader.Consumed > length) return false;
                        block.Clear();
                        if (Block(ref reader, component, ref before[i], block) is not { } last) return false;
                        var y = (unitRow * component.Vertical + row) * InverseDct.Side;
                        var x = (unitColumn * component.Horizontal + column) * InverseDct.Side;
                        InverseDct.Transform(block, last == 0, ref plane.Samples[y * plane.Stride + x], plane.Stride);
                    }
                }
            }
        }
        return reader.Consumed <= length;
    }

    // A block's coefficients, multiplied; the last one's number, or null where they are no code.
    private static int? Block(ref BitReader reader, JpegComponent component, ref int before, scoped Span<int> block)
    {
        ref var places = ref MemoryMarshal.GetArrayDataReference(Places);
        ref var factors = ref MemoryMarshal.GetArrayDataReference(component.Quantization);
        ref var coefficients = ref MemoryMarshal.GetReference(block);
        reader.Fill();
        var entry = component.Dc.Lookup[reader.Bits >> (64 - JpegHuffmanTable.LookupBits)];
        var (value, _, count) = entry != 0 ? (entry >> 16, 1, entry & 0xff) : component.Dc.Find(reader.Bits);
        if (count == 0) return null;
        reader.Skip(count);
        before += value;
        coefficients = before * factors;
        ref var lookup = ref MemoryMarshal.GetArrayDataReference(component.Ac.Lookup);
        var last = 0;
        for (var next = 1; next < InverseDct.Size;)
        {
            reader.Fill();
            entry = Unsafe.Add(ref lookup, (nint)(reader.Bits >> (64 - JpegHuffmanTable.LookupBits)));
            var forward = (entry >> 8) & 0xff;
            value = entry >> 16;
            count = entry & 0xff;
            if (entry == 0)
            {
                (value, forward, count) = component.Ac.Find(reader.Bits);
                if (count == 0) return null;
            }
            reader.Skip(count);
            next += forward;
            if (next > InverseDct.Size)
            {
                if (next < JpegHuffmanTable.EndOfBlock) return null;
                break;
            }
            last = next - 1;
            Unsafe.Add(ref coefficients, (nint)Unsafe.Add(ref places, last)) = value * Unsafe.Add(ref factors, last);
        }
        return last;
    }

    private static byte[] ZigzagOrder()
    {
        var places = new byte[InverseDct.Size];
        var next = 0;
        for (var diagonal = 0; diagonal < 2 * InverseDct.Side - 1; diagonal++)
        {
            for (var i = 0; i <= diagonal; i++)
            {
                var (row, column) = diagonal % 2 == 0 ? (diagonal - i, i) : (i, diagonal - i);
                if (row < InverseDct.Side && column < InverseDct.Side) places[next++] = (byte)(row * InverseDct.Side + column);
            }
        }
        return places;
    }

    /// <summary>Bits from the highest of each byte on.</summary>
    private ref struct BitReader(ref byte start)
    {
        private readonly ref byte _start = ref start;
        private nint _next;
        private int _count;

        /// <summary>What comes next, from the highest bit on: at least 56 bits after <see cref="Fill"/>.</summary>
        public ulong Bits { get; private set; }

        /// <summary>How many bytes were taken, the last one perhaps in part.</summary>
        public readonly long Consumed => _next - _count / 8;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Fill()
        {
            Bits |= BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref _start, _next))) >> _count;
            _next += (63 - _count) >> 3;
            _count |= 56;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Skip(int count)
        {
            Bits <<= count;
            _count -= count;
        }
    }
}
