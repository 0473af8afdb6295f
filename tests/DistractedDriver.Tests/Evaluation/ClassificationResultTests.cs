using DistractedDriver.Evaluation;

namespace LibraryTests;

public sealed class ClassificationResultTests
{
    private static readonly float[,] Probabilities = { { 0.6f, 0.4f }, { 0.9f, 0.1f }, { 0.3f, 0.7f }, { 0.5f, 0.5f } };

    [Fact]
    public void Predictions_OfEqualProbabilities_TakeTheFirstAndTopKTheLast()
    {
        var result = new ClassificationResult([1, 0, 1, 1], Probabilities);
        Assert.Equal([0, 0, 1, 0], result.Predictions);
        Assert.Equal(0.5, result.Accuracy);
        Assert.Equal(0.75, result.TopKAccuracy(1));
        Assert.Equal(["0", "1"], result.Classes);
    }

    [Fact]
    public void MostConfidentMistakes_ComeWithNamesAndFilesFromTheSurest()
    {
        var result = new ClassificationResult([1, 1, 1, 1], Probabilities, ["cat", "dog"], ["a.jpg", "b.jpg", "c.jpg", "d.jpg"]);
        Assert.Equal(["b.jpg", "a.jpg", "d.jpg"], result.MostConfidentMistakes().Select(mistake => mistake.File));
        var surest = result.MostConfidentMistakes(1).Single();
        Assert.Equal((1, "dog", "cat", 0.9f, 0.1f),
            (surest.Index, surest.Label, surest.Prediction, (float)surest.Confidence, (float)surest.LabelProbability));
        Assert.Contains("without files",
            Assert.Throws<InvalidOperationException>(() => new ClassificationResult([1], new[,] { { 1f, 0 } }).ShowMostConfidentMistakes())
                .Message);
    }

    [Theory]
    [InlineData(1.5f, "0 to 1")]
    [InlineData(-0.1f, "0 to 1")]
    [InlineData(float.NaN, "NaN in row 0, column 1")]
    public void Result_OfNoProbabilities_IsRefused(float value, string message) => Assert.Contains(message,
        Assert.Throws<ArgumentException>(() => new ClassificationResult([0], new[,] { { 0.5f, value } })).Message);

    [Fact]
    public void Result_OfOtherSizes_IsRefusedByName()
    {
        Assert.Contains("1 labels, 4 rows", Assert.Throws<ArgumentException>(() => new ClassificationResult([0], Probabilities)).Message);
        Assert.Contains("Received: 2 at 3",
            Assert.Throws<ArgumentException>(() => new ClassificationResult([0, 0, 0, 2], Probabilities)).Message);
        Assert.Contains("at least two",
            Assert.Throws<ArgumentException>(() => new ClassificationResult([0], new[,] { { 0.5f } })).Message);
        Assert.Contains("Received: 3",
            Assert.Throws<ArgumentException>(() => new ClassificationResult([0, 0, 0, 1], Probabilities, ["a", "b", "c"])).Message);
    }

    [Fact]
    public void LogLoss_OfSigmoids_IsRefusedAndKagglesIsNot()
    {
        var sigmoids = new ClassificationResult([0], new[,] { { 0.8f, 0.8f } });
        Assert.Contains("KaggleLogLoss", Assert.Throws<ArgumentException>(() => sigmoids.LogLoss).Message);
        Assert.Equal(Math.Log(2), sigmoids.KaggleLogLoss, 1e-12);
    }

    [Fact]
    public void Average_IsOfTheSameSamplesAlone()
    {
        var first = new ClassificationResult([0, 1], new[,] { { 1f, 0 }, { 1f, 0 } });
        var second = new ClassificationResult([0, 1], new[,] { { 0.5f, 0.5f }, { 0, 1f } });
        Assert.Equal([0.75f, 0.25f, 0.5f, 0.5f], ClassificationResult.Average([first, second]).ToArray().Cast<float>());
        Assert.Contains("result 1", Assert.Throws<ArgumentException>(() =>
            ClassificationResult.Average([first, new ClassificationResult([1, 1], new[,] { { 1f, 0 }, { 1f, 0 } })])).Message);
    }

    [Fact]
    public void Join_PutsFoldsOneAfterTheOther()
    {
        var joined = ClassificationResult.Join(
            [new([0], new[,] { { 1f, 0 } }, files: ["a"]), new([1, 1], new[,] { { 1f, 0 }, { 0, 1f } }, files: ["b", "c"])]);
        Assert.Equal([0, 1, 1], joined.Labels);
        Assert.Equal(["a", "b", "c"], joined.Files!);
        Assert.Equal(2.0 / 3, joined.Accuracy);
    }

    [Fact]
    public void Scores_OfASingleClass_AreNotANumberWhereTheyHaveNoMeaning()
    {
        var single = new ClassificationResult([0, 0], new[,] { { 0.9f, 0.1f }, { 0.8f, 0.2f } });
        Assert.Equal(1, single.Accuracy);
        Assert.Equal(1, single.Confusion.BalancedAccuracy);
        Assert.True(double.IsNaN(single.Confusion.CohenKappa));
        Assert.True(double.IsNaN(single.RocAuc));
        Assert.Equal(0, single.PrecisionRecallCurve(1).AveragePrecision);
    }

    [Fact]
    public void Normalized_OfEmptyRowsAndColumns_Is0()
    {
        var confusion = new ConfusionMatrix([0, 0, 1], [0, 2, 2], ["a", "b", "c"]);
        Assert.Equal([0.5, 0, 0.5, 0, 0, 1, 0, 0, 0], confusion.Normalized("true").Cast<double>());
        Assert.Equal([1, 0, 0.5, 0, 0, 0.5, 0, 0, 0], confusion.Normalized("pred").Cast<double>());
        Assert.Contains("\"rows\"", Assert.Throws<ArgumentException>(() => confusion.Normalized("rows")).Message);
    }

    [Fact]
    public void Calibration_CountsAConfidenceOnAnEdgeBelowIt()
    {
        var calibration = new Calibration([0, 0.5, 0.75, 1], [false, true, false, true], bins: 2);
        Assert.Equal([(0, 0.5, 2), (0.5, 1, 2)], calibration.Bins.Select(bin => (bin.From, bin.To, bin.Count)));
        Assert.Equal((Math.Abs(0.5 - 0.25) + Math.Abs(0.5 - 0.875)) / 2, calibration.ExpectedError, 1e-12);
        Assert.Throws<ArgumentException>(() => new Calibration([0.5], [true], strategy: "even"));
    }
}
