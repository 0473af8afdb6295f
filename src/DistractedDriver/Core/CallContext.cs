using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Core;

/// <summary>
/// How a forward pass is made: for training or for inference. It also remembers what a sigmoid or softmax was applied
/// to, since Keras computes a cross-entropy from those logits where it can (its gradient does not vanish where the
/// probability has saturated).
/// </summary>
public sealed class CallContext
{
    private CallContext? _whole;
    private Tensor? _activated;
    private Tensor? _logits;
    private string? _activation;

    private readonly IReadOnlySet<object>? _frozen;

    /// <param name="training">Whether the pass is made for training.</param>
    /// <param name="frozen">The layers that were frozen when the model was compiled; null to go by what they are now.</param>
    internal CallContext(bool training, IReadOnlySet<object>? frozen = null) => (Training, _frozen) = (training, frozen);

    /// <summary>Whether dropout drops and batch normalisation uses its batch's statistics.</summary>
    public bool Training { get; }

    /// <summary>The same pass for a layer that was told how to compute, whatever the rest does.</summary>
    internal CallContext For(bool? training) => training is { } own && own != Training
        ? new(own, _frozen) { _whole = _whole ?? this }
        : this;

    /// <summary>Whether a layer counts as trainable in this pass.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="now">Whether it is trainable now, which a training of a model that was compiled before does not heed.</param>
    internal bool IsTrainable(object layer, bool now) => _frozen is null ? now : !_frozen.Contains(layer);

    /// <summary>Notes that <paramref name="activated"/> is <paramref name="activation"/> of <paramref name="logits"/>.</summary>
    internal void RememberLogits(string activation, Tensor logits, Tensor activated)
    {
        var whole = _whole ?? this;
        (whole._activation, whole._logits, whole._activated) = (activation, logits, activated);
    }

    /// <summary>Keeps the remembered logits beyond the dispose scope in which a layer made them.</summary>
    internal void KeepLogits() => _logits?.MoveToOuterDisposeScope();

    /// <summary>What an activation was applied to.</summary>
    /// <param name="output">The network's output.</param>
    /// <param name="activation">"sigmoid" or "softmax".</param>
    /// <returns>
    /// The logits that <paramref name="output"/> is <paramref name="activation"/> of, or null if it is not; it stays the pass's.
    /// </returns>
    public Tensor? LogitsOf(Tensor output, string activation) =>
        ReferenceEquals(_activated, output) && _activation == activation ? _logits : null;

    /// <summary>The network's output, and what is remembered of it, in the numbers that losses and metrics are computed in.</summary>
    internal Tensor InFloat32(Tensor output)
    {
        if (output.dtype == torch.ScalarType.Float32) return output;
        var wide = output.to_type(torch.ScalarType.Float32);
        if (ReferenceEquals(_activated, output)) (_activated, _logits) = (wide, _logits!.to_type(torch.ScalarType.Float32));
        return wide;
    }
}
