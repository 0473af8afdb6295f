using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DistractedDriver.Core;
using DistractedDriver.Files;
using DistractedDriver.Imaging;

namespace DistractedDriver.Datasets;

/// <summary>Images in three folders, each with a subfolder a class.</summary>
/// <param name="Train">The folder to train on.</param>
/// <param name="Val">The folder to choose by while training.</param>
/// <param name="Test">The folder to look at once, at the end; null where no images were kept for it.</param>
public sealed record FolderParts(string Train, string Val, string? Test);

/// <summary>Splits any folder that has a subfolder of images for each class.</summary>
public static class FolderSplit
{
    /// <summary>
    /// Splits the images class by class, or, where it is said what belongs together, group by group. The files are hard links where
    /// the file system has them, copies otherwise; the folder itself stays as it is.
    /// </summary>
    /// <param name="directory">A folder with a subfolder for each class.</param>
    /// <param name="destination">The folder to make; what was split into it before in the same way is taken as it is.</param>
    /// <param name="valSize">The share of images, or of groups, to validate on.</param>
    /// <param name="testSize">The share to test on; 0 for none.</param>
    /// <param name="seed">Other seeds draw other images.</param>
    /// <param name="groupOf">
    /// Told an image's path in the folder ("cats/img_1.jpg"), names its group: a person, a clip, a place. No group is in two parts.
    /// </param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder, or it has no subfolders.</exception>
    /// <exception cref="ArgumentException">A part would be without images of a class, or without a group.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A share is beyond its range, or the seed negative.</exception>
    /// <exception cref="IOException">The destination holds something else, or can't be written.</exception>
    public static FolderParts Split(string directory, string destination, double valSize = 0.15, double testSize = 0.15, int seed = 1,
        Func<string, string>? groupOf = null)
    {
        ArgumentNullException.ThrowIfNull(directory);
        ArgumentNullException.ThrowIfNull(destination);
        if (valSize is not (> 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(valSize),
            FormattableString.Invariant($"The validation share is between 0 and 1. Received: {valSize}."));
        if (testSize is not (>= 0 and < 1) || valSize + testSize >= 1) throw new ArgumentOutOfRangeException(nameof(testSize),
            FormattableString.Invariant(
                $"The test share is from 0, and both leave something to train on. Received: {testSize} beside {valSize}."));
        ArgumentOutOfRangeException.ThrowIfNegative(seed);
        var root = Path.GetFullPath(directory);
        if ((Path.GetFullPath(destination) + Path.DirectorySeparatorChar).StartsWith(root + Path.DirectorySeparatorChar,
            StringComparison.Ordinal))
            throw new ArgumentException(
                $"The destination {destination} lies in {directory} and would be a class of it. Give a folder beside it.",
                nameof(destination));
        var files = Images(root);
        var random = new NumpyRandom((uint)seed);
        var partOf = groupOf is null ? ByClass(files, valSize, testSize, random) : ByGroup(files, groupOf, valSize, testSize, random);
        NewFolder.Make(destination, Describe(files, partOf, valSize, testSize, seed, groupOf is not null), unfinished =>
        {
            foreach (var file in files)
            {
                var created = Path.Combine(unfinished, partOf[file], file);
                Directory.CreateDirectory(Path.GetDirectoryName(created)!);
                HardLink.OrCopy(Path.Combine(root, file), created);
            }
        });
        string Part(string name) => Path.Combine(destination, name);
        return new(Part("train"), Part("val"), testSize == 0 ? null : Part("test"));
    }

    // Paths in the folder, with slashes, sorted: the same on every machine.
    private static string[] Images(string root)
    {
        if (!Directory.Exists(root) || Directory.GetDirectories(root).Length == 0)
            throw new DirectoryNotFoundException($"There is no folder {root} with a subfolder of images for each class.");
        return
        [
            .. Directory.GetDirectories(root).SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
                .Where(ImageFile.IsImage).Select(path => Path.GetRelativePath(root, path).Replace('\\', '/')).Order(StringComparer.Ordinal),
        ];
    }

    private static Dictionary<string, string> ByClass(string[] files, double valSize, double testSize, NumpyRandom random)
    {
        var partOf = new Dictionary<string, string>();
        foreach (var images in files.GroupBy(ClassOf))
            Deal([.. images], $"images of the class '{images.Key}'", valSize, testSize, random, (file, part) => partOf[file] = part);
        return partOf;
    }

    private static Dictionary<string, string> ByGroup(string[] files, Func<string, string> groupOf, double valSize, double testSize,
        NumpyRandom random)
    {
        var groups = files.ToLookup(groupOf);
        var partOf = new Dictionary<string, string>();
        Deal([.. groups.Select(group => group.Key).Order(StringComparer.Ordinal)], "groups", valSize, testSize, random, (group, part) =>
        {
            foreach (var file in groups[group]) partOf[file] = part;
        });
        return partOf;
    }

    // At least one for each part that is asked for.
    private static void Deal(string[] things, string what, double valSize, double testSize, NumpyRandom random, Action<string, string> put)
    {
        int Share(double size) => size == 0 ? 0 : Math.Max(1, (int)Math.Round(size * things.Length));
        var (val, test) = (Share(valSize), Share(testSize));
        if (val + test >= things.Length)
            throw new ArgumentException(
                $"There are {things.Length} {what}: too few to train on, to validate on{(test > 0 ? " and to test on" : "")}.");
        foreach (var (place, i) in random.Permutation(things.Length).Index())
            put(things[i], place < test ? "test" : place < test + val ? "val" : "train");
    }

    private static string Describe(string[] files, Dictionary<string, string> partOf, double valSize, double testSize, int seed,
        bool byGroup)
    {
        var listed = string.Join('\n', files.Select(file => $"{partOf[file]}/{file}"));
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(listed)))[..16];
        return string.Create(CultureInfo.InvariantCulture,
            $"{files.Length} images (list {digest}), split {(byGroup ? "by group" : "class by class")}, seed {seed}: {valSize} to "
                + $"validate on, {testSize} to test on.\n");
    }

    private static string ClassOf(string file) => file[..file.IndexOf('/', StringComparison.Ordinal)];
}
