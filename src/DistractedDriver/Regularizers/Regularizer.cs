using System.Text.Json.Nodes;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Regularizers;

// Regularizers: what the size of a layer's weights adds to the loss. One file each, and one line in RegularizerRegistry.

/// <summary>
/// A cost of a weight's size, added to the loss. Strings convert as Keras's identifiers do, with 0.01 for each factor:
/// <c>kernelRegularizer: "l2"</c>. One of your own overrides <see cref="Call"/>, and <see cref="Arguments"/> if it is to be saved.
/// </summary>
public abstract class Regularizer
{
    /// <summary>The regularizer of that Keras identifier.</summary>
    /// <param name="identifier">"l1", "l2" or "l1_l2".</param>
    /// <exception cref="ArgumentException">There is no such regularizer here.</exception>
    public static implicit operator Regularizer(string identifier) => RegularizerRegistry.All.Make(identifier);

    /// <summary>What a weight costs.</summary>
    /// <param name="weight">The weight's values; stays the caller's.</param>
    /// <returns>A single number, differentiable with respect to the weight.</returns>
    public abstract Tensor Call(Tensor weight);

    /// <summary>The arguments that it was made with, by Keras's names.</summary>
    protected virtual JsonObject Arguments => [];

    /// <summary>As Keras 2.15 writes it into a layer's configuration.</summary>
    internal JsonObject GetConfig() =>
        new() { ["module"] = "keras.regularizers", ["class_name"] = GetType().Name, ["config"] = Arguments, ["registered_name"] = null };

    /// <summary>A factor as an argument.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or no number.</exception>
    private protected static double Factor(double factor, string name) => factor >= 0
        ? factor
        : throw new ArgumentOutOfRangeException(name, $"{name} is a number from 0. Received: {factor}.");
}
