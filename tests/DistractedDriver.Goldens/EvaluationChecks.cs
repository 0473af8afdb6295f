using System.Text.Json;
using DistractedDriver.Datasets;
using DistractedDriver.Evaluation;

namespace Goldens;

/// <summary>What scikit-learn says of four sets of labels and probabilities, and how it splits samples.</summary>
internal static class EvaluationChecks
{
    // Double precision, added up in another order.
    private const double Rounding = 1e-12;

    private static readonly JsonElement Described = Golden.Json("evaluation/described");

    public static IEnumerable<Check> All() => [.. Scores(), .. Folds()];

    /// <summary>Every entry of the sets and of the folds.</summary>
    public static IEnumerable<string> Entries() =>
        Described.EnumerateObject().Where(set => set.Name != "made_with").SelectMany(set =>
            set.Value.EnumerateObject().Select(entry => Name(set.Name, entry.Name)));

    private static string Name(string set, string entry) => $"evaluation/described#{set} {entry}";

    private static IEnumerable<Check> Scores()
    {
        foreach (var set in Described.EnumerateObject().Where(set => set.Name is not ("folds" or "made_with")))
            foreach (var entry in set.Value.EnumerateObject())
                if (Score(set.Name, set.Value, entry.Name, entry.Value) is { } check) yield return check;
    }

    private static Check? Score(string set, JsonElement golden, string entry, JsonElement value)
    {
        Check Near(Func<ClassificationResult, double> ours) => Values(result => [ours(result)], Rounding);
        Check Exact(Func<ClassificationResult, double> ours) => Values(result => [ours(result)], 0);
        Check Values(Func<ClassificationResult, IEnumerable<double>> ours, double bound) =>
            new(Name(set, entry), bound, () => Check.Farthest(ours(Result(set, golden)), Numbers(value)));
        Check Text(Func<ClassificationReport, string> ours, bool numbered = false) => new(Name(set, entry), 0, () =>
        {
            var result = Result(set, golden, numbered);
            return ours(new ClassificationReport(result.Confusion, onlyPresent: numbered)) == value.GetString() ? 0 : 1;
        });
        Check Bins(string strategy) => Values(result =>
        {
            var bins = result.Calibration(10, strategy).Bins;
            return [.. bins.Select(bin => bin.FractionRight), .. bins.Select(bin => bin.MeanConfidence)];
        }, Rounding);

        return entry switch
        {
            "confusion_matrix" => Values(result => result.Confusion.ToArray().Cast<int>().Select(count => (double)count), 0),
            "confusion_matrix_normalised_true" => Values(result => result.Confusion.Normalized("true").Cast<double>(), 0),
            "confusion_matrix_normalised_pred" => Values(result => result.Confusion.Normalized("pred").Cast<double>(), 0),
            "confusion_matrix_normalised_all" => Values(result => result.Confusion.Normalized("all").Cast<double>(), 0),
            "accuracy" => Exact(result => result.Accuracy),
            "balanced_accuracy" => Near(result => result.Confusion.BalancedAccuracy),
            "kappa" => Near(result => result.Confusion.CohenKappa),
            "matthews" => Near(result => result.Confusion.MatthewsCorrelation),
            "precision_recall_f1_support" => Values(result =>
            [
                .. result.Report.Classes.Select(scores => scores.Precision), .. result.Report.Classes.Select(scores => scores.Recall),
                .. result.Report.Classes.Select(scores => scores.F1), .. result.Report.Classes.Select(scores => (double)scores.Support),
            ], 0),
            "f1_micro" => Exact(result => result.Report.Micro.F1),
            "f1_macro" => Exact(result => result.Report.Macro.F1),
            "f1_weighted" => Exact(result => result.Report.Weighted.F1),
            "report" => Text(report => report.ToString()),
            "report_digits_4" => Text(report => ClassificationReportText.Write(report, digits: 4)),
            "report_without_names" => Text(report => report.ToString(), numbered: true),
            "log_loss" => Near(result => result.LogLoss),
            "log_loss_kaggle" => Near(result => result.KaggleLogLoss),
            "top_1" or "top_2" or "top_3" => Exact(result => result.TopKAccuracy(entry[^1] - '0')),
            "brier_multiclass" => Near(result => result.BrierScore),
            "roc_auc_ovr_macro" or "roc_auc" => Near(result => result.RocAuc),
            "average_precision_per_class" => Values(result =>
                Enumerable.Range(0, result.Classes.Count).Select(c => result.PrecisionRecallCurve(c).AveragePrecision), Rounding),
            "roc_curve" => Values(result => [.. result.RocCurve(1).FalsePositiveRates, .. result.RocCurve(1).TruePositiveRates], 0),
            "calibration_uniform_10" => Bins("uniform"),
            "calibration_quantile_10" => Bins("quantile"),
            "expected_calibration_error_10" => Near(result => result.Calibration().ExpectedError),
            "most_confident_mistakes" =>
                Values(result => result.MostConfidentMistakes(10).Select(mistake => (double)mistake.Index), 0),
            _ => null,
        };
    }

    private static IEnumerable<Check> Folds()
    {
        var golden = Described.GetProperty("folds");
        int[] groups = [.. Integers(golden.GetProperty("groups"))], labels = [.. Integers(golden.GetProperty("labels"))];
        (string Entry, Func<IEnumerable<IReadOnlyList<int>>> Ours)[] splits =
        [
            ("GroupKFold(5).test", () => Tests(new GroupKFold(5).Split(groups))),
            ("StratifiedKFold(3).test", () => Tests(new StratifiedKFold(3).Split(labels))),
            ("KFold(4).test", () => Tests(new KFold(4).Split(labels.Length))),
            ("KFold(5, shuffle, 42).test", () => Tests(new KFold(5, shuffle: true, randomState: 42).Split(labels.Length))),
            ("StratifiedKFold(5, shuffle, 42).test", () =>
                Tests(new StratifiedKFold(5, shuffle: true, randomState: 42).Split(labels))),
            ("StratifiedGroupKFold(4).test", () => Tests(new StratifiedGroupKFold(4).Split(labels, groups))),
            ("train_test_split(0.2, 42)", () => Both(TrainTestSplit.Split(labels.Length, testSize: 0.2, randomState: 42))),
            ("train_test_split(0.2, stratify, 42)", () =>
                Both(TrainTestSplit.Stratified(labels, testSize: 0.2, randomState: 42))),
            ("GroupShuffleSplit(1, 0.25, 42)", () =>
                Both(new GroupShuffleSplit(1, testSize: 0.25, randomState: 42).Split(groups).Single())),
        ];
        return splits.Select(split => new Check(Name("folds", split.Entry), 0, () =>
        {
            var theirs = golden.GetProperty(split.Entry).EnumerateArray().Select(part => Integers(part).ToArray()).ToArray();
            var ours = split.Ours().ToArray();
            return ours.Length == theirs.Length
                ? ours.Zip(theirs).Sum(pair => Check.Different(pair.First, pair.Second))
                : double.PositiveInfinity;
        }));
    }

    private static IEnumerable<IReadOnlyList<int>> Tests(IEnumerable<Fold> folds) => folds.Select(fold => fold.Test);

    private static IEnumerable<IReadOnlyList<int>> Both(Fold fold) => [fold.Train, fold.Test];

    private static ClassificationResult Result(string set, JsonElement golden, bool numbered = false)
    {
        var shape = Golden.Shape($"evaluation/{set}_probabilities");
        var probabilities = new float[shape[0], shape[1]];
        Buffer.BlockCopy(Golden.Floats($"evaluation/{set}_probabilities"), 0, probabilities, 0, probabilities.Length * sizeof(float));
        return new([.. Integers(golden.GetProperty("labels"))], probabilities,
            numbered ? null : [.. golden.GetProperty("classes").EnumerateArray().Select(name => name.GetString()!)]);
    }

    private static IEnumerable<int> Integers(JsonElement array) => array.EnumerateArray().Select(number => number.GetInt32());

    // Every number in order, however deep.
    private static IEnumerable<double> Numbers(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Numbers),
        JsonValueKind.Object => value.EnumerateObject().SelectMany(entry => Numbers(entry.Value)),
        _ => [value.GetDouble()],
    };
}
