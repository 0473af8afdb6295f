namespace DistractedDriver.Features;

/// <summary>One file of features, as people see it.</summary>
/// <param name="File">Its path.</param>
/// <param name="Description">Whose features under which preprocessing.</param>
/// <param name="Samples">How many samples' features it holds.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Used">When it was last opened.</param>
public sealed record KeptFeatures(string File, string Description, long Samples, long Size, DateTime Used);
