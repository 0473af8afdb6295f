using PureHDF;

namespace DistractedDriver.Saving;

/// <summary>What is taken from an HDF5 file, and what is put into one.</summary>
internal static class Hdf5
{
    /// <summary>What every HDF5 file begins with.</summary>
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'H', (byte)'D', (byte)'F', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n'];

    /// <summary>A group by its name.</summary>
    public static IH5Group Group(IH5Group parent, string name) => parent.Group(name);

    /// <summary>An array that a group holds.</summary>
    public static SavedArray Array(IH5Dataset dataset, string name) => new(name, Shape(dataset), () => Floats(dataset, name));

    /// <summary>A whole number.</summary>
    public static long Integer(IH5Dataset dataset, string name) => (dataset.Type.Class, dataset.Type.Size) switch
    {
        (H5DataTypeClass.FixedPoint, 4) => dataset.Read<int>(),
        (H5DataTypeClass.FixedPoint, 8) => dataset.Read<long>(),
        var (kind, size) => throw new InvalidDataException($"'{name}' counts by {kind} of {size} bytes; int32 and int64 are read"),
    };

    /// <summary>An array to be written.</summary>
    public static H5Dataset Dataset(float[] values, IEnumerable<int> shape) =>
        new(values, fileDims: [.. shape.Select(size => (ulong)size)]);

    private static int[] Shape(IH5Dataset dataset) => [.. dataset.Space.Dimensions.Select(size => checked((int)size))];

    // Keras writes bfloat16 as bytes that HDF5 knows nothing of, and says so.
    private static bool IsBFloat16(IH5Dataset dataset) =>
        dataset.AttributeExists("dtype") && dataset.Attribute("dtype").Read<string>() == "bfloat16";

    private static float Widened(ushort bits) => BitConverter.Int32BitsToSingle(bits << 16);

    private static float[] Floats(IH5Dataset dataset, string name) => (dataset.Type.Class, dataset.Type.Size) switch
    {
        (H5DataTypeClass.FloatingPoint, 2) => System.Array.ConvertAll(dataset.Read<Half[]>(), value => (float)value),
        (H5DataTypeClass.FloatingPoint, 4) => dataset.Read<float[]>(),
        (H5DataTypeClass.FloatingPoint, 8) => System.Array.ConvertAll(dataset.Read<double[]>(), value => (float)value),
        (H5DataTypeClass.Opaque, 2) when IsBFloat16(dataset) => System.Array.ConvertAll(dataset.Read<ushort[]>(), Widened),
        var (kind, size) => throw new InvalidDataException(
            $"'{name}' holds {kind} of {size} bytes; bfloat16, float16, float32 and float64 are read"),
    };
}
