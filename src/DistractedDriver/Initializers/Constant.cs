using System.Text.Json.Nodes;
using DistractedDriver.Core;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Initializers;

/// <summary>The same value everywhere: Keras's Constant, and its Zeros and Ones.</summary>
/// <param name="value">That value.</param>
public sealed class Constant(double value = 0) : Initializer
{
    /// <inheritdoc/>
    protected override string ClassName => value switch
    {
        0 => "Zeros",
        1 => "Ones",
        _ => "Constant",
    };

    /// <inheritdoc/>
    protected override JsonObject Arguments => value is 0 or 1 ? [] : new() { ["value"] = (float)value };

    /// <inheritdoc/>
    public override Tensor Call(Shape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return torch.full(shape.Elements, (float)value);
    }
}
