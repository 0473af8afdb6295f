namespace DistractedDriver.Preprocessing;

/// <summary>The images of a folder, one subfolder a class. Made by <see cref="ImageDataGenerator.FlowFromDirectory"/>.</summary>
public sealed class DirectoryIterator : FileIterator
{
    internal DirectoryIterator(
        ImageDataGenerator generator, string directory, IReadOnlyList<(string Path, string Name, int Class)> files,
            IReadOnlyList<string> classes, string? classMode,
        ImageFormat format, int batchSize, bool shuffle, int? seed, SavedImages? saveTo)
        : base(generator, directory, files, classes, classMode, format, batchSize, shuffle, seed, saveTo)
    {
    }
}
