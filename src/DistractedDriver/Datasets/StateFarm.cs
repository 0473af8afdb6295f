using System.Security.Cryptography;
using DistractedDriver.Core;
using DistractedDriver.Files;

namespace DistractedDriver.Datasets;

/// <summary>A line of State Farm's driver list.</summary>
/// <param name="Subject">The driver: "p002".</param>
/// <param name="ClassName">The class: "c0".</param>
/// <param name="Image">The file's name: "img_44733.jpg".</param>
public sealed record DriverImage(string Subject, string ClassName, string Image);

/// <summary>Images split in two folders, each with a subfolder a class.</summary>
/// <param name="Train">The folder to train on.</param>
/// <param name="Val">The folder to validate on.</param>
/// <param name="TrainDrivers">Who is to be seen in the former.</param>
/// <param name="ValDrivers">Who is to be seen in the latter.</param>
public sealed record DataSplit(string Train, string Val, IReadOnlyList<string> TrainDrivers, IReadOnlyList<string> ValDrivers);

/// <summary>State Farm's Distracted Driver Detection data (Kaggle, 2016): its classes, its driver list, and how to split it.</summary>
public static class StateFarm
{
    internal const string DriverListName = "driver_imgs_list.csv";

    /// <summary>What each class's folder shows, in order.</summary>
    public static IReadOnlyDictionary<string, string> ClassNames { get; } = new OrderedDictionary<string, string>
    {
        ["c0"] = "safe driving",
        ["c1"] = "texting - right",
        ["c2"] = "talking on the phone - right",
        ["c3"] = "texting - left",
        ["c4"] = "talking on the phone - left",
        ["c5"] = "operating the radio",
        ["c6"] = "drinking",
        ["c7"] = "reaching behind",
        ["c8"] = "hair and makeup",
        ["c9"] = "talking to passenger",
    };

    /// <summary>Reads who is to be seen in which image.</summary>
    /// <param name="path">driver_imgs_list.csv, with the columns subject, classname, img.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file has other columns.</exception>
    public static IReadOnlyList<DriverImage> ReadDriverList(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException(
            $"There is no driver list {path}. It comes with the State Farm data; SampleDataset.Create makes one for its pictures.", path);
        var rows = CsvRows.Read(path);
        return rows.All(row => row.Keys.SequenceEqual(["subject", "classname", "img"]))
            ? [.. rows.Select(row => new DriverImage(row["subject"], row["classname"], row["img"]))]
            : throw new InvalidDataException($"{path} is no driver list: expected the columns 'subject,classname,img'.");
    }

    /// <summary>
    /// Splits a dataset so that nobody is in both parts. The files are hard links where the file system has them, copies otherwise.
    /// </summary>
    /// <param name="dataset">A folder with driver_imgs_list.csv and imgs/.</param>
    /// <param name="destination">The folder to make; what was split into it before in the same way is taken as it is.</param>
    /// <param name="validationDrivers">How many drivers to validate on, drawn at random.</param>
    /// <param name="seed">Other seeds draw other drivers.</param>
    /// <exception cref="ArgumentOutOfRangeException">No driver would be left on one of the two sides.</exception>
    /// <exception cref="FileNotFoundException">The list, or an image on it, is missing.</exception>
    /// <exception cref="IOException">The destination holds something else, or can't be written.</exception>
    public static DataSplit SplitByDriver(string dataset, string destination, int validationDrivers = 4, int seed = 1)
    {
        var list = ReadDriverList(Path.Combine(dataset, DriverListName));
        string[] drivers = [.. list.Select(image => image.Subject).Distinct().Order(StringComparer.Ordinal)];
        if (validationDrivers < 1 || validationDrivers >= drivers.Length)
            throw new ArgumentOutOfRangeException(nameof(validationDrivers),
                $"Of {drivers.Length} drivers 1 to {drivers.Length - 1} can be held out. Received: {validationDrivers}.");
        var unseen = Drawn(drivers.Length, validationDrivers, seed).Select(i => drivers[i]).ToHashSet();
        return Split(dataset, destination, list, image =>
            unseen.Contains(image.Subject),
                $"by driver, seed {seed}: {string.Join(", ", unseen.Order(StringComparer.Ordinal))} to validate on");
    }

    /// <summary>
    /// Splits a dataset as the tutorial does, image by image: the same drivers, in frames of the same clips, are in both parts.
    /// </summary>
    /// <param name="dataset">A folder with driver_imgs_list.csv and imgs/.</param>
    /// <param name="destination">The folder to make; what was split into it before in the same way is taken as it is.</param>
    /// <param name="validationShare">The share of images to validate on, between 0 and 1.</param>
    /// <param name="seed">Other seeds draw other images.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is not between 0 and 1.</exception>
    /// <exception cref="FileNotFoundException">The list, or an image on it, is missing.</exception>
    /// <exception cref="IOException">The destination holds something else, or can't be written.</exception>
    public static DataSplit SplitRandomly(string dataset, string destination, double validationShare = 0.2, int seed = 1)
    {
        if (validationShare is not (> 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(validationShare),
            $"The validation share is between 0 and 1. Received: {validationShare}.");
        var list = ReadDriverList(Path.Combine(dataset, DriverListName));
        var chosen = Drawn(list.Count, (int)Math.Round(list.Count * validationShare), seed).Select(i => list[i]).ToHashSet();
        return Split(dataset, destination, list, chosen.Contains,
            FormattableString.Invariant($"image by image, seed {seed}: {validationShare} to validate on"));
    }

    private static IEnumerable<int> Drawn(int of, int count, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(seed);
        return new NumpyRandom((uint)seed).Permutation(of).Take(count);
    }

    private static DataSplit Split(string dataset, string destination, IReadOnlyList<DriverImage> list, Func<DriverImage,
        bool> isValidation, string how)
    {
        NewFolder.Make(destination, $"{list.Count} images (list {Digest(Path.Combine(dataset, DriverListName))}), split {how}.\n",
            unfinished =>
        {
            foreach (var image in list)
            {
                var folder = Directory.CreateDirectory(Path.Combine(unfinished, isValidation(image) ? "val" : "train", image.ClassName));
                HardLink.OrCopy(Find(dataset, image), Path.Combine(folder.FullName, image.Image));
            }
        });
        string[] Drivers(bool validation) =>
            [.. list.Where(image => isValidation(image) == validation).Select(image => image.Subject).Distinct()
                .Order(StringComparer.Ordinal)];
        return new DataSplit(Path.Combine(destination, "train"), Path.Combine(destination, "val"), Drivers(false), Drivers(true));
    }

    private static string Digest(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))[..16];

    // Kaggle's labelled images all lie in imgs/train; a random split may have put some of them into imgs/val.
    private static string Find(string dataset, DriverImage image) =>
        new[] { "train", "val" }.Select(part => Path.Combine(dataset, "imgs", part, image.ClassName, image.Image))
            .FirstOrDefault(File.Exists)
        ?? throw new FileNotFoundException(
            $"{DriverListName} names {image.ClassName}/{image.Image}, but neither imgs/train nor imgs/val of {dataset} has it. Unpack the "
                + "images again.");
}
