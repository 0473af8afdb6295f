namespace DistractedDriver.Preprocessing;

/// <summary>
/// What besides a sample's content determines its values, in words that mean the same in every process: equal keys, equal values.
/// </summary>
/// <param name="Description">"224 × 224 rgb, nearest; times 0.003921569".</param>
internal sealed record PreprocessingKey(string Description);
