using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver;

// Layers: what a network is made of. A layer knows its weights, its output's shape and how to compute it; it knows
// nothing of losses, optimizers or files. Images are NHWC throughout, as in Keras.

/// <summary>One step of a network: it turns tensors into a tensor, with weights of its own or without.</summary>
public abstract class Layer : IDisposable
{
    private readonly string? _givenName;
    private readonly List<KerasTensor> _outputs = [];
    private readonly List<Weight> _weights = [];

    /// <param name="name">Its name in the model; by default the class's name in lower case, numbered where needed.</param>
    /// <param name="dtype">"float32" or "mixed_bfloat16"; by default what <see cref="Keras.SetGlobalPolicy"/> set.</param>
    /// <exception cref="ArgumentException">The name is empty or contains a slash, or there is no such policy.</exception>
    protected Layer(string? name, string? dtype = null)
    {
        if (name is not null && (name.Length == 0 || name.Contains('/', StringComparison.Ordinal)))
            throw new ArgumentException($"A layer's name is not empty and has no '/'. Received: '{name}'.", nameof(name));
        _givenName = name;
        Policy = dtype is null ? Policy.Global : Policy.Get(dtype);
        Name = name ?? DefaultName;
    }

    /// <summary>The layer's name, unique in its model: "block1_conv1", "dense_1".</summary>
    public string Name { get; private set; }

    /// <summary>
    /// Whether training may change the weights. Set it to false to freeze the layer; it takes effect at the next <c>Compile</c>,
    /// as in Keras.
    /// </summary>
    public virtual bool Trainable { get; set; } = true;

    /// <summary>All weights, in Keras's order; empty until the layer was applied.</summary>
    public virtual IReadOnlyList<Weight> Weights => _weights;

    /// <summary>The weights that training may change: none while <see cref="Trainable"/> is false.</summary>
    public virtual IReadOnlyList<Weight> TrainableWeights => Trainable ? [.. _weights.Where(weight => weight.IsLearned)] : [];

    /// <summary>How many numbers the weights hold.</summary>
    public long CountParams() => Weights.Sum(weight => weight.Count);

    /// <summary>What the layer gave when it was first applied.</summary>
    /// <exception cref="InvalidOperationException">It was not applied yet.</exception>
    public virtual KerasTensor Output => _outputs.Count > 0
        ? _outputs[0]
        : throw new InvalidOperationException($"Layer '{Name}' has not been applied to anything yet, so it has no output.");

    /// <summary>What the layer was first applied to.</summary>
    /// <exception cref="InvalidOperationException">It was not applied yet, or it is an input and comes from nothing.</exception>
    public virtual KerasTensor Input => Output.Inputs.Count > 0
        ? Output.Inputs[0]
        : throw new InvalidOperationException($"Layer '{Name}' is an input; it is applied to nothing.");

    /// <summary>The output's shape, the batch first.</summary>
    public Shape OutputShape => Output.Shape;

    /// <summary>Name, trainability and arguments by Keras's names, as Keras's <c>get_config</c>.</summary>
    public virtual JsonObject GetConfig()
    {
        JsonObject config = new() { ["name"] = Name, ["trainable"] = Trainable, ["dtype"] = Policy.GetConfig() };
        foreach (var (key, value) in Arguments) config[key] = value?.DeepClone();
        return config;
    }

    /// <summary>The arguments that the layer was made with, by Keras's names: whatever determines its computation apart from weights.</summary>
    internal virtual JsonObject Arguments => [];

    /// <summary>In which numbers the layer computes.</summary>
    internal Policy Policy { get; set; }

    /// <summary>Applies the layer to a value of a network being put together.</summary>
    /// <param name="input">What it is applied to.</param>
    /// <param name="training">
    /// false to compute as at inference even while the network is trained, as one does with a pretrained base whose batch
    /// normalisation is to stay as it is; true for the contrary; null to go by what is being done.
    /// </param>
    /// <returns>What it will compute.</returns>
    /// <exception cref="ArgumentException">The layer does not take a value of that shape.</exception>
    public KerasTensor Apply(KerasTensor input, bool? training = null) => Apply([input], training);

    /// <summary>Applies the layer to several values, as <c>Add</c> takes them.</summary>
    /// <param name="inputs">What it is applied to.</param>
    /// <param name="training">As for one value.</param>
    /// <returns>What it will compute.</returns>
    /// <exception cref="ArgumentException">The layer does not take values of those shapes.</exception>
    public KerasTensor Apply(IReadOnlyList<KerasTensor> inputs, bool? training = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var shapes = inputs.Select(input => input.Shape).ToArray();
        var shape = ComputeOutputShape(shapes);
        if (_outputs.Count == 0)
        {
            TakeNameAmong(inputs.SelectMany(input => input.Ancestry()).Select(value => value.Layer));
            Build(shapes);
        }
        var output = new KerasTensor(this, _outputs.Count, [.. inputs], shape, training);
        _outputs.Add(output);
        return output;
    }

    /// <summary>All weights' values in Keras's order and shapes, as Keras's <c>get_weights</c>.</summary>
    public IReadOnlyList<float[]> GetWeights() => [.. Weights.Select(weight => weight.ToArray())];

    /// <summary>Replaces all weights' values, as Keras's <c>set_weights</c>.</summary>
    /// <param name="values">One array a weight, in the order of <see cref="Weights"/>, each in Keras's order of axes.</param>
    /// <exception cref="ArgumentException">There are more or fewer arrays than weights, or one has another size.</exception>
    public void SetWeights(IReadOnlyList<float[]> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count != Weights.Count)
            throw new ArgumentException($"Layer '{Name}' has {Weights.Count} weights. Received: {values.Count} arrays.", nameof(values));
        foreach (var (weight, array) in Weights.Zip(values)) weight.Assign(array);
    }

    /// <summary>The class's name in Keras, as a summary shows it.</summary>
    public virtual string ClassName => GetType().Name;

    /// <summary>The output's shape for inputs of the given shapes, all with the batch first.</summary>
    /// <exception cref="ArgumentException">The layer does not take inputs of those shapes.</exception>
    protected internal abstract Shape ComputeOutputShape(IReadOnlyList<Shape> inputs);

    /// <summary>
    /// Computes the output: a tensor of its own, never an input. The caller has opened a dispose scope for whatever else is
    /// made on the way.
    /// </summary>
    internal abstract Tensor Call(IReadOnlyList<Tensor> inputs, CallContext context);

    /// <summary>Whether training and inference compute the same while the weights stay as they are.</summary>
    internal virtual bool IsDeterministic => true;

    /// <summary>What a layer without a name of its own is called before it is numbered.</summary>
    internal virtual string DefaultName => SnakeCase(ClassName);

    /// <summary>Makes the weights, once, when the layer is first applied.</summary>
    private protected virtual void Build(IReadOnlyList<Shape> inputs)
    {
    }

    private protected Weight AddWeight(Weight weight, Initializer initializer)
    {
        weight.BeginWith(initializer.Plan(weight));
        _weights.Add(weight);
        return weight;
    }

    /// <summary>A weight's numbers as the layer computes with them.</summary>
    [return: NotNullIfNotNull(nameof(weight))]
    private protected Tensor? Value(Weight? weight) => weight is null ? null : Policy.Cast(weight.Stored);

    /// <summary>The shape of the one input, which is images, with the channels that the layer was built for.</summary>
    private protected Shape Images(IReadOnlyList<Shape> inputs, int? channels = null) => inputs.Count == 1 && inputs[0].Count == 4
        ? CheckChannels(inputs[0], channels)
        : throw new ArgumentException($"{ClassName} '{Name}' takes one input of 4 axes, (batch, height, width, channels). Received: {string.Join(", ", inputs)}.", nameof(inputs));

    /// <summary>The last axis's number, which a file may have given from either end; this library's layers go along no other.</summary>
    private protected int LastAxis(Shape input, int axis) => axis == -1 || axis == input.Count - 1
        ? input.Count - 1
        : throw new ArgumentException($"{ClassName} '{Name}' goes along the last axis of its input, {input}. Received: axis {axis}.", nameof(axis));

    private protected Shape CheckChannels(Shape input, int? channels) => channels is null || channels == input.Channels
        ? input
        : throw new ArgumentException($"{ClassName} '{Name}' was built for {channels} channels and can't be applied to shape {input}.", nameof(input));

    /// <summary>Numbers the name, unless it was given, so that it differs from those of <paramref name="others"/>.</summary>
    internal void TakeNameAmong(IEnumerable<Layer> others)
    {
        if (_givenName is not null) return;
        var taken = others.Where(other => other != this).Select(other => other.Name).ToHashSet();
        Name = Numbered(0) is var plain && !taken.Contains(plain)
            ? plain
            : Enumerable.Range(1, int.MaxValue - 1).Select(Numbered).First(name => !taken.Contains(name));
    }

    private protected virtual string Numbered(int count) => count == 0 ? DefaultName : $"{DefaultName}_{count}";

    // Keras's rule: an underscore before a capital that starts a word, then lower case: GlobalAveragePooling2D →
    // global_average_pooling2d, InputLayer → input_layer.
    private protected static string SnakeCase(string name) => string.Concat(name.Select((letter, i) =>
        i > 0 && char.IsUpper(letter) && (char.IsLower(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])))
            ? $"_{char.ToLowerInvariant(letter)}"
            : $"{char.ToLowerInvariant(letter)}"));

    /// <summary>Frees the weights.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the weights.</summary>
    /// <param name="disposing">True when called from <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            foreach (var weight in _weights) weight.Dispose();
    }
}
