namespace DistractedDriver.Saving;

/// <summary>
/// The checksum of ZIP archives (ISO 3309, polynomial 0xEDB88320), which .NET's ZipArchive does not compare when it reads.
/// </summary>
internal static class Crc32
{
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(number =>
    {
        var value = (uint)number;
        for (var bit = 0; bit < 8; bit++) value = (value & 1) == 0 ? value >> 1 : (value >> 1) ^ 0xEDB88320;
        return value;
    })];

    /// <summary>The checksum of some bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var value = uint.MaxValue;
        foreach (var next in bytes) value = (value >> 8) ^ Table[(byte)(value ^ next)];
        return ~value;
    }
}
