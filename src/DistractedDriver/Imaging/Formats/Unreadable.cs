namespace DistractedDriver.Imaging.Formats;

/// <summary>What is said of a file that can't be decoded; always with its name.</summary>
internal static class Unreadable
{
    // Pillow's bound on what a small file may claim to hold (a decompression bomb): twice 1 GiB / 4 / 3 pixels.
    private const long MostPixels = 2 * (1L << 30) / 4 / 3;

    private const string Remedy = "Replace or remove the file, or leave such files out by skipUnreadable: true.";

    public static InvalidDataException Because(string path, string reason, Exception? inner = null) =>
        new($"{path} can't be read as an image: {reason}. {Remedy}", inner);

    public static InvalidDataException CutShort(string path, Exception? inner = null) =>
        new($"{path} is cut short: it ends before its last pixel. {Remedy}", inner);

    public static InvalidDataException Damaged(string path, Exception? inner = null) =>
        new($"{path} is damaged or cut short. {Remedy}", inner);

    /// <summary>Refuses sizes that no photograph has, before memory is taken for them.</summary>
    public static void CheckSize(long height, long width, string path)
    {
        if (height < 1 || width < 1) throw Because(path, $"it says to be {width} × {height} pixels");
        if (height * width > MostPixels)
            throw Because(path, $"it says to be {width} × {height} pixels, more than the {MostPixels} that are read, as in Pillow (a small "
                + $"file may claim any size)");
    }

    /// <summary>Whether an image may be so large.</summary>
    public static bool IsTooLarge(long height, long width) => height * width > MostPixels;
}
