namespace DistractedDriver.Imaging.Formats;

// Formats: one file for each kind of image file, which says whether the file is whole and has it decoded: by ImageSharp where that
// equals Pillow. TIFF is LibTiff's, since ImageSharp reads neither CMYK nor fax coding as Pillow does; JPEG that is not baseline and
// animated WebP are Skia's (libjpeg-turbo and libwebp, which Pillow uses too), since ImageSharp interpolates colours otherwise and
// reads no animated WebP. They know of bytes and pixels alone.

/// <summary>Chooses by its first bytes, not by its name, who decodes a file.</summary>
internal static class ImageKind
{
    /// <summary>Decodes a file's content.</summary>
    /// <param name="content">The file's bytes.</param>
    /// <param name="path">The file, for messages.</param>
    /// <exception cref="InvalidDataException">
    /// The content is damaged, cut short, too large or of no kind that is read; the message names the file.
    /// </exception>
    public static PixelImage Decode(byte[] content, string path)
    {
        try
        {
            return content switch
            {
                [0xff, 0xd8, ..] => JpegFile.Decode(content, path),
                [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => PngFile.Decode(content, path),
                [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => GifFile.Decode(content, path),
                [(byte)'B', (byte)'M', ..] => BmpFile.Decode(content, path),
                [(byte)'R', (byte)'I', (byte)'F', (byte)'F', ..] => WebPFile.Decode(content, path),
                [(byte)'I', (byte)'I', 42 or 43, 0, ..] or [(byte)'M', (byte)'M', 0, 42 or 43, ..] => TiffFile.Decode(content, path),
                [(byte)'P', >= (byte)'1' and <= (byte)'6', ..] => NetpbmFile.Decode(content, path),
                [] => throw Unreadable.Because(path, "the file is empty"),
                _ => throw Unreadable.Because(path,
                    "its first bytes are of no kind of image that is read (JPEG, PNG, GIF, BMP, WebP, TIFF, PPM, PGM, PBM)"),
            };
        }
        catch (Exception error) when (error is ArgumentOutOfRangeException or IndexOutOfRangeException or OverflowException)
        {
            // A length within the file that points outside it.
            throw Unreadable.Damaged(path, error);
        }
    }
}
