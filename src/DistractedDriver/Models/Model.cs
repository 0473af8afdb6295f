using System.Text.Json.Nodes;
using DistractedDriver.Core;
using DistractedDriver.Layers;
using DistractedDriver.Optimizers;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Models;

// Models: layers put together into a network - which layers, in which order, with which weights, how a pass through it is
// planned, how that is shown and described. A model does not know who trains it or saves it: Training and Saving do.

/// <summary>
/// A network: the layers between an input and one or several outputs, and how it is to be trained, once that was said. It can
/// itself be applied like a layer.
/// </summary>
public class Model : Layer
{
    private Graph? _graph;
    private Compilation? _compilation;
    private bool _trainable = true;

    /// <summary>A model without layers as yet.</summary>
    private protected Model(string? name) : base(name)
    {
    }

    /// <summary>The network between an input and an output.</summary>
    /// <param name="inputs">Where data enters: <see cref="Keras.Input"/> or another model's <see cref="Input"/>.</param>
    /// <param name="outputs">What the network computes.</param>
    /// <param name="name">The model's name; "model" by default.</param>
    /// <exception cref="ArgumentException">The output does not come from the input alone, or two layers have the same name.</exception>
    public Model(KerasTensor inputs, KerasTensor outputs, string? name = null) : this(inputs, [outputs], name)
    {
    }

    /// <summary>The network between an input and several outputs, for example to look at the values in between.</summary>
    /// <param name="inputs">Where data enters.</param>
    /// <param name="outputs">What the network computes, at least one value.</param>
    /// <param name="name">The model's name; "model" by default.</param>
    /// <exception cref="ArgumentException">An output does not come from the input alone, or two layers have the same name.</exception>
    public Model(KerasTensor inputs, IReadOnlyList<KerasTensor> outputs, string? name = null) : base(name)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(outputs);
        if (outputs.Count == 0) throw new ArgumentException("A model needs at least one output.", nameof(outputs));
        Connect(inputs, [.. outputs]);
    }

    /// <summary>All layers, the input first, in Keras's order.</summary>
    public virtual LayerList Layers => new(Network.Layers);

    /// <inheritdoc/>
    public override KerasTensor Input => Network.Input;

    /// <inheritdoc/>
    public override KerasTensor Output => Outputs[0];

    /// <summary>Everything the model computes, in the order in which it was given.</summary>
    public IReadOnlyList<KerasTensor> Outputs => Network.Outputs;

    /// <summary>Says of the model alone whether it is trainable, as a file does: its layers say it of themselves.</summary>
    internal void SetOwnTrainable(bool trainable) => _trainable = trainable;

    /// <summary>The model itself and all layers in it, those of models within it too.</summary>
    internal IEnumerable<Layer> WithAllWithin() =>
        Layers.SelectMany(layer => layer is Model model ? model.WithAllWithin() : [layer]).Prepend(this);

    /// <summary>Every value that is computed on the way, in the order of computation; a layer applied twice gives two.</summary>
    internal IReadOnlyList<KerasTensor> Nodes => Plan.Steps;

    /// <summary>Makes its weights for samples of a shape, if it did not know that shape when it was made.</summary>
    internal virtual void BuildFor(Shape samples)
    {
    }

    /// <summary>The shapes of all values for an input of another size than it declares.</summary>
    /// <exception cref="ArgumentException">A layer can't take what that leads to; the message names it.</exception>
    internal IReadOnlyDictionary<KerasTensor, Shape> ShapesFor(Shape input)
    {
        var shapes = new Dictionary<KerasTensor, Shape> { [Input] = input };
        foreach (var step in Nodes)
            shapes[step] = step.Layer is Model nested
                ? nested.ShapesFor(shapes[step.Inputs[0]])[nested.Output]
                : step.Layer.ComputeOutputShape([.. step.Inputs.Select(from => shapes[from])]);
        return shapes;
    }

    /// <summary>How its outputs are computed from its input.</summary>
    internal ForwardPlan Plan => Network.Plan;

    internal bool HasLayers => _graph is not null;

    private Graph Network => _graph ?? throw new InvalidOperationException(NotBuilt);

    private protected virtual string NotBuilt => $"The model '{Name}' has no layers yet.";

    /// <inheritdoc/>
    public override string ClassName => "Functional";

    /// <inheritdoc/>
    public override IReadOnlyList<Weight> Weights => [.. Layers.SelectMany(layer => layer.Weights)];

    /// <inheritdoc/>
    public override IReadOnlyList<Weight> TrainableWeights => Trainable ? [.. Layers.SelectMany(layer => layer.TrainableWeights)] : [];

    /// <summary>
    /// Whether training may change the weights. Setting it sets every layer's too, as in Keras; a layer that is made trainable
    /// again afterwards stays frozen within a model that is not trainable itself.
    /// </summary>
    public override bool Trainable
    {
        get => _trainable;
        set
        {
            _trainable = value;
            foreach (var layer in Layers) layer.Trainable = value;
        }
    }

    /// <summary>Set by a callback to end training after the current epoch.</summary>
    public bool StopTraining { get; set; }

    /// <summary>The optimizer that the model was compiled with.</summary>
    /// <exception cref="InvalidOperationException">It was not compiled yet.</exception>
    public Optimizer Optimizer => RequireCompilation().Optimizer;

    /// <summary>How the model is to be trained; null until it was compiled.</summary>
    internal Compilation? Compilation
    {
        get => _compilation;
        set
        {
            if (_compilation?.Optimizer != value?.Optimizer) _compilation?.Optimizer.Dispose();
            _compilation = value;
        }
    }

    /// <summary>How the model is to be trained.</summary>
    /// <exception cref="InvalidOperationException">It was not compiled yet.</exception>
    internal Compilation RequireCompilation() => _compilation
        ?? throw new InvalidOperationException(
            $"The model '{Name}' has to be compiled before it can be trained or evaluated: model.Compile(optimizer, loss, metrics).");

    /// <summary>The layer of that name.</summary>
    /// <param name="name">For example "block5_pool".</param>
    /// <exception cref="ArgumentException">There is none; the message lists those there are.</exception>
    public Layer GetLayer(string name) => Layers.FirstOrDefault(layer => layer.Name == name)
        ?? throw new ArgumentException(
            $"The model has no layer '{name}'. It has: {string.Join(", ", Layers.Select(layer => layer.Name))}.", nameof(name));

    /// <summary>Prints the table of layers, shapes and parameters, as Keras does.</summary>
    /// <param name="printFn">Where each line goes; the console by default.</param>
    /// <param name="lineLength">
    /// How wide the table is, without the column for what is trainable: at least 40 characters; 65, or 98 for a network with branches, by
    /// default.
    /// </param>
    /// <param name="showTrainable">Whether a column says which layers may be trained.</param>
    /// <param name="expandNested">Whether the layers of models within the model are listed.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="lineLength"/> is below 40.</exception>
    public void Summary(Action<string>? printFn = null, int? lineLength = null, bool showTrainable = false, bool expandNested = false)
    {
        _ = Network;
        foreach (var line in new Summary(this, lineLength, showTrainable, expandNested).Lines()) (printFn ?? TextOutput.WriteLine)(line);
    }

    internal override string DefaultName => "model";

    /// <inheritdoc/>
    protected internal override bool IsDeterministic => IsDeterministicIn(new CallContext(training: true));

    internal override bool IsDeterministicIn(CallContext context) => Nodes.All(node => node.IsDeterministicIn(context));

    /// <inheritdoc/>
    protected internal override JsonObject Arguments => ModelConfig.Write(this);

    /// <inheritdoc/>
    public override JsonObject GetConfig() => Arguments;

    /// <inheritdoc/>
    protected internal override Shape ComputeOutputShape(IReadOnlyList<Shape> inputs)
    {
        if (Outputs.Count != 1) throw new InvalidOperationException(
            $"Model '{Name}' has {Outputs.Count} outputs; only a model with one can be applied as a layer.");
        return inputs.Count == 1 && inputs[0].Equals(Input.Shape)
            ? Output.Shape
            : throw new ArgumentException($"Model '{Name}' takes one input of shape {Input.Shape}. Received: {string.Join(", ", inputs)}.",
                nameof(inputs));
    }

    /// <inheritdoc/>
    protected internal override Tensor Call(IReadOnlyList<Tensor> inputs, CallContext context) => Plan.Run(inputs[0], context)[0];

    /// <summary>Makes the model what lies between an input and outputs.</summary>
    private protected void Connect(KerasTensor input, IReadOnlyList<KerasTensor> outputs)
    {
        var layers = InKerasOrder(input, outputs);
        for (var i = 0; i < layers.Count; i++) layers[i].TakeNameAmong(layers.Take(i));
        if (layers.GroupBy(layer => layer.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new ArgumentException(
                $"The name '{twice.Key}' is used by {twice.Count()} layers of the model; every layer's name must be its own.",
                    nameof(outputs));
        _graph = new Graph(input, outputs, new ForwardPlan(input, outputs), layers);
    }

    // Keras sorts layers by how far they are from the outputs, farthest first, and those equally far by when a walk from
    // the outputs back towards the inputs meets them first.
    private static List<Layer> InKerasOrder(KerasTensor input, IReadOnlyList<KerasTensor> outputs)
    {
        var met = new Dictionary<Layer, int>();
        var seen = new HashSet<KerasTensor>();
        var open = new Stack<KerasTensor>(outputs.Reverse());
        while (open.TryPop(out var value))
        {
            if (!seen.Add(value)) continue;
            met.TryAdd(value.Layer, met.Count);
            if (value == input) continue;
            foreach (var before in value.Inputs.Reverse()) open.Push(before);
        }

        var depths = seen.ToDictionary(value => value, _ => 0);
        foreach (var value in outputs.SelectMany(output => output.Ancestry()).Distinct().Where(seen.Contains).Reverse())
        {
            if (value == input) continue;
            foreach (var before in value.Inputs) depths[before] = Math.Max(depths[before], depths[value] + 1);
        }
        return [.. seen.GroupBy(value => value.Layer)
            .OrderByDescending(values => values.Max(value => depths[value]))
            .ThenBy(values => met[values.Key])
            .Select(values => values.Key)];
    }

    /// <summary>Frees the weights of every layer and the optimizer's memory.</summary>
    /// <param name="disposing">True when called from <see cref="Layer.Dispose()"/>.</param>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var layer in _graph?.Layers ?? []) layer.Dispose();
            _compilation?.Optimizer.Dispose();
        }
        base.Dispose(disposing);
    }

    private sealed record Graph(KerasTensor Input, IReadOnlyList<KerasTensor> Outputs, ForwardPlan Plan, IReadOnlyList<Layer> Layers);
}
