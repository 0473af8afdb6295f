using DistractedDriver.Models;
using DistractedDriver.Preprocessing;

namespace DistractedDriver.Training;

/// <summary>Whether a model can take samples.</summary>
internal static class InputCheck
{
    /// <param name="model">The model.</param>
    /// <param name="source">The samples.</param>
    /// <param name="outputs">How many outputs the model has to have.</param>
    /// <exception cref="ArgumentException">The samples do not have the shape that the model takes.</exception>
    /// <exception cref="InvalidOperationException">The model has another number of outputs.</exception>
    public static void Require(Model model, ISamples source, int outputs = 1)
    {
        if (model.Outputs.Count != outputs)
            throw new InvalidOperationException(
                $"The model '{model.Name}' has {model.Outputs.Count} outputs; only one with a single output can be trained, evaluated or "
                    + "asked for a single prediction.");
        var (given, taken) = (source.Shape, model.Input.Shape);
        if (taken.Count == given.Count
            && taken.Zip(given).All(pair => pair.First is null || pair.Second is null || pair.First == pair.Second)) return;
        var remedy = taken.Count == 4 && given.Count == 4 && taken[3] == given[3]
            ? $" Give the generator targetSize: ({taken[1]}, {taken[2]}), or build the model with inputShape: ({given[1]}, {given[2]}, "
                + $"{given[3]})."
            : "";
        throw new ArgumentException(
            $"The input of the model '{model.Name}' has shape {taken}, but {source.Description} gives {given}.{remedy}");
    }
}
