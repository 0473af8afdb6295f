using PureHDF;

namespace DistractedDriver.Saving;

/// <summary>What is taken from an HDF5 file, and what is put into one.</summary>
internal static class Hdf5
{
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
    public static H5Dataset Dataset(float[] values, IEnumerable<int> shape) => new(values, fileDims: [.. shape.Select(size => (ulong)size)]);

    private static int[] Shape(IH5Dataset dataset) => [.. dataset.Space.Dimensions.Select(size => checked((int)size))];

    private static float[] Floats(IH5Dataset dataset, string name) => (dataset.Type.Class, dataset.Type.Size) switch
    {
        (H5DataTypeClass.FloatingPoint, 2) => System.Array.ConvertAll(dataset.Read<Half[]>(), value => (float)value),
        (H5DataTypeClass.FloatingPoint, 4) => dataset.Read<float[]>(),
        (H5DataTypeClass.FloatingPoint, 8) => System.Array.ConvertAll(dataset.Read<double[]>(), value => (float)value),
        var (kind, size) => throw new InvalidDataException($"'{name}' holds {kind} of {size} bytes; float16, float32 and float64 are read"),
    };
}
