using DistractedDriver.Features;
using DistractedDriver.Models;
using DistractedDriver.Preprocessing;
using DistractedDriver.Training;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Evaluation;

/// <summary>Has a network classify pictures, each read once, and puts what it says beside what they are.</summary>
internal static class Evaluator
{
    /// <summary>Classifies a generator's images, in the order of its files whether it shuffles or not.</summary>
    /// <param name="model">A network with a column for each class, or with one for the second of two classes.</param>
    /// <param name="images">The images.</param>
    /// <param name="features">Where features of frozen layers are kept; null to compute the whole network.</param>
    /// <param name="fromLogits">Whether the network ends before softmax or sigmoid.</param>
    /// <exception cref="ArgumentException">
    /// The images do not have the shape that the model takes, have no classes, or others than the model; or the model's output is no
    /// probability.
    /// </exception>
    public static ClassificationResult Evaluate(Model model, ImageIterator images, FeatureStore? features, bool fromLogits)
    {
        var files = images as FileIterator;
        var labels = new List<int>();
        var source = new InFileOrder(images, images.BatchSize);
        // A table's own values are labels of their own; otherwise the folder or the table says the class.
        var isKnown = files is not null && files.ClassMode != "raw";
        if (isKnown && files!.ClassIndices.Count == 0)
            throw new ArgumentException("The images have no classes to compare the predictions with. Give the generator a folder for each "
                + "class, or a table with a column of classes.", nameof(images));
        using var output = Predictor.Predict(model, source, features, onLabels: isKnown ? null : batch => labels.AddRange(LabelsOf(batch)));
        if (isKnown) labels.AddRange(files!.Classes);
        string[]? names = files is null || files.ClassIndices.Count == 0
            ? null
            : [.. files.ClassIndices.OrderBy(pair => pair.Value).Select(pair => pair.Key)];
        var probabilities = Probabilities(output, fromLogits);
        if (names is not null && names.Length != probabilities.GetLength(1))
            throw new ArgumentException(
                $"The model '{model.Name}' tells {probabilities.GetLength(1)} classes apart, the images are of {names.Length} "
                    + $"({string.Join(", ", names)}). Give the generator the classes that the model was trained on.", nameof(images));
        return new(labels, probabilities, names, files?.Filepaths);
    }

    /// <summary>Classifies samples that lie in memory.</summary>
    /// <param name="model">A network with a column for each class, or with one for the second of two classes.</param>
    /// <param name="samples">The samples.</param>
    /// <param name="labels">Each sample's class, from 0.</param>
    /// <param name="classes">The classes' names; their numbers by default.</param>
    /// <param name="fromLogits">Whether the network ends before softmax or sigmoid.</param>
    /// <exception cref="ArgumentException">As for a generator's images, or there are not as many labels as samples.</exception>
    public static ClassificationResult Evaluate(Model model, IBatchSource samples, IReadOnlyList<int> labels,
        IReadOnlyList<string>? classes, bool fromLogits)
    {
        using var output = Predictor.Predict(model, samples, null);
        return new(labels, Probabilities(output, fromLogits), classes);
    }

    // Rows of classes; one column is the second of two classes.
    private static float[,] Probabilities(Tensor output, bool fromLogits)
    {
        if (output.dim() != 2)
            throw new ArgumentException(
                $"A classifier's output is of shape (samples, classes). Received: ({string.Join(", ", output.shape)}).", nameof(output));
        using var scope = torch.NewDisposeScope();
        var isBinary = output.shape[1] == 1;
        var values = output.to_type(torch.ScalarType.Float32);
        if (fromLogits) values = isBinary ? values.sigmoid() : values.softmax(1);
        if (isBinary) values = torch.cat([1 - values, values], 1);
        var rows = new float[values.shape[0], values.shape[1]];
        Buffer.BlockCopy(values.contiguous().data<float>().ToArray(), 0, rows, 0, rows.Length * sizeof(float));
        return rows;
    }

    private static int[] LabelsOf(Tensor? labels)
    {
        if (labels is null)
            throw new ArgumentException("The images have no labels to compare the predictions with. Give the generator y.", nameof(labels));
        using var scope = torch.NewDisposeScope();
        var values = labels.cpu().to_type(torch.ScalarType.Float32);
        if (values.dim() == 2 && values.shape[1] > 1)
        {
            if (!(values.sum(1) == 1).all().item<bool>() || !(values.amax([1]) == 1).all().item<bool>())
                throw new ArgumentException("Each sample is to be of one class: rows of labels are 1 at its place and 0 elsewhere.",
                    nameof(labels));
            return Array.ConvertAll(values.argmax(1).data<long>().ToArray(), label => (int)label);
        }
        var numbers = values.reshape(-1).data<float>().ToArray();
        return numbers.FirstOrDefault(number => number != MathF.Floor(number), 0) is var odd && odd == 0
            ? Array.ConvertAll(numbers, number => (int)number)
            : throw new ArgumentException(FormattableString.Invariant($"Classes are whole numbers. Received: {odd}."), nameof(labels));
    }
}
