using System.Globalization;
using DistractedDriver.Core;
using DistractedDriver.Files;
using DistractedDriver.Imaging;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Preprocessing;

public sealed partial class ImageDataGenerator
{
    /// <summary>Takes images that lie in memory.</summary>
    /// <param name="x">The images, (images, height, width, 1, 3 or 4), in 0…255; stays the caller's.</param>
    /// <param name="y">Their labels, the first axis counting them; none by default. Stays the caller's.</param>
    /// <param name="batchSize">How many images make a batch.</param>
    /// <param name="shuffle">Whether each epoch has an order of its own.</param>
    /// <param name="seed">Makes the order and the augmentation repeatable, with Keras's own result.</param>
    /// <param name="sampleWeight">How much each image counts, (images); once each by default. Stays the caller's.</param>
    /// <param name="subset">
    /// "training" or "validation": the part of the images, the first ones validating, that validationSplit makes of them; null for all.
    /// </param>
    /// <param name="saveToDir">
    /// A folder to leave every image in, as it is given to the network but scaled to 0…255; none by default.
    /// </param>
    /// <param name="savePrefix">What the names of those files begin with.</param>
    /// <param name="saveFormat">"png", "jpeg" or "jpg".</param>
    /// <exception cref="ArgumentException">The tensors do not fit together, or another argument is out of its range.</exception>
    public ArrayIterator Flow(
        Tensor x, Tensor? y = null, int batchSize = 32, bool shuffle = true, int? seed = null, Tensor? sampleWeight = null,
            string? subset = null,
        string? saveToDir = null, string savePrefix = "", string saveFormat = "png")
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.dim() != 4 || x.shape[3] is not (1 or 3 or 4))
            throw new ArgumentException(
                $"Images are of shape (images, height, width, 1, 3 or 4). Received: ({string.Join(", ", x.shape)}).", nameof(x));
        using var scope = torch.NewDisposeScope();
        var (first, last) = Part((int)x.shape[0], subset);
        Tensor? Taken(Tensor? rows) => rows?.slice(0, first, last, 1);
        // The iterator has copies of its own: the caller's tensors may not live as long.
        var labels = y?.shape[0] == x.shape[0] ? Taken(y)!.clone().DetachFromDisposeScope() : y;
        var source = new ArraySource(Taken(x)!, labels, batchSize, shuffle: false, Taken(sampleWeight)?.clone().DetachFromDisposeScope());
        return new ArrayIterator(this, Taken(x)!, source, batchSize, shuffle, seed, SavedImages.Of(saveToDir, savePrefix, saveFormat));
    }

    /// <summary>Takes the images of a folder in which each class has a subfolder.</summary>
    /// <param name="directory">The folder: "imgs/train".</param>
    /// <param name="targetSize">Height and width in pixels that images are scaled to; (256, 256) by default.</param>
    /// <param name="classes">The subfolders to take, in the order of their numbers; by default all, sorted.</param>
    /// <param name="classMode">"categorical" (one-hot), "binary" or "sparse" (numbers), "input" (the images themselves) or null.</param>
    /// <param name="batchSize">How many images make a batch.</param>
    /// <param name="shuffle">Whether each epoch has an order of its own; otherwise files come sorted by class and name.</param>
    /// <param name="seed">Makes the order and the augmentation repeatable, with Keras's own result.</param>
    /// <param name="interpolation">
    /// "nearest", "box", "bilinear", "hamming", "bicubic" or "lanczos": how pixels are found when scaling.
    /// </param>
    /// <param name="subset">
    /// "training" or "validation": the part of each class's images that validationSplit makes of them; null for all.
    /// </param>
    /// <param name="colorMode">"rgb", "grayscale" (one value a pixel) or "rgba".</param>
    /// <param name="saveToDir">
    /// A folder to leave every image in, as it is given to the network but scaled to 0…255; none by default.
    /// </param>
    /// <param name="savePrefix">What the names of those files begin with.</param>
    /// <param name="saveFormat">"png", "jpeg" or "jpg".</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder, or a class's subfolder is missing.</exception>
    /// <exception cref="InvalidDataException">The folder has no subfolders, or one of them has no images.</exception>
    /// <exception cref="ArgumentException">Another argument is out of its range.</exception>
    public DirectoryIterator FlowFromDirectory(
        string directory, (int Height, int Width)? targetSize = null, IReadOnlyList<string>? classes = null,
            string? classMode = "categorical",
        int batchSize = 32, bool shuffle = true, int? seed = null, string interpolation = "nearest", string? subset = null,
            string colorMode = "rgb",
        string? saveToDir = null, string savePrefix = "", string saveFormat = "png")
    {
        ArgumentNullException.ThrowIfNull(directory);
        var format = ImageFormat.Of(targetSize, colorMode, interpolation);
        if (classMode is not (null or "categorical" or "binary" or "sparse" or "input"))
            throw new ArgumentException(
                $"The class mode is \"categorical\", \"binary\", \"sparse\", \"input\" or null. Received: \"{classMode}\".",
                    nameof(classMode));
        _ = Part(0, subset);
        if (!Directory.Exists(directory))
            throw new DirectoryNotFoundException(
                $"There is no image folder {directory} (seen from {Environment.CurrentDirectory}). Give a folder that has a subfolder for "
                    + "each class.");
        classes ??= [.. Directory.GetDirectories(directory).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)];
        if (classes.Count == 0) throw new InvalidDataException(
            $"The image folder {directory} has no subfolders; it needs one for each class, with images in it.");
        CheckBinary(classMode, classes.Count, directory);

        var files = classes.SelectMany((name, number) =>
        {
            var all = Files(directory, name);
            var (first, last) = Part(all.Length, subset);
            return all[first..last].Select(file => (file, $"{name}/{Path.GetRelativePath(Path.Combine(directory, name), file)}", number));
        }).ToArray();
        TextOutput.WriteLine($"Found {files.Length} images belonging to {classes.Count} classes.");
        return new DirectoryIterator(this, directory, files, classes, classMode, format, batchSize, shuffle, seed,
            SavedImages.Of(saveToDir, savePrefix, saveFormat));
    }

    /// <summary>Takes the images that a CSV file names, one a line.</summary>
    /// <param name="dataframe">The CSV file; its first line names the columns.</param>
    /// <param name="directory">The folder that the file names start from; by default they are whole paths.</param>
    /// <param name="xCol">The column of file names.</param>
    /// <param name="yCol">The column of classes, or of numbers for the class mode "raw".</param>
    /// <param name="weightCol">The column that says how much each image counts; once each by default.</param>
    /// <param name="targetSize">Height and width in pixels that images are scaled to; (256, 256) by default.</param>
    /// <param name="classes">The classes to take, in the order of their numbers; by default all, sorted.</param>
    /// <param name="classMode">
    /// "categorical" (one-hot), "binary" or "sparse" (numbers), "raw" (the column's numbers), "input" (the images themselves) or null.
    /// </param>
    /// <param name="batchSize">How many images make a batch.</param>
    /// <param name="shuffle">Whether each epoch has an order of its own.</param>
    /// <param name="seed">Makes the order and the augmentation repeatable, with Keras's own result.</param>
    /// <param name="interpolation">
    /// "nearest", "box", "bilinear", "hamming", "bicubic" or "lanczos": how pixels are found when scaling.
    /// </param>
    /// <param name="subset">
    /// "training" or "validation": the part of the table's images that validationSplit makes of them; null for all.
    /// </param>
    /// <param name="colorMode">"rgb", "grayscale" (one value a pixel) or "rgba".</param>
    /// <param name="saveToDir">
    /// A folder to leave every image in, as it is given to the network but scaled to 0…255; none by default.
    /// </param>
    /// <param name="savePrefix">What the names of those files begin with.</param>
    /// <param name="saveFormat">"png", "jpeg" or "jpg".</param>
    /// <param name="validateFilenames">
    /// Whether rows whose file is missing, or no image by its ending, are left out, which is said; otherwise they end the training.
    /// </param>
    /// <exception cref="FileNotFoundException">There is no such CSV file.</exception>
    /// <exception cref="InvalidDataException">The CSV file has not those columns, or names no image that can be taken.</exception>
    /// <exception cref="ArgumentException">Another argument is out of its range.</exception>
    public DataFrameIterator FlowFromDataframe(
        string dataframe, string? directory = null, string xCol = "filename", string yCol = "class", string? weightCol = null,
        (int Height, int Width)? targetSize = null, IReadOnlyList<string>? classes = null, string? classMode = "categorical",
        int batchSize = 32, bool shuffle = true, int? seed = null, string interpolation = "nearest", string? subset = null,
            string colorMode = "rgb",
        string? saveToDir = null, string savePrefix = "", string saveFormat = "png", bool validateFilenames = true) =>
        FlowFromDataframe(
            CsvRows.Read(dataframe), directory, xCol, yCol, weightCol, targetSize, classes, classMode, batchSize, shuffle, seed,
                interpolation, subset, colorMode, saveToDir,
            savePrefix, saveFormat, validateFilenames);

    /// <summary>Takes the images that a table names, one a row: a CSV file's rows, chosen or changed.</summary>
    /// <param name="dataframe">The rows, each with the same columns.</param>
    /// <param name="directory">The folder that the file names start from; by default they are whole paths.</param>
    /// <param name="xCol">The column of file names.</param>
    /// <param name="yCol">The column of classes, or of numbers for the class mode "raw".</param>
    /// <param name="weightCol">The column that says how much each image counts; once each by default.</param>
    /// <param name="targetSize">Height and width in pixels that images are scaled to; (256, 256) by default.</param>
    /// <param name="classes">The classes to take, in the order of their numbers; by default all, sorted.</param>
    /// <param name="classMode">
    /// "categorical" (one-hot), "binary" or "sparse" (numbers), "raw" (the column's numbers), "input" (the images themselves) or null.
    /// </param>
    /// <param name="batchSize">How many images make a batch.</param>
    /// <param name="shuffle">Whether each epoch has an order of its own.</param>
    /// <param name="seed">Makes the order and the augmentation repeatable, with Keras's own result.</param>
    /// <param name="interpolation">
    /// "nearest", "box", "bilinear", "hamming", "bicubic" or "lanczos": how pixels are found when scaling.
    /// </param>
    /// <param name="subset">
    /// "training" or "validation": the part of the table's images that validationSplit makes of them; null for all.
    /// </param>
    /// <param name="colorMode">"rgb", "grayscale" (one value a pixel) or "rgba".</param>
    /// <param name="saveToDir">
    /// A folder to leave every image in, as it is given to the network but scaled to 0…255; none by default.
    /// </param>
    /// <param name="savePrefix">What the names of those files begin with.</param>
    /// <param name="saveFormat">"png", "jpeg" or "jpg".</param>
    /// <param name="validateFilenames">
    /// Whether rows whose file is missing, or no image by its ending, are left out, which is said; otherwise they end the training.
    /// </param>
    /// <exception cref="InvalidDataException">A row has not those columns, or no image can be taken.</exception>
    /// <exception cref="ArgumentException">Another argument is out of its range.</exception>
    public DataFrameIterator FlowFromDataframe(
        IReadOnlyList<IReadOnlyDictionary<string, string>> dataframe, string? directory = null, string xCol = "filename",
            string yCol = "class", string? weightCol = null,
        (int Height, int Width)? targetSize = null, IReadOnlyList<string>? classes = null, string? classMode = "categorical",
        int batchSize = 32, bool shuffle = true, int? seed = null, string interpolation = "nearest", string? subset = null,
            string colorMode = "rgb",
        string? saveToDir = null, string savePrefix = "", string saveFormat = "png", bool validateFilenames = true)
    {
        ArgumentNullException.ThrowIfNull(dataframe);
        var format = ImageFormat.Of(targetSize, colorMode, interpolation);
        if (classMode is not (null or "categorical" or "binary" or "sparse" or "raw" or "input"))
            throw new ArgumentException(
                $"The class mode is \"categorical\", \"binary\", \"sparse\", \"raw\", \"input\" or null. Received: \"{classMode}\".",
                    nameof(classMode));
        _ = Part(0, subset);
        var hasClasses = classMode is "categorical" or "binary" or "sparse";
        var rows = dataframe.Select(row =>
            (Name: Cell(row, xCol), Label: classMode is null or "input"
                ? ""
                : Cell(row, yCol), Weight: weightCol is null
                ? ""
                : Cell(row, weightCol))).ToArray();
        if (hasClasses && classes is not null) rows = [.. rows.Where(row => classes.Contains(row.Label))];
        string Full(string name) => Path.Combine(directory ?? "", name);
        if (validateFilenames)
        {
            var valid = rows.Where(row => ImageFile.IsImage(row.Name) && File.Exists(Full(row.Name))).ToArray();
            if (valid.Length < rows.Length)
                TextOutput.WriteLine(
                    $"{rows.Length - valid.Length} rows are left out whose '{xCol}' is no image file that exists, such as "
                        + $"{Full(rows.Except(valid).First().Name)}.");
            rows = valid;
        }
        classes = !hasClasses ? [] : classes ?? [.. rows.Select(row => row.Label).Distinct().Order(StringComparer.Ordinal)];
        if (rows.Length == 0) throw new InvalidDataException(
            $"The table names no image that can be taken: its column '{xCol}' holds file names, seen from "
                + $"{(directory is null ? Environment.CurrentDirectory : Path.GetFullPath(directory))}.");
        CheckBinary(classMode, classes.Count, "the table");
        var (first, last) = Part(rows.Length, subset);
        rows = rows[first..last];

        var numbers = classes.Select((name, number) => (name, number)).ToDictionary(pair => pair.name, pair => pair.number);
        var files = rows.Select(row => (Full(row.Name), row.Name, hasClasses ? numbers[row.Label] : 0)).ToArray();
        TextOutput.WriteLine(hasClasses
            ? $"Found {files.Length} validated image filenames belonging to {classes.Count} classes."
            : $"Found {files.Length} validated image filenames.");
        return new DataFrameIterator(
            this, directory ?? "a table", files, classes, classMode, classMode == "raw"
                ? Numbers(rows.Select(row => row.Label), yCol)
                : null,
            weightCol is null
                ? null
                : Numbers(rows.Select(row => row.Weight), weightCol), format, batchSize, shuffle, seed,
                    SavedImages.Of(saveToDir, savePrefix, saveFormat));
    }

    private static string Cell(IReadOnlyDictionary<string, string> row, string column) => row.TryGetValue(column, out var cell)
        ? cell
        : throw new InvalidDataException(
            $"The table has no column '{column}'; it has {string.Join(", ", row.Keys)}. Name the right one by xCol, yCol or weightCol.");

    private static float[] Numbers(IEnumerable<string> cells, string column) =>
        [.. cells.Select(cell => float.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new InvalidDataException($"The column '{column}' holds numbers. Received: '{cell}'."))];

    private static void CheckBinary(string? classMode, int classes, string where)
    {
        if (classMode == "binary"
            && classes != 2) throw new ArgumentException($"The class mode \"binary\" is for two classes; {where} has {classes}.",
                nameof(classMode));
    }

    // The first images validate, as in Keras.
    private (int First, int Last) Part(int images, string? subset)
    {
        if (subset is not (null or "training" or "validation")) throw new ArgumentException(
            $"The subset is \"training\", \"validation\" or null. Received: \"{subset}\".", nameof(subset));
        if (subset is not null
            && _validationSplit == 0) throw new ArgumentException("A subset needs a generator with validationSplit above 0.",
                nameof(subset));
        var held = (int)(_validationSplit * images);
        return subset switch
        {
            "validation" => (0, held),
            "training" => (held, images),
            _ => (0, images),
        };
    }

    private static string[] Files(string directory, string name)
    {
        var folder = Path.Combine(directory, name);
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException(
            $"The image folder {directory} has no subfolder for the class '{name}'.");
        string[] files = [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(ImageFile.IsImage)
            .Order(StringComparer.Ordinal)];
        return files.Length > 0
            ? files
            : throw new InvalidDataException(
                $"The class folder {folder} has no images ({string.Join(", ", ImageFile.Extensions)}). Add some, or leave the class out by "
                    + "the argument classes.");
    }
}
