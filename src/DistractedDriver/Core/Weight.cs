using System.Security.Cryptography;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Core;

/// <summary>
/// One array of numbers that a layer owns: a kernel, a bias. Its shape and <see cref="ToArray"/> are Keras's (a
/// convolution's kernel is height, width, input channels, output channels); what lies in memory may be another order that
/// LibTorch computes with faster.
/// </summary>
public sealed class Weight : IDisposable
{
    private readonly long[] _toStored;
    private readonly long[] _toKeras;
    private readonly torch.Device _device;
    private Func<Tensor>? _initial;
    private Tensor? _stored;
    private bool _isDisposed;
    private byte[]? _digest;
    private long _digestVersion;

    /// <param name="name">As Keras names it inside its layer: "kernel", "bias".</param>
    /// <param name="shape">Keras's shape.</param>
    /// <param name="device">Where its numbers lie.</param>
    /// <param name="storage">Which of Keras's axes stands where in memory; null for Keras's own order.</param>
    /// <param name="learned">Whether training may change it at all: false for moving averages.</param>
    internal Weight(string name, Shape shape, torch.Device device, int[]? storage = null, bool learned = true)
    {
        _device = device;
        Name = name;
        Shape = shape;
        IsLearned = learned;
        _toStored = [.. (storage ?? Enumerable.Range(0, shape.Count)).Select(axis => (long)axis)];
        _toKeras = [.. Enumerable.Range(0, shape.Count).Select(axis => (long)Array.IndexOf(_toStored, axis))];
    }

    /// <summary>The name inside its layer, for example "kernel".</summary>
    public string Name { get; }

    /// <summary>Keras's shape.</summary>
    public Shape Shape { get; }

    /// <summary>How many numbers it holds.</summary>
    public long Count => Shape.Elements;

    /// <summary>Whether training may change it when its layer is trainable.</summary>
    internal bool IsLearned { get; }

    /// <summary>What its size adds to the loss, a single number; null for nothing.</summary>
    internal Func<Tensor, Tensor>? Penalty { get; init; }

    /// <summary>
    /// The numbers in the order they lie in memory; owned by this weight. There is no memory for them until they are asked for.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The weight's layer or model has been disposed of.</exception>
    internal Tensor Stored
    {
        get
        {
            lock (_toStored)
            {
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                return _stored ??= Initialize();
            }
        }
    }

    /// <summary>How often the numbers have changed: by an assignment, an optimizer, a layer that learns from what it sees.</summary>
    internal long Version { get; set; }

    /// <summary>A digest of the numbers as they lie in memory (SHA-256), computed anew only after they have changed.</summary>
    internal ReadOnlySpan<byte> Digest
    {
        get
        {
            if (_digest is null || _digestVersion != Version)
            {
                using var local = Stored.cpu();
                (_digest, _digestVersion) = (SHA256.HashData(local.bytes), Version);
            }
            return _digest;
        }
    }

    /// <summary>Says what the numbers are if nothing is assigned before they are asked for; zeros by default.</summary>
    /// <param name="make">Makes them, in Keras's order.</param>
    internal void SetInitialValues(Func<Tensor> make) => _initial = make;

    /// <summary>The numbers in Keras's order.</summary>
    public float[] ToArray() => InKerasOrder(Stored);

    /// <summary>
    /// The numbers, in Keras's order, of a tensor that is laid out in memory like this weight: what an optimizer keeps for it.
    /// </summary>
    internal float[] InKerasOrder(Tensor stored)
    {
        using var scope = torch.NewDisposeScope();
        return stored.detach().permute(_toKeras).contiguous().cpu().data<float>().ToArray();
    }

    /// <summary>A tensor laid out in memory like this weight, of numbers in Keras's order; owned by the caller.</summary>
    internal Tensor LaidOut(float[] values)
    {
        using var scope = torch.NewDisposeScope();
        var stored = torch.empty([.. _toStored.Select(axis => (long)Shape[(int)axis]!.Value)], device: _device);
        Copy(torch.tensor(values), stored);
        return stored.DetachFromDisposeScope();
    }

    /// <summary>Replaces the numbers.</summary>
    /// <param name="values">As many as <see cref="Count"/>, in Keras's order.</param>
    /// <exception cref="ArgumentException">The number of values is another.</exception>
    public void Assign(float[] values)
    {
        if (values.LongLength != Count)
            throw new ArgumentException($"'{Name}' has shape {Shape}, {Count} values. Received: {values.LongLength} values.",
                nameof(values));
        using var given = torch.tensor(values);
        Assign(given);
    }

    /// <summary>Replaces the numbers by as many others, in Keras's order; they stay the caller's.</summary>
    internal void Assign(Tensor values)
    {
        lock (_toStored)
        {
            _initial = null;
            Copy(values, Stored);
            Version++;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_toStored)
        {
            _stored?.Dispose();
            (_stored, _initial, _isDisposed) = (null, null, true);
        }
    }

    private Tensor Initialize()
    {
        using var scope = torch.NewDisposeScope();
        var stored = torch.zeros([.. _toStored.Select(axis => (long)Shape[(int)axis]!.Value)], device: _device);
        if (_initial is not null) Copy(_initial(), stored);
        _initial = null;
        return stored.DetachFromDisposeScope();
    }

    private void Copy(Tensor values, Tensor stored)
    {
        using var scope = torch.NewDisposeScope();
        using var _ = torch.no_grad();
        stored.copy_(values.reshape([.. Shape.Select(size => (long)size!.Value)]).permute(_toStored));
    }
}
