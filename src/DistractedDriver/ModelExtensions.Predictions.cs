using DistractedDriver.Models;
using DistractedDriver.Preprocessing;
using DistractedDriver.Training;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver;

public static partial class ModelExtensions
{
    /// <summary>Says what an image file shows: it is read at the model's size, and prepared as the images that it was trained on.</summary>
    /// <param name="model">A network with an output for each class, probabilities.</param>
    /// <param name="path">The file.</param>
    /// <param name="classNames">The classes' names, in the order of the outputs: <c>train.ClassIndices.Keys</c>.</param>
    /// <param name="rescale">What values are multiplied by, 1.0 / 255 for example; null not to.</param>
    /// <param name="preprocessingFunction">
    /// Applied to the image, (height, width, channels) in 0…255, before that: <c>VGG16.PreprocessInput</c>; null for none.
    /// </param>
    /// <param name="interpolation">How pixels are found when it is scaled.</param>
    /// <exception cref="ArgumentException">
    /// There is another number of names than of outputs, or the model does not take images of a fixed size.
    /// </exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file can't be read as an image.</exception>
    public static Prediction Predict(
        this Model model, string path, IEnumerable<string> classNames, double? rescale = null,
        Func<Tensor, Tensor>? preprocessingFunction = null, string interpolation = "nearest")
    {
        string[] names = [.. Checked(classNames)];
        var (input, output) = (Checked(model).Input.Shape, model.OutputShape);
        if (output.Count != 2 || output[1] != names.Length)
            throw new ArgumentException(
                $"The model '{model.Name}' gives {output}, and there are {names.Length} names; there must be one for each output.",
                nameof(classNames));
        if (input.Count != 4 || input[1] is not { } height || input[2] is not { } width || input[3] is not (1 or 3 or 4))
            throw new ArgumentException(
                $"The model '{model.Name}' takes {input}, and no images of a fixed size: load the image by Keras.Utils.LoadImg.",
                nameof(model));
        using var scope = torch.NewDisposeScope();
        var colours = input[3] switch { 1 => "grayscale", 3 => "rgb", _ => "rgba" };
        var image = Keras.Utils.ImgToArray(Keras.Utils.LoadImg(path, colours, (height, width), interpolation));
        if (preprocessingFunction is not null) image = preprocessingFunction(image);
        if (rescale is { } scale) image = image * (float)scale;
        var values = model.Predict(image.unsqueeze(0), verbose: 0).ToArray();
        (string ClassName, float Probability)[] all = [.. names.Zip(values).OrderByDescending(pair => pair.Second)];
        return new(all[0].ClassName, all[0].Probability, all);
    }

    /// <summary>
    /// Computes the model's output for a generator's images several times, each time changed at random anew, and averages it (test-time
    /// augmentation). The generator is made with shuffle: false, so that rows stay in the order of its files.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="x">The images.</param>
    /// <param name="passes">How many times, at least 1.</param>
    /// <returns>One row an image; owned by the caller.</returns>
    /// <exception cref="ArgumentException">
    /// The generator shuffles or changes nothing at random, or the images do not have the shape that the model takes.
    /// </exception>
    public static Tensor PredictAugmented(this Model model, ImageIterator x, int passes = 8)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(passes, 1);
        if (Checked(x).Shuffle)
            throw new ArgumentException("Several passes are averaged image by image: make the generator with shuffle: false.", nameof(x));
        if (((ISamples)x).IsRepeatable)
            throw new ArgumentException("The generator changes nothing at random, so that each pass would give the same: make it with "
                + "the changes to average over, horizontalFlip: true for example.", nameof(x));
        using var scope = torch.NewDisposeScope();
        var sum = Predictor.Predict(Checked(model), x, null);
        for (var pass = 1; pass < passes; pass++) sum.add_(Predictor.Predict(model, x, null));
        return sum.div_(passes).MoveToOuterDisposeScope();
    }
}
