using System.Text.Json.Nodes;
using DistractedDriver.Core;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Initializers;

// Initializers: how weights begin. One file each, and one line in InitializerRegistry.

/// <summary>
/// How a weight's first values are made. Strings convert as Keras's identifiers do: "glorot_uniform", "zeros". One of your own
/// overrides <see cref="Call"/>, and <see cref="Arguments"/> if it is to be saved.
/// </summary>
public abstract class Initializer
{
    /// <summary>The initializer of that Keras identifier, unseeded: it draws from the library's one source of randomness.</summary>
    /// <param name="identifier">"glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "zeros" or "ones".</param>
    /// <exception cref="ArgumentException">There is no such initializer here.</exception>
    public static implicit operator Initializer(string identifier) => InitializerRegistry.All.Make(identifier);

    /// <summary>Makes the first values.</summary>
    /// <param name="shape">The weight's shape, as Keras has it.</param>
    /// <returns>As many values as the shape has, float32, in C order; the caller owns them.</returns>
    public abstract Tensor Call(Shape shape);

    /// <summary>The class's name in Keras.</summary>
    protected virtual string ClassName => GetType().Name;

    /// <summary>The arguments that it was made with, by Keras's names.</summary>
    protected virtual JsonObject Arguments => [];

    /// <summary>
    /// How a weight's first numbers are made, if it comes to that: a network whose weights are loaded draws none. One that draws from
    /// the library's one source of randomness takes a seed at once, so that what is drawn does not depend on when.
    /// </summary>
    /// <param name="shape">The weight's shape, as Keras has it.</param>
    /// <returns>Makes the numbers, in Keras's order; the caller owns them.</returns>
    internal virtual Func<Tensor> Plan(Shape shape) => () => Call(shape);

    /// <summary>As Keras 2.15 writes it into a layer's configuration.</summary>
    internal JsonObject GetConfig() =>
        new() { ["module"] = "keras.initializers", ["class_name"] = ClassName, ["config"] = Arguments, ["registered_name"] = null };
}
