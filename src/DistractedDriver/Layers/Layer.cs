using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using DistractedDriver.Compute;
using DistractedDriver.Compute.Convolution;
using DistractedDriver.Core;
using DistractedDriver.Initializers;
using DistractedDriver.Regularizers;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Layers;

// Layers: what a network is made of. One file each, and one line in LayerRegistry. A layer knows its weights, its output's shape and
// how to compute it; it knows
// nothing of losses, optimizers or files. Images are NHWC throughout, as in Keras.

/// <summary>
/// One step of a network: it turns tensors into a tensor, with weights of its own or without. A layer of your own overrides
/// <see cref="ComputeOutputShape"/> and <see cref="Call"/>, <see cref="Build"/> if it has weights, and <see cref="Arguments"/> if
/// it has any.
/// </summary>
public abstract class Layer : IDisposable
{
    private readonly string? _givenName;
    private readonly List<KerasTensor> _outputs = [];
    private readonly List<Weight> _weights = [];
    private bool _isBuilt;

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

    /// <summary>
    /// One sample's shape, without the batch, where the layer is the first of a <c>Sequential</c>: (224, 224, 3); null where that is
    /// said otherwise.
    /// </summary>
    public Shape? InputShape { get; init; }

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
        JsonObject config = new() { ["name"] = Name, ["trainable"] = Trainable, ["dtype"] = Policy.Name };
        foreach (var (key, value) in Arguments) config[key] = value?.DeepClone();
        return config;
    }

    /// <summary>
    /// The arguments that the layer was made with, by Keras's names: whatever determines its computation apart from weights. They are
    /// saved with the layer, and tell kept features apart: a layer of your own that has arguments gives them all.
    /// </summary>
    protected internal virtual JsonObject Arguments => [];

    /// <summary>In which numbers the layer computes.</summary>
    internal Policy Policy { get; set; }

    /// <summary>Where the layer's weights lie and it computes.</summary>
    internal torch.Device Device { get; } = ComputeDevice.Current;

    /// <summary>How the processor computes the layer's convolutions, if it has any.</summary>
    internal ConvolutionMethod ConvolutionMethod { get; } = ConvolutionMethods.Current;

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
        if (_outputs.Count == 0) TakeNameAmong(inputs.SelectMany(input => input.Ancestry()).Select(value => value.Layer));
        BuildOnce(shapes);
        var output = new KerasTensor(this, _outputs.Count, [.. inputs], shape, training);
        _outputs.Add(output);
        return output;
    }

    /// <summary>Computes the layer's output for a batch: Keras's <c>layer(x)</c>.</summary>
    /// <param name="input">The batch, its first axis counting the samples; stays the caller's.</param>
    /// <param name="training">
    /// Whether it computes as while training: dropout drops, batch normalisation uses the batch's statistics.
    /// </param>
    /// <returns>The output; owned by the caller, or by the caller's dispose scope.</returns>
    /// <exception cref="ArgumentException">The layer does not take a batch of that shape.</exception>
    public Tensor Apply(Tensor input, bool training = false) => Apply([input], training);

    /// <summary>Computes the layer's output for several batches of one length, as <c>Add</c> takes them.</summary>
    /// <param name="inputs">The batches; they stay the caller's.</param>
    /// <param name="training">As for one batch.</param>
    /// <returns>The output; owned by the caller, or by the caller's dispose scope.</returns>
    /// <exception cref="ArgumentException">The layer does not take batches of those shapes.</exception>
    public Tensor Apply(IReadOnlyList<Tensor> inputs, bool training = false)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        Shape[] shapes = [.. inputs.Select(input => new Shape([null, .. input.shape.Skip(1).Select(size => (int?)size)]))];
        ComputeOutputShape(shapes);
        BuildOnce(shapes);
        using var scope = torch.NewDisposeScope();
        var context = new CallContext(training);
        return context.InFloat32(Call([.. inputs.Select(input => Policy.Cast(input.to(Device)))], context)).MoveToOuterDisposeScope();
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
    /// <param name="inputs">What it is applied to, in the type of the layer's policy; they stay the caller's.</param>
    /// <param name="context">For training or for inference.</param>
    protected internal abstract Tensor Call(IReadOnlyList<Tensor> inputs, CallContext context);

    /// <summary>
    /// Whether training and inference compute the same while the weights stay as they are, so that what the layer gives can be
    /// computed once and kept. A layer that draws at random or looks at the whole batch says false.
    /// </summary>
    protected internal virtual bool IsDeterministic => true;

    /// <summary>The same in a pass that may hold a layer for frozen that is not frozen now, or the reverse.</summary>
    internal virtual bool IsDeterministicIn(CallContext context) => IsDeterministic;

    /// <summary>
    /// How this layer computes together with layers that follow it, each of which takes nothing but the output of the one before;
    /// null where it takes none of them in.
    /// </summary>
    /// <param name="following">The next layers, at least one.</param>
    internal virtual FusedCall? Fuse(IReadOnlyList<Layer> following) => null;

    /// <summary>What a layer without a name of its own is called before it is numbered.</summary>
    internal virtual string DefaultName => SnakeCase(ClassName);

    /// <summary>Makes the weights, by <c>AddWeight</c>, once, when the layer is first applied.</summary>
    /// <param name="inputs">The shapes that it is applied to, all with the batch first.</param>
    protected virtual void Build(IReadOnlyList<Shape> inputs)
    {
    }

    /// <summary>Makes a weight of this layer, while it is built: Keras's <c>add_weight</c>.</summary>
    /// <param name="name">Its name inside the layer: "kernel".</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="initializer">How its values begin: "glorot_uniform", "zeros".</param>
    /// <param name="trainable">Whether training may change it while the layer is trainable: false for moving averages.</param>
    /// <param name="regularizer">What its size adds to the loss; nothing by default.</param>
    /// <returns>The weight, which the layer owns.</returns>
    protected Weight AddWeight(string name, Shape shape, Initializer initializer, bool trainable = true, Regularizer? regularizer = null) =>
        AddWeight(name, shape, initializer, null, trainable, regularizer);

    /// <summary>The same with an order of axes in memory that LibTorch computes with faster.</summary>
    private protected Weight AddWeight(
        string name, Shape shape, Initializer initializer, int[]? storage, bool trainable = true, Regularizer? regularizer = null)
    {
        ArgumentNullException.ThrowIfNull(initializer);
        var weight = new Weight(name, shape, Device, storage, trainable) { Penalty = regularizer is null ? null : regularizer.Call };
        weight.SetInitialValues(initializer.Plan(shape));
        _weights.Add(weight);
        return weight;
    }

    /// <summary>A weight's numbers as the layer computes with them: in the type of its policy, laid out as in memory.</summary>
    /// <param name="weight">A weight of this layer; null gives null.</param>
    /// <returns>A tensor that belongs to the weight, or, in another type than the weight's own, to the open dispose scope.</returns>
    [return: NotNullIfNotNull(nameof(weight))]
    protected Tensor? Value(Weight? weight) => weight is null ? null : Policy.Cast(weight.Stored);

    /// <summary>The shape of the one input, which is images, with the channels that the layer was built for.</summary>
    private protected Shape Images(IReadOnlyList<Shape> inputs, int? channels = null) => inputs.Count == 1 && inputs[0].Count == 4
        ? CheckChannels(inputs[0], channels)
        : throw new ArgumentException(
            $"{ClassName} '{Name}' takes one input of 4 axes, (batch, height, width, channels). Received: {string.Join(", ", inputs)}.",
                nameof(inputs));

    /// <summary>The last axis's number, which a file may have given from either end; this library's layers go along no other.</summary>
    private protected int LastAxis(Shape input, int axis) => axis == -1 || axis == input.Count - 1
        ? input.Count - 1
        : throw new ArgumentException($"{ClassName} '{Name}' goes along the last axis of its input, {input}. Received: axis {axis}.",
            nameof(axis));

    /// <summary>The shape of several inputs put together place by place, where a size of 1 stands for as many as the others have.</summary>
    private protected Shape Broadcast(IReadOnlyList<Shape> inputs, int most = int.MaxValue)
    {
        bool Fits(int axis) => inputs.Select(shape => shape[axis]).Where(size => size is not (null or 1)).Distinct().Count() <= 1;
        if (inputs.Count < 2 || inputs.Count > most || inputs.Any(shape => shape.Count != inputs[0].Count)
            || !Enumerable.Range(0, inputs[0].Count).All(Fits))
        {
            throw new ArgumentException(
                $"{ClassName} '{Name}' takes {(most == 2 ? "two inputs" : "at least two inputs")} of one shape. Received: "
                    + $"{string.Join(", ", inputs)}.", nameof(inputs));
        }
        return new Shape(Enumerable.Range(0, inputs[0].Count).Select(axis =>
            inputs.Select(shape => shape[axis]).FirstOrDefault(size => size is not (null or 1))
                ?? (inputs.Any(shape => shape[axis] is null) ? null : 1)));
    }

    private protected Shape CheckChannels(Shape input, int? channels) => channels is null || channels == input.Channels
        ? input
        : throw new ArgumentException($"{ClassName} '{Name}' was built for {channels} channels and can't be applied to shape {input}.",
            nameof(input));

    private void BuildOnce(IReadOnlyList<Shape> inputs)
    {
        if (_isBuilt) return;
        Build(inputs);
        _isBuilt = true;
    }

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
    internal static string SnakeCase(string name) => string.Concat(name.Select((letter, i) =>
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

/// <summary>Several layers computed as one.</summary>
/// <param name="Taken">How many of the following layers are taken in.</param>
/// <param name="Call">Computes the last one's output from the first one's inputs, under the rules of <see cref="Layer.Call"/>.</param>
internal sealed record FusedCall(int Taken, Func<IReadOnlyList<Tensor>, CallContext, Tensor> Call);
