using DistractedDriver.Compute;
using DistractedDriver.Core;
using DistractedDriver.Features;
using DistractedDriver.Models;
using DistractedDriver.Preprocessing;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Training;

/// <summary>A model as the loops use it: batches come as features of its frozen part, and the rest of it computes them.</summary>
internal sealed class Network
{
    private readonly FrozenPart _frozen;
    private readonly FeatureLoader _loader;

    /// <param name="model">The model.</param>
    /// <param name="features">Where features of frozen layers are kept; null to compute the whole network every time.</param>
    public Network(Model model, FeatureStore? features)
    {
        _frozen = new FrozenPart(
            model, model.Compilation?.Trained ?? model.TrainableWeights, new CallContext(training: true, model.Compilation?.Frozen),
            isCut: features is not null);
        _loader = new FeatureLoader(_frozen, features, model.Device);
    }

    /// <summary>The batches of those numbers; each lives until the next is asked for.</summary>
    public IEnumerable<FeatureBatch> Load(IBatchSource source, IReadOnlyList<int> batches) => _loader.Load(source, batches);

    /// <summary>What the model computes for a batch, in float32.</summary>
    public Tensor Run(Tensor features, CallContext context) => _frozen.RunRest(features, context);

    /// <summary>
    /// Has LibTorch compute on one thread, until what is returned is disposed of, if a step with a batch is too small to be shared out.
    /// </summary>
    public IDisposable? OnOneThreadIfSmall(Tensor features) =>
        ComputeThreads.OnOneThreadIfSmall(features.shape[0] * _frozen.MultiplicationsOfTheRest);
}
