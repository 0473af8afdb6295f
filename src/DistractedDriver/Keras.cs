using DistractedDriver.Core;
using DistractedDriver.Features;
using DistractedDriver.Layers;
using DistractedDriver.Models;
using DistractedDriver.Saving;

namespace DistractedDriver;

/// <summary>What Keras keeps at its top: where a network starts, and the one seed.</summary>
public static partial class Keras
{
    private static readonly Lazy<FeatureStore> Store = new(FeatureStore.FromEnvironment, LazyThreadSafetyMode.PublicationOnly);

    /// <summary>Where features of frozen layers are kept that several trainings share.</summary>
    internal static FeatureStore Features => Store.Value;

    /// <summary>Starts a network: where data enters it.</summary>
    /// <param name="shape">One sample's shape, without the batch: (224, 224, 3).</param>
    /// <param name="name">The input layer's name; by default "input_1".</param>
    /// <returns>The value to apply the first layer to.</returns>
    public static KerasTensor Input(Shape shape, string? name = null) => new InputLayer(shape, name).Output;

    /// <summary>
    /// The network that Keras saved whole, with its weights: Keras 2's HDF5 or Keras 3's <c>.keras</c> (Keras's
    /// <c>models.load_model</c>). Where the file says how it was compiled, it is compiled, and training goes on as if it had never
    /// stopped.
    /// </summary>
    /// <param name="filepath">The file.</param>
    /// <param name="customObjects">How layers of your own are made from their arguments, by the names of their classes.</param>
    /// <param name="compile">Whether it is compiled as it was when it was saved.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// The file is damaged, holds weights alone, or a network of layers that this library has not; the message names what.
    /// </exception>
    public static Model LoadModel(string filepath, IReadOnlyDictionary<string, Func<LayerConfig, Layer>>? customObjects = null,
        bool compile = true)
    {
        ArgumentNullException.ThrowIfNull(filepath);
        return ModelFile.Load(filepath, customObjects, compile);
    }

    /// <summary>
    /// The network that a JSON text describes, with weights as they are made (Keras's <c>models.model_from_json</c>): what
    /// <see cref="ModelExtensions.ToJson"/> gives, or <c>to_json</c> of Keras 2 or Keras 3.
    /// </summary>
    /// <param name="json">The text.</param>
    /// <param name="customObjects">How layers of your own are made from their arguments, by the names of their classes.</param>
    /// <exception cref="InvalidDataException">The text is damaged, or describes a network of layers that this library has not.</exception>
    public static Model ModelFromJson(string json, IReadOnlyDictionary<string, Func<LayerConfig, Layer>>? customObjects = null)
    {
        ArgumentNullException.ThrowIfNull(json);
        return ModelFile.Described("the JSON text", json, customObjects);
    }

    /// <summary>
    /// Makes everything random repeatable from here on: initial weights, dropout, and the shuffles and augmentation of
    /// generators that have no seed of their own (Keras's <c>keras.utils.set_random_seed</c>).
    /// </summary>
    /// <param name="seed">Any number from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="seed"/> is negative.</exception>
    public static void SetRandomSeed(int seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(seed);
        RandomSource.SetSeed(seed);
        NumpyRandom.Global.Seed((uint)seed);
        PythonRandom.Global.Seed((uint)seed);
    }

    /// <summary>
    /// In which numbers the layers compute that are made from here on (Keras's <c>mixed_precision.set_global_policy</c>).
    /// Under "mixed_bfloat16" weights stay float32 and everything computed from them is bfloat16, which is faster where the
    /// processor has instructions for it, and rougher; losses and metrics are computed in float32, and a last layer with <c>dtype:
    /// "float32"</c> keeps the output exact.
    /// </summary>
    /// <param name="policy">"float32" or "mixed_bfloat16".</param>
    /// <exception cref="ArgumentException">There is no such policy.</exception>
    public static void SetGlobalPolicy(string policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        Policy.Global = Policy.Get(policy);
    }
}
