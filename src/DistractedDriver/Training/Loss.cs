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
    /// <param name="identifier">"binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy", "mse" or "mean_squared_error".</param>
    /// <exception cref="ArgumentException">There is no such loss here.</exception>
    public static implicit operator Loss(string identifier) => identifier switch
    {
        "binary_crossentropy" => new BinaryCrossentropy(),
        "categorical_crossentropy" => new CategoricalCrossentropy(),
        "sparse_categorical_crossentropy" => new SparseCategoricalCrossentropy(),
        "mse" or "mean_squared_error" => new MeanSquaredError(),
        _ => throw new ArgumentException($"The losses are \"binary_crossentropy\", \"categorical_crossentropy\", \"sparse_categorical_crossentropy\" and \"mse\". Received: \"{identifier}\".", nameof(identifier)),
    };

    /// <summary>One loss a sample.</summary>
    /// <param name="truth">What is true, of <see cref="LabelShape"/>.</param>
    /// <param name="prediction">What the model computed.</param>
    /// <param name="context">The pass that computed it, which knows the logits.</param>
    /// <returns>Shape (batch).</returns>
    internal abstract Tensor Call(Tensor truth, Tensor prediction, CallContext context);

    /// <summary>The shape that labels have for a model's output: the same, one-hot where there are classes.</summary>
    internal virtual Shape LabelShape(Shape output) => output;

    /// <summary>How labels are given, for a message about their shape.</summary>
    internal virtual string LabelAdvice => "as many values are needed as the last layer has units, one-hot for classes (classMode: \"categorical\")";

    private protected static float Smoothing(float labelSmoothing) => labelSmoothing is >= 0 and <= 1
        ? labelSmoothing
        : throw new ArgumentOutOfRangeException(nameof(labelSmoothing), $"labelSmoothing is from 0 to 1. Received: {labelSmoothing}.");
}
