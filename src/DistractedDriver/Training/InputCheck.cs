using DistractedDriver.Core;
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
        model.BuildFor(source.Shape);
        if (model.Outputs.Count != outputs)
            throw new InvalidOperationException(
                $"The model '{model.Name}' has {model.Outputs.Count} outputs; only one with a single output can be trained, evaluated or "
                    + "asked for a single prediction.");
        var (given, taken) = (source.Shape, model.Input.Shape);
        if (taken.Count == given.Count
            && taken.Zip(given).All(pair => pair.First is null || pair.Second is null || pair.First == pair.Second)) return;
        var areImages = taken.Count == 4 && given.Count == 4 && taken[3] == given[3];
        var remedy = areImages
            ? $" Give the generator targetSize: ({taken[1]}, {taken[2]}), or build the model with inputShape: ({given[1]}, {given[2]}, "
                + $"{given[3]})."
            : "";
        if (!areImages || source is not ImageIterator)
            throw new ArgumentException(
                $"The input of the model '{model.Name}' has shape {taken}, but {source.Description} gives {given}.{remedy}");
        // As Keras 2: a generator's images may have another size, where every layer can take what that leads to.
        try
        {
            _ = model.ShapesFor(given);
        }
        catch (ArgumentException error)
        {
            throw new ArgumentException(
                $"The model '{model.Name}' declares images of {taken[1]} × {taken[2]}, but {source.Description} gives {given[1]} × "
                    + $"{given[2]}, which its layers can't take: {error.Message}{remedy}", error);
        }
        TextOutput.WriteLine($"The model '{model.Name}' declares images of {taken[1]} × {taken[2]}, but {source.Description} gives "
            + $"{given[1]} × {given[2]}: its layers can take these too, and compute with them.");
    }

    /// <param name="source">The samples.</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static void RequireSamples(ISamples source)
    {
        if (source.Samples == 0)
            throw new ArgumentException($"{source.Description} has no samples: nothing was found, or the subset of the validation split "
                + "is empty. Look at the folder, the file endings and validationSplit.");
    }
}
