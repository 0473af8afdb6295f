using DistractedDriver.Core;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Layers;

/// <summary>The activation functions, by Keras's identifiers. Softmax goes over the last axis.</summary>
internal sealed class ActivationFunction
{
    private static readonly Dictionary<string, Func<Tensor, Tensor>> Functions = new()
    {
        ["linear"] = x => x,
        ["relu"] = x => x.relu_(),
        ["relu6"] = x => x.relu6(),
        ["sigmoid"] = x => x.sigmoid(),
        ["softmax"] = x => x.softmax(-1),
        ["tanh"] = x => x.tanh_(),
        // Keras 2's, which Keras 3 has changed to x / 6 + 0.5.
        ["hard_sigmoid"] = x => (x * 0.2 + 0.5).clamp(0, 1),
        ["swish"] = x => x.silu(),
        ["elu"] = x => x.elu(),
        ["selu"] = x => x.selu(),
        ["gelu"] = x => x.gelu(),
        ["exponential"] = x => x.exp(),
        ["softplus"] = x => x.softplus(),
        ["softsign"] = x => x / x.abs().add_(1),
        ["mish"] = x => x * x.softplus().tanh_(),
    };

    private readonly Func<Tensor, Tensor> _function;

    private ActivationFunction(string name, Func<Tensor, Tensor> function) => (Name, _function) = (name, function);

    /// <summary>Keras's identifier.</summary>
    public string Name { get; }

    /// <exception cref="ArgumentException">There is no such activation here.</exception>
    public static ActivationFunction Get(string? identifier)
    {
        // Keras 3's name for the same function.
        var name = identifier == "silu" ? "swish" : identifier ?? "linear";
        return Functions.TryGetValue(name, out var function)
            ? new(name, function)
            : throw new ArgumentException(
                $"The activations are {string.Join(", ", Functions.Keys.Select(known => $"\"{known}\""))}. Received: \"{identifier}\".",
                    nameof(identifier));
    }

    /// <summary>The activated values. <paramref name="x"/> may be overwritten and belongs to this call.</summary>
    public Tensor Call(Tensor x, CallContext context)
    {
        var activated = _function(x);
        if (Name is "sigmoid" or "softmax") context.RememberLogits(Name, x, activated);
        return activated;
    }
}
