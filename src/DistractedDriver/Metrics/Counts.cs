using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Metrics;

/// <summary>Outputs that are each a yes or a no, counted against the truth; in float32, as Keras counts.</summary>
internal struct Counts
{
    /// <summary>What was said to be so, and is.</summary>
    public float TruePositives { get; private set; }

    /// <summary>What was said to be so, and is not.</summary>
    public float FalsePositives { get; private set; }

    /// <summary>What was not said to be so, and is.</summary>
    public float FalseNegatives { get; private set; }

    /// <summary>Of what was said to be so, the share that is; 0 where nothing was.</summary>
    public readonly float Precision => Share(TruePositives, FalsePositives);

    /// <summary>Of what is so, the share that was said to be; 0 where nothing is.</summary>
    public readonly float Recall => Share(TruePositives, FalseNegatives);

    /// <summary>Counts a batch.</summary>
    /// <param name="truth">0 and 1, or whatever is not 0.</param>
    /// <param name="prediction">The outputs, of the same shape or (batch, outputs).</param>
    /// <param name="weights">How much each sample counts, (batch); null for once each.</param>
    /// <param name="threshold">What an output has to be above to count as a yes.</param>
    /// <param name="topK">How many of a sample's outputs, the largest, may count as a yes; null for all.</param>
    /// <param name="classId">The one output that is looked at; null for all.</param>
    public void Add(Tensor truth, Tensor prediction, Tensor? weights, double? threshold, int? topK, int? classId)
    {
        truth = truth.reshape(prediction.shape);
        var yes = topK is { } k
            ? torch.zeros_like(prediction).scatter_(-1, prediction.topk(k, -1).indexes, torch.ones_like(prediction)).ne(0)
            : torch.ones_like(prediction).ne(0);
        if ((threshold ?? (topK is null ? 0.5 : (double?)null)) is { } least) yes = yes.logical_and(prediction.gt((float)least));
        var so = truth.ne(0);
        if (classId is { } number)
            (yes, so) = (yes.select(-1, number).unsqueeze(-1), so.select(-1, number).unsqueeze(-1));
        TruePositives += Sum(yes.logical_and(so), weights);
        FalsePositives += Sum(yes.logical_and(so.logical_not()), weights);
        FalseNegatives += Sum(yes.logical_not().logical_and(so), weights);
    }

    private static float Share(float right, float wrong) => right + wrong == 0 ? 0 : right / (right + wrong);

    private static float Sum(Tensor counted, Tensor? weights)
    {
        var values = counted.to_type(torch.ScalarType.Float32);
        if (weights is not null) values = values * weights.reshape([-1, .. Enumerable.Repeat(1L, (int)values.dim() - 1)]);
        return values.sum().item<float>();
    }
}
