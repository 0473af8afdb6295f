using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver;

/// <summary>
/// What training makes small: a figure a sample for how far a prediction is from the truth. Strings convert as Keras's
/// identifiers do: <c>loss: "binary_crossentropy"</c>.
/// </summary>
public abstract class Loss
{
    /// <summary>Keras's added constant against log 0 and division by 0.</summary>
    internal const float Epsilon = 1e-7f;

    /// <summary>Keras's identifier, for example "categorical_crossentropy".</summary>
    public abstract string Name { get; }

    /// <summary>The loss of that Keras identifier.</summary>
    /// <param name="identifier">"binary_crossentropy" or "categorical_crossentropy".</param>
    /// <exception cref="ArgumentException">There is no such loss here.</exception>
    public static implicit operator Loss(string identifier) => identifier switch
    {
        "binary_crossentropy" => new BinaryCrossentropy(),
        "categorical_crossentropy" => new CategoricalCrossentropy(),
        _ => throw new ArgumentException($"The losses are \"binary_crossentropy\" and \"categorical_crossentropy\". Received: \"{identifier}\".", nameof(identifier)),
    };

    /// <summary>One loss a sample.</summary>
    /// <param name="truth">What is true, of the prediction's shape: (batch, classes).</param>
    /// <param name="prediction">What the model computed.</param>
    /// <param name="context">The pass that computed it, which knows the logits.</param>
    /// <returns>Shape (batch).</returns>
    internal abstract Tensor Call(Tensor truth, Tensor prediction, CallContext context);
}
