using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using DistractedDriver.Core;
using DistractedDriver.Layers;
using DistractedDriver.Models;

namespace DistractedDriver.Features;

/// <summary>What determines the computation between two values of a network, as a text that means the same in every process.</summary>
internal static class NetworkKey
{
    /// <summary>A digest of layers, how they hang together, their arguments, weights and ways of computing.</summary>
    /// <param name="input">The value that the computation begins with.</param>
    /// <param name="steps">The values computed, each after what it needs.</param>
    /// <returns>Null where a layer that is not the library's does not tell what it depends on.</returns>
    public static string? Of(KerasTensor input, IEnumerable<KerasTensor> steps)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        return Append(hash, input, steps) ? Convert.ToHexString(hash.GetHashAndReset()) : null;
    }

    private static bool Append(IncrementalHash hash, KerasTensor input, IEnumerable<KerasTensor> steps)
    {
        var numbers = new Dictionary<KerasTensor, int> { [input] = 0 };
        void Add(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\n"));
        Add(input.Shape.ToString());
        foreach (var step in steps)
        {
            numbers[step] = numbers.Count;
            Add($"({string.Join(", ", step.Inputs.Select(value => numbers[value]))}) {step.Training}");
            if (step.Layer is Model model)
            {
                if (!Append(hash, model.Input, model.Nodes)) return false;
                continue;
            }
            if (LayerKey(step.Layer) is not { } key) return false;
            Add(key);
            foreach (var weight in step.Layer.Weights) hash.AppendData(weight.Digest);
        }
        return true;
    }

    // A layer of someone else's is known by its code and by its arguments. One that has fields of its own and does not give
    // arguments depends on nobody knows what.
    private static string? LayerKey(Layer layer)
    {
        var type = layer.GetType();
        var known = $"{layer.ClassName} {layer.Policy.Name} {layer.Device} {layer.ConvolutionMethod} {layer.Arguments.ToJsonString()}";
        if (type.Assembly == typeof(Layer).Assembly) return known;
        return GivesArguments(type) || !HasFields(type) ? $"{type.AssemblyQualifiedName} {type.Module.ModuleVersionId} {known}" : null;
    }

    private static bool GivesArguments(Type type) =>
        type.GetProperty(nameof(Layer.Arguments), BindingFlags.Instance | BindingFlags.NonPublic)!.DeclaringType!.Assembly != typeof(Layer)
            .Assembly;

    private static bool HasFields(Type type)
    {
        const BindingFlags own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        for (var level = type; level is not null && level.Assembly != typeof(Layer).Assembly; level = level.BaseType)
            if (level.GetFields(own).Any(field => field.FieldType != typeof(Weight))) return true;
        return false;
    }
}
