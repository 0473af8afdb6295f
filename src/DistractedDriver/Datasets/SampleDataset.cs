using System.Globalization;
using System.Text;
using DistractedDriver.Core;
using DistractedDriver.Datasets.Sample;
using DistractedDriver.Files;

namespace DistractedDriver.Datasets;

// Datasets: what there is to learn from - State Farm's photographs with their classes, drivers and splits, and in Sample a drawn
// stand-in, so that everything runs without them: Appearance and Pose say what is to be seen, the painters paint it, Photograph
// takes the picture.

/// <summary>
/// Drawn pictures of drivers in the folders and with the list of State Farm's Distracted Driver data: a stand-in for
/// photographs that may not be passed on. Like those, they come in short clips whose frames resemble each other.
/// </summary>
/// <param name="Folder">The dataset's folder, as it was given.</param>
public sealed record SampleDataset(string Folder)
{
    private const int Version = 1, FramesPerClip = 4, TestDrivers = 2, TestFrames = 2;
    private const double ValidationShare = 0.2;

    /// <summary>The folder of training images, a subfolder a class.</summary>
    public string Train => Path.Combine(Folder, "imgs", "train");

    /// <summary>The folder of validation images, drawn at random from the same clips as the training images.</summary>
    public string Val => Path.Combine(Folder, "imgs", "val");

    /// <summary>The folder of images without labels, of drivers who are in no other folder.</summary>
    public string Test => Path.Combine(Folder, "imgs", "test");

    /// <summary>Which driver is to be seen in which image: a CSV file of the columns subject, classname, img.</summary>
    public string DriverList => Path.Combine(Folder, StateFarm.DriverListName);

    /// <summary>Draws the dataset, unless it is there already. The same arguments give the same bytes.</summary>
    /// <param name="folder">Where to: created whole or not at all.</param>
    /// <param name="drivers">How many drivers, 2 to 90; each has a clip of four 640 × 480 frames in each of the ten classes.</param>
    /// <param name="seed">Other seeds give other people.</param>
    /// <returns>Where everything is.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There would be too few or too many drivers, or the seed is negative.</exception>
    /// <exception cref="IOException">The folder exists and holds something else, or can't be written.</exception>
    public static SampleDataset Create(string folder, int drivers = 14, int seed = 1)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentOutOfRangeException.ThrowIfNegative(seed);
        if (drivers is < 2 or > 90) throw new ArgumentOutOfRangeException(nameof(drivers),
            $"There are 2 to 90 drivers. Received: {drivers}.");
        var dataset = new SampleDataset(folder);
        var content = FormattableString.Invariant($"Drawn pictures, version {Version}: {drivers} drivers, seed {seed}.\n");
        NewFolder.Make(folder, content, unfinished =>
        {
            var frames = Frames(drivers, (uint)seed);
            TextOutput.WriteLine($"Drawing the sample dataset: {frames.Length} pictures into {folder} …");
            new SampleDataset(unfinished).Write(frames, drivers, (uint)seed);
        });
        return dataset;
    }

    private void Write(Frame[] frames, int drivers, uint seed)
    {
        foreach (var name in StateFarm.ClassNames.Keys)
        {
            Directory.CreateDirectory(Path.Combine(Train, name));
            Directory.CreateDirectory(Path.Combine(Val, name));
        }
        Directory.CreateDirectory(Test);
        var appearances = Enumerable.Range(0, drivers + TestDrivers).Select(driver => new Appearance(Randomness(seed, "look", driver)))
            .ToArray();
        Parallel.ForEach(frames, frame =>
        {
            var clip = Randomness(seed, "clip", frame.Driver, frame.Class);
            var moment = Randomness(seed, "frame", frame.Driver, frame.Class, frame.Number);
            File.WriteAllBytes(Path.Combine(frame.Folder(this), frame.Name),
                Photograph.Take(appearances[frame.Driver], $"c{frame.Class}", clip, moment, frame.Number));
        });
        var list = new StringBuilder("subject,classname,img\n");
        foreach (var frame in frames.Where(frame => frame.Use != Use.Test).OrderBy(frame => (frame.Driver, frame.Class))
            .ThenBy(frame => frame.Name, StringComparer.Ordinal))
            list.Append(CultureInfo.InvariantCulture, $"p{frame.Driver + 1:000},c{frame.Class},{frame.Name}\n");
        File.WriteAllText(DriverList, list.ToString());
    }

    // All pictures with their places. As in the real data a file's number says nothing of its driver or class.
    private static Frame[] Frames(int drivers, uint seed)
    {
        var frames = (
            from driver in Enumerable.Range(0, drivers + TestDrivers)
            from number in Enumerable.Range(0, StateFarm.ClassNames.Count)
            from frame in Enumerable.Range(0, driver < drivers ? FramesPerClip : TestFrames)
            select new Frame(driver, number, frame, driver < drivers ? Use.Train : Use.Test, "")).ToArray();
        var random = Randomness(seed, "files");
        var names = random.Permutation(frames.Length * 4);
        for (var i = 0; i < frames.Length; i++) frames[i] = frames[i] with { Name = $"img_{names[i] + 1}.jpg" };
        for (var number = 0; number < StateFarm.ClassNames.Count; number++)
        {
            var own = Enumerable.Range(0, frames.Length).Where(i => frames[i].Class == number && frames[i].Use == Use.Train).ToArray();
            foreach (var chosen in random.Permutation(own.Length)
                .Take((int)Math.Round(own.Length * ValidationShare))) frames[own[chosen]] = frames[own[chosen]] with { Use = Use.Val };
        }
        return frames;
    }

    private static NumpyRandom Randomness(uint seed, string purpose, params int[] numbers)
    {
        // FNV-1a over all of them: one stream for each purpose.
        var hash = 2166136261u;
        foreach (var value in purpose.Select(letter => (uint)letter).Append(seed).Concat(numbers.Select(number => (uint)number)))
            for (var shift = 0; shift < 32; shift += 8) hash = (hash ^ (byte)(value >> shift)) * 16777619u;
        return new NumpyRandom(hash);
    }

    private enum Use
    {
        Train,
        Val,
        Test,
    }

    private sealed record Frame(int Driver, int Class, int Number, Use Use, string Name)
    {
        public string Folder(SampleDataset dataset) => Use switch
        {
            Use.Train => Path.Combine(dataset.Train, $"c{Class}"),
            Use.Val => Path.Combine(dataset.Val, $"c{Class}"),
            _ => dataset.Test,
        };
    }
}
