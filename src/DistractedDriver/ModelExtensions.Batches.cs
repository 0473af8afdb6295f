using DistractedDriver.Models;
using DistractedDriver.Preprocessing;
using DistractedDriver.Training;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver;

public static partial class ModelExtensions
{
    /// <summary>Takes one step on one batch (Keras's <c>train_on_batch</c>), for a training loop of one's own.</summary>
    /// <param name="model">The model.</param>
    /// <param name="x">The batch's samples; stays the caller's.</param>
    /// <param name="y">Their labels; stays the caller's.</param>
    /// <param name="sampleWeight">How much each sample counts in the loss, (samples); stays the caller's.</param>
    /// <param name="classWeight">How much each class, by its number from 0 on, counts in the loss; once each by default.</param>
    /// <returns>The batch's values by name, "loss", "accuracy", as they were before the step.</returns>
    /// <exception cref="ArgumentException">Samples or labels do not have the shape that the model takes.</exception>
    /// <exception cref="InvalidOperationException">The model was not compiled, or has several outputs.</exception>
    public static IReadOnlyDictionary<string, double> TrainOnBatch(
        this Model model, Tensor x, Tensor y, Tensor? sampleWeight = null, IReadOnlyDictionary<int, double>? classWeight = null) =>
        new Trainer(Checked(model)).TrainOnBatch(Whole(x, Checked(y), sampleWeight), classWeight);

    /// <summary>Measures the loss and the metrics on one batch (Keras's <c>test_on_batch</c>).</summary>
    /// <param name="model">The model.</param>
    /// <param name="x">The batch's samples; stays the caller's.</param>
    /// <param name="y">Their labels; stays the caller's.</param>
    /// <param name="sampleWeight">How much each sample counts in the loss, (samples); stays the caller's.</param>
    /// <returns>The values by name: "loss", "accuracy".</returns>
    /// <exception cref="ArgumentException">Samples or labels do not have the shape that the model takes.</exception>
    /// <exception cref="InvalidOperationException">The model was not compiled, or has several outputs.</exception>
    public static IReadOnlyDictionary<string, double> TestOnBatch(this Model model, Tensor x, Tensor y, Tensor? sampleWeight = null) =>
        new Trainer(Checked(model)).Evaluate(Whole(x, Checked(y), sampleWeight), null, verbose: 0, steps: null);

    /// <summary>Computes the model's output for one batch (Keras's <c>predict_on_batch</c>).</summary>
    /// <param name="model">The model.</param>
    /// <param name="x">The batch's samples; stays the caller's.</param>
    /// <returns>One row a sample; owned by the caller.</returns>
    /// <exception cref="ArgumentException">The samples do not have the shape that the model takes.</exception>
    public static Tensor PredictOnBatch(this Model model, Tensor x) => Predictor.Predict(Checked(model), Whole(x, null, null), null);

    /// <summary>Loss and metrics in their order: <c>var (loss, accuracy) = model.Evaluate(…)</c>.</summary>
    /// <param name="values">What Evaluate gave.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="metric">The first metric.</param>
    /// <exception cref="InvalidOperationException">The model was compiled with another number of metrics.</exception>
    public static void Deconstruct(this IReadOnlyDictionary<string, double> values, out double loss, out double metric)
    {
        var all = InOrder(values, 2);
        (loss, metric) = (all[0], all[1]);
    }

    /// <summary>Loss and metrics in their order: <c>var (loss, accuracy, auc) = model.Evaluate(…)</c>.</summary>
    /// <param name="values">What Evaluate gave.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="first">The first metric.</param>
    /// <param name="second">The second metric.</param>
    /// <exception cref="InvalidOperationException">The model was compiled with another number of metrics.</exception>
    public static void Deconstruct(this IReadOnlyDictionary<string, double> values, out double loss, out double first, out double second)
    {
        var all = InOrder(values, 3);
        (loss, first, second) = (all[0], all[1], all[2]);
    }

    private static double[] InOrder(IReadOnlyDictionary<string, double> values, int count)
    {
        ArgumentNullException.ThrowIfNull(values);
        return values.Count == count
            ? [.. values.Values]
            : throw new InvalidOperationException($"There are {values.Count} values, {string.Join(", ", values.Keys)}, and not {count}.");
    }

    private static ArraySource Whole(Tensor x, Tensor? y, Tensor? sampleWeight) =>
        new(Checked(x), y, Math.Max(1, x.dim() == 0 ? 1 : (int)x.shape[0]), shuffle: false, sampleWeight);
}
