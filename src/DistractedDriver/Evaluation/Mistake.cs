namespace DistractedDriver.Evaluation;

/// <summary>A sample that was taken for something else.</summary>
/// <param name="Index">Its number.</param>
/// <param name="File">Its file; null where it has none.</param>
/// <param name="Label">What it is.</param>
/// <param name="Prediction">What it was taken for.</param>
/// <param name="Confidence">How probable that was said to be.</param>
/// <param name="LabelProbability">How probable was said to be what it is.</param>
public sealed record Mistake(int Index, string? File, string Label, string Prediction, double Confidence, double LabelProbability);
