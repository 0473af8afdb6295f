namespace DistractedDriver;

/// <summary>What a network says an image shows.</summary>
/// <param name="ClassName">The most probable class.</param>
/// <param name="Probability">Its probability, in 0…1.</param>
/// <param name="Probabilities">Every class with its probability, the most probable first.</param>
public sealed record Prediction(string ClassName, float Probability, IReadOnlyList<(string ClassName, float Probability)> Probabilities)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{ClassName} ({Probability:0.00})");
}
