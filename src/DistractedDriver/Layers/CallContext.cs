using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver;

/// <summary>
/// How a forward pass is made: for training or for inference. It also remembers what a sigmoid or softmax was applied
/// to, since Keras computes a cross-entropy from those logits where it can (its gradient does not vanish where the
/// probability has saturated).
/// </summary>
internal sealed class CallContext(bool training)
{
    private CallContext? _whole;
    private Tensor? _activated;
    private Tensor? _logits;
    private string? _activation;

    /// <summary>Whether dropout drops and batch normalisation uses its batch's statistics.</summary>
    public bool Training { get; } = training;

    /// <summary>The same pass for a layer that was told how to compute, whatever the rest does.</summary>
    public CallContext For(bool? training) => training is { } own && own != Training ? new(own) { _whole = _whole ?? this } : this;

    /// <summary>Notes that <paramref name="activated"/> is <paramref name="activation"/> of <paramref name="logits"/>.</summary>
    public void RememberLogits(string activation, Tensor logits, Tensor activated)
    {
        var whole = _whole ?? this;
        (whole._activation, whole._logits, whole._activated) = (activation, logits, activated);
    }

    /// <summary>Keeps the remembered logits beyond the dispose scope in which a layer made them.</summary>
    public void KeepLogits() => _logits?.MoveToOuterDisposeScope();

    /// <summary>What <paramref name="activation"/> was applied to in order to get <paramref name="output"/>, or null if it was not.</summary>
    public Tensor? LogitsOf(Tensor output, string activation) =>
        ReferenceEquals(_activated, output) && _activation == activation ? _logits : null;

    /// <summary>The network's output, and what is remembered of it, in the numbers that losses and metrics are computed in.</summary>
    public Tensor InFloat32(Tensor output)
    {
        if (output.dtype == torch.ScalarType.Float32) return output;
        var wide = output.to_type(torch.ScalarType.Float32);
        if (ReferenceEquals(_activated, output)) (_activated, _logits) = (wide, _logits!.to_type(torch.ScalarType.Float32));
        return wide;
    }
}
