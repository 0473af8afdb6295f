using DistractedDriver.Core;
using DistractedDriver.Models;
using DistractedDriver.Optimizers;

namespace DistractedDriver.Saving;

/// <summary>What an optimizer keeps for the weights that it trains, in the order and by the names of Keras's files.</summary>
internal static class OptimizerState
{
    // What optimizers of Keras 2.10 and before call what they keep, where it is not the name of today.
    private static readonly Dictionary<string, string> OlderNames =
        new() { ["velocity"] = "rms", ["average_gradient"] = "mg", ["m"] = "momentum" };

    /// <summary>The arrays that the optimizer keeps, by Keras 2's names: "Adam/m/conv/kernel:0".</summary>
    public static IReadOnlyList<SavedArray> Of(Model model, Compilation compiled)
    {
        var (optimizer, trained) = (compiled.Optimizer, compiled.Trained);
        var placed = NamedWeights.Of(model).DistinctBy(weight => weight.Weight).ToDictionary(weight => weight.Weight);
        var names = NamedWeights.Unique([.. trained.Select(weight => placed[weight])]);
        return [.. optimizer.Slots.SelectMany(group => trained.Zip(names).SelectMany(weight => group.Select(slot => new SavedArray(
            $"{optimizer.ClassName}/{slot.Keras2}/{weight.Second}", Sizes(weight.First),
                () => optimizer.Kept(weight.First, slot.Number)))))];
    }

    /// <summary>Lets the optimizer of a model that was just loaded go on where the saved one stopped.</summary>
    /// <returns>Whether what is saved fits the weights that are trained.</returns>
    public static bool GoOn(Compilation compiled, SavedOptimizer saved)
    {
        var (optimizer, trained) = (compiled.Optimizer, compiled.Trained);
        OptimizerSlot[] slots = [.. optimizer.Slots.SelectMany(group => group)];
        var arrays = saved.Arrays;
        // Keras 3 keeps the learning rate before the arrays; the configuration has it as well.
        if (arrays.Count > 0 && arrays[0].Shape.Length == 0) arrays = [.. arrays.Skip(1)];
        var found = slots.Length == 0 ? [] : ByName(slots, arrays, trained) ?? ByOrder(optimizer.Slots, arrays, trained)
            ?? OneAfterTheOther(slots, arrays, trained);
        if (found is null) return false;
        optimizer.GoOn(saved.Iterations, trained.ToDictionary(weight => weight, weight =>
            slots.OrderBy(slot => slot.Number).Select(slot => found[(weight, slot)].Read()).ToArray()));
        return true;
    }

    // "Adam/m/conv/kernel:0" in Keras 2.15, "adam/conv_kernel_momentum" in Keras 3, "Adam/conv/kernel/m:0" before.
    private static Dictionary<(Weight, OptimizerSlot), SavedArray>? ByName(
        OptimizerSlot[] slots, IReadOnlyList<SavedArray> arrays, IReadOnlyList<Weight> trained)
    {
        var found = new Dictionary<(Weight, OptimizerSlot), SavedArray>();
        foreach (var slot in slots)
        {
            SavedArray[] own = [.. arrays.Where(array => Belongs(array.Name, slot))];
            if (!Fit(own, trained)) return null;
            foreach (var (weight, array) in trained.Zip(own)) found[(weight, slot)] = array;
        }
        return found;
    }

    private static bool Belongs(string name, OptimizerSlot slot)
    {
        var steps = name.Replace(":0", "", StringComparison.Ordinal).Split('/');
        return (steps.Length > 2 && steps[1] == slot.Keras2) || steps[^1] == slot.Keras2
            || steps[^1] == OlderNames.GetValueOrDefault(slot.Keras2)
            || steps[^1].EndsWith($"_{slot.Keras3}", StringComparison.Ordinal);
    }

    private static Dictionary<(Weight, OptimizerSlot), SavedArray>? ByOrder(
        IReadOnlyList<OptimizerSlot[]> groups, IReadOnlyList<SavedArray> arrays, IReadOnlyList<Weight> trained) =>
        Paired(groups.SelectMany(group => trained.SelectMany(weight => group.Select(slot => (weight, slot)))), arrays);

    // Before Keras 2.11: all weights for the first array, then all for the second; what had no name was called Variable.
    private static Dictionary<(Weight, OptimizerSlot), SavedArray>? OneAfterTheOther(
        OptimizerSlot[] slots, IReadOnlyList<SavedArray> arrays, IReadOnlyList<Weight> trained) =>
        Paired(slots.SelectMany(slot => trained.Select(weight => (weight, slot))), arrays);

    private static Dictionary<(Weight, OptimizerSlot), SavedArray>? Paired(
        IEnumerable<(Weight Weight, OptimizerSlot Slot)> places, IReadOnlyList<SavedArray> arrays)
    {
        (Weight Weight, OptimizerSlot Slot)[] all = [.. places];
        return all.Length == arrays.Count && Fit(arrays, [.. all.Select(place => place.Weight)])
            ? all.Zip(arrays).ToDictionary(pair => pair.First, pair => pair.Second)
            : null;
    }

    private static bool Fit(IReadOnlyList<SavedArray> arrays, IReadOnlyList<Weight> weights) =>
        arrays.Count == weights.Count && arrays.Zip(weights).All(pair => pair.First.Shape.SequenceEqual(Sizes(pair.Second)));

    private static int[] Sizes(Weight weight) => [.. weight.Shape.Select(size => size!.Value)];
}
