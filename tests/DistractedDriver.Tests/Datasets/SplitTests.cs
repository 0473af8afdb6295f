using DistractedDriver.Datasets;

namespace LibraryTests;

public sealed class SplitTests
{
    private static readonly string[] Drivers = ["p2", "p2", "p1", "p1", "p1", "p3", "p4", "p4"];
    private static readonly string[] Labels = ["a", "b", "a", "b", "a", "b", "a", "b"];

    [Fact]
    public void Folds_TestEverySampleOnceAndTrainOnAllOthers()
    {
        IReadOnlyList<Fold>[] splits =
        [
            new KFold(3, shuffle: true, randomState: 1).Split(8), new StratifiedKFold(3, shuffle: true).Split(Labels),
            new GroupKFold(3).Split(Drivers), new StratifiedGroupKFold(3).Split(Labels, Drivers),
        ];
        foreach (var folds in splits)
        {
            Assert.Equal(Enumerable.Range(0, 8), folds.SelectMany(fold => fold.Test).Order());
            foreach (var fold in folds) Assert.Equal(Enumerable.Range(0, 8), fold.Train.Concat(fold.Test).Order());
        }
    }

    [Fact]
    public void Groups_AreInOnePartAlone()
    {
        Fold[] folds =
        [
            .. new GroupKFold(3).Split(Drivers), .. new StratifiedGroupKFold(2).Split(Labels, Drivers),
            .. new GroupShuffleSplit(4, testSize: 0.5, randomState: 2).Split(Drivers),
        ];
        foreach (var fold in folds)
            Assert.Empty(fold.Train.Select(i => Drivers[i]).Intersect(fold.Test.Select(i => Drivers[i])));
    }

    [Fact]
    public void Stratified_KeepsClassesShares()
    {
        int[] labels = [.. Enumerable.Range(0, 100).Select(i => i % 10 == 0 ? 1 : 0)];
        var split = TrainTestSplit.Stratified(labels, testSize: 0.2, randomState: 0);
        Assert.Equal(2, split.Test.Count(i => labels[i] == 1));
        Assert.All(new StratifiedKFold(5).Split(labels), fold => Assert.Equal(2, fold.Test.Count(i => labels[i] == 1)));
    }

    [Fact]
    public void Splits_OfOneSeed_AreTheSame()
    {
        Assert.Equal(TrainTestSplit.Split(50, randomState: 3).Test, TrainTestSplit.Split(50, randomState: 3).Test);
        Assert.NotEqual(TrainTestSplit.Split(50, randomState: 3).Test, TrainTestSplit.Split(50, randomState: 4).Test);
    }

    [Fact]
    public void Splits_ThatLeaveAPartEmpty_AreRefused()
    {
        Assert.Contains("2 samples", Assert.Throws<ArgumentException>(() => new KFold(3).Split(2)).Message);
        Assert.Contains("4 groups", Assert.Throws<ArgumentException>(() => new GroupKFold(5).Split(Drivers)).Message);
        Assert.Contains("of some class", Assert.Throws<ArgumentException>(() => new StratifiedKFold(5).Split(Labels)).Message);
        Assert.Contains("rarest class", Assert.Throws<ArgumentException>(() => TrainTestSplit.Stratified([0, 0, 0, 1])).Message);
        Assert.Contains("0 to train on", Assert.Throws<ArgumentException>(() => TrainTestSplit.Split(1)).Message);
        Assert.Contains("8 labels, 1 groups",
            Assert.Throws<ArgumentException>(() => new StratifiedGroupKFold(2).Split(Labels, ["p1"])).Message);
        Assert.Contains("shuffle: true", Assert.Throws<ArgumentException>(() => new KFold(3, randomState: 1)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new KFold(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => TrainTestSplit.Split(10, testSize: 1.2));
        Assert.Throws<ArgumentOutOfRangeException>(() => TrainTestSplit.Split(10, randomState: -1));
    }
}
