using System.Text.Json.Nodes;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver;

/// <summary>
/// What a weight's size costs: l1·Σ|w| + l2·Σw², added to the loss. Strings convert as Keras's identifiers do, with 0.01 for each:
/// <c>kernelRegularizer: "l2"</c>.
/// </summary>
public class Regularizer
{
    private readonly float _l1;
    private readonly float _l2;

    /// <param name="l1">The cost of absolute values, from 0.</param>
    /// <param name="l2">The cost of squares, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A cost is negative or no number.</exception>
    private protected Regularizer(float l1, float l2)
    {
        if (!(l1 >= 0)) throw new ArgumentOutOfRangeException(nameof(l1), $"l1 is a number from 0. Received: {l1}.");
        if (!(l2 >= 0)) throw new ArgumentOutOfRangeException(nameof(l2), $"l2 is a number from 0. Received: {l2}.");
        (_l1, _l2) = (l1, l2);
    }

    /// <summary>The regularizer of that Keras identifier.</summary>
    /// <param name="identifier">"l1", "l2" or "l1_l2".</param>
    /// <exception cref="ArgumentException">There is no such regularizer here.</exception>
    public static implicit operator Regularizer(string identifier) => identifier switch
    {
        "l1" => new L1(),
        "l2" => new L2(),
        "l1_l2" => new L1L2(0.01f, 0.01f),
        _ => throw new ArgumentException($"The regularizers are \"l1\", \"l2\" and \"l1_l2\". Received: \"{identifier}\".", nameof(identifier)),
    };

    internal static Regularizer FromConfig(string className, JsonObject config)
    {
        float Cost(string key) => (float?)config[key] ?? 0;
        return className switch
        {
            "L1" => new L1(Cost("l1")),
            "L2" => new L2(Cost("l2")),
            "L1L2" => new L1L2(Cost("l1"), Cost("l2")),
            _ => throw new ArgumentException($"The regularizers are L1, L2 and L1L2. Received: {className}.", nameof(className)),
        };
    }

    /// <summary>As Keras 2.15 writes it into a layer's configuration.</summary>
    internal JsonObject GetConfig()
    {
        JsonObject costs = [];
        if (this is not L2) costs["l1"] = _l1;
        if (this is not L1) costs["l2"] = _l2;
        return new() { ["module"] = "keras.regularizers", ["class_name"] = GetType().Name, ["config"] = costs, ["registered_name"] = null };
    }

    /// <summary>What a weight costs, a single number.</summary>
    internal Tensor Cost(Tensor weight) => _l1 * weight.abs().sum() + _l2 * weight.square().sum();
}

/// <summary>The cost l1·Σ|w|.</summary>
/// <param name="l1">From 0.</param>
public sealed class L1(float l1 = 0.01f) : Regularizer(l1, 0);

/// <summary>The cost l2·Σw².</summary>
/// <param name="l2">From 0.</param>
public sealed class L2(float l2 = 0.01f) : Regularizer(0, l2);

/// <summary>The cost l1·Σ|w| + l2·Σw².</summary>
/// <param name="l1">From 0.</param>
/// <param name="l2">From 0.</param>
public sealed class L1L2(float l1 = 0, float l2 = 0) : Regularizer(l1, l2);
