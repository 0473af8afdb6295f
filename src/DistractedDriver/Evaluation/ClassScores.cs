namespace DistractedDriver.Evaluation;

/// <summary>How well a class, or the average of classes, is recognised. A share of nothing is 0.</summary>
/// <param name="Name">The class's name, or the average's: "macro avg".</param>
/// <param name="Precision">Of the samples taken for the class, the share that is of it.</param>
/// <param name="Recall">Of the samples of the class, the share taken for it.</param>
/// <param name="F1">The harmonic mean of both.</param>
/// <param name="Support">How many samples are of the class.</param>
public sealed record ClassScores(string Name, double Precision, double Recall, double F1, int Support);
