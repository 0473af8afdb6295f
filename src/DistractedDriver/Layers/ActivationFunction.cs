using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver;

/// <summary>The activation functions, by Keras's identifiers.</summary>
internal sealed class ActivationFunction
{
    private readonly Func<Tensor, Tensor> _inPlace;

    private ActivationFunction(string name, Func<Tensor, Tensor> inPlace) => (Name, _inPlace) = (name, inPlace);

    /// <summary>Keras's identifier.</summary>
    public string Name { get; }

    /// <summary>Whether a value's activation depends on that value alone, so that the order of axes does not matter.</summary>
    public bool IsElementwise => Name is "relu" or "tanh" or "linear";

    /// <exception cref="ArgumentException">There is no such activation here.</exception>
    public static ActivationFunction Get(string? identifier) => identifier switch
    {
        null or "linear" => new("linear", x => x),
        "relu" => new("relu", x => x.relu_()),
        "sigmoid" => new("sigmoid", x => x.sigmoid()),
        "softmax" => new("softmax", x => x.softmax(-1)),
        "tanh" => new("tanh", x => x.tanh_()),
        _ => throw new ArgumentException($"The activations are \"linear\", \"relu\", \"sigmoid\", \"softmax\" and \"tanh\". Received: \"{identifier}\".", nameof(identifier)),
    };

    /// <summary>The activated values. <paramref name="x"/> may be overwritten and belongs to this call.</summary>
    public Tensor Call(Tensor x, CallContext context)
    {
        var activated = _inPlace(x);
        if (Name is "sigmoid" or "softmax") context.RememberLogits(Name, x, activated);
        return activated;
    }
}
