using DistractedDriver.Evaluation;
using DistractedDriver.Models;
using DistractedDriver.Preprocessing;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver;

public static partial class ModelExtensions
{
    /// <summary>
    /// Has the model classify a generator's images, each read once, and puts what it says beside what they are: confusion matrix,
    /// report, calibration and the rest follow from the result. The images come in the order of their files, whether the generator
    /// shuffles or not; it may be made with <c>classMode: null</c>, since the folders' names are enough.
    /// </summary>
    /// <param name="model">A network with a column for each class, or with one for the second of two classes.</param>
    /// <param name="x">The images.</param>
    /// <param name="fromLogits">Whether the network ends before softmax, or sigmoid for one column, which is then applied.</param>
    /// <exception cref="ArgumentException">
    /// The images do not have the shape that the model takes, have no classes, or others than the model; or the model's output is no
    /// probability.
    /// </exception>
    /// <exception cref="InvalidDataException">An image can't be read; the message names it.</exception>
    public static ClassificationResult Classify(this Model model, ImageIterator x, bool fromLogits = false) =>
        Evaluator.Evaluate(Checked(model), Checked(x), Keras.Features, fromLogits);

    /// <summary>Has the model classify samples that lie in memory.</summary>
    /// <param name="model">A network with a column for each class, or with one for the second of two classes.</param>
    /// <param name="x">The samples, the first axis counting them; stays the caller's.</param>
    /// <param name="labels">Each sample's class, from 0.</param>
    /// <param name="classes">The classes' names; their numbers by default.</param>
    /// <param name="batchSize">How many samples are computed at once.</param>
    /// <param name="fromLogits">Whether the network ends before softmax, or sigmoid for one column, which is then applied.</param>
    /// <exception cref="ArgumentException">
    /// The samples do not have the shape that the model takes, the labels are not as many or beyond its classes, or its output is no
    /// probability.
    /// </exception>
    public static ClassificationResult Classify(this Model model, Tensor x, IReadOnlyList<int> labels,
        IReadOnlyList<string>? classes = null, int batchSize = 32, bool fromLogits = false) =>
        Evaluator.Evaluate(Checked(model), new ArraySource(x, null, batchSize, shuffle: false), Checked(labels), classes, fromLogits);
}
