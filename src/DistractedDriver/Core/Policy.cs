using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Core;

/// <summary>In which numbers layers compute, by Keras's names. Weights are float32 under both.</summary>
internal sealed class Policy
{
    private static readonly Policy Float32 = new("float32", torch.ScalarType.Float32);
    private static readonly Policy MixedBFloat16 = new("mixed_bfloat16", torch.ScalarType.BFloat16);

    private Policy(string name, torch.ScalarType computeType) => (Name, ComputeType) = (name, computeType);

    /// <summary>What layers follow that are made without a policy of their own.</summary>
    public static Policy Global { get; set; } = Float32;

    public string Name { get; }

    /// <summary>The type of a layer's inputs, outputs and weights while it computes.</summary>
    public torch.ScalarType ComputeType { get; }

    /// <exception cref="ArgumentException">There is no such policy.</exception>
    public static Policy Get(string name) => name switch
    {
        "float32" => Float32,
        "mixed_bfloat16" => MixedBFloat16,
        _ => throw new ArgumentException($"The policies are \"float32\" and \"mixed_bfloat16\". Received: \"{name}\".", nameof(name)),
    };

    /// <summary>The tensor itself where it is of the type to compute in, a copy otherwise.</summary>
    public Tensor Cast(Tensor tensor) => tensor.dtype == ComputeType ? tensor : tensor.to_type(ComputeType);
}
