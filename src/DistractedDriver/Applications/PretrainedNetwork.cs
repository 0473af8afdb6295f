namespace DistractedDriver.Applications;

/// <summary>A network that Keras offers with weights trained on ImageNet.</summary>
/// <param name="Name">Its name in <c>keras.applications</c>.</param>
/// <param name="Megabytes">The size of its weights with the classifier, in MB.</param>
/// <param name="Top1">The share of ImageNet's validation images whose category it names first, in %.</param>
/// <param name="Top5">The share whose category is among its first five, in %.</param>
/// <param name="MillionParameters">The number of its weights with the classifier, in millions.</param>
/// <param name="Depth">How many layers an image passes, counted by Keras; null where Keras gives no number.</param>
public sealed record PretrainedNetwork(string Name, double Megabytes, double Top1, double Top5, double MillionParameters, int? Depth)
{
    /// <summary>Whether <see cref="Applications"/> builds it.</summary>
    public bool IsHere => typeof(Applications).GetMethod(Name) is not null;
}
