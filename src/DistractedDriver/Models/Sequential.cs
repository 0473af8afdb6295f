using DistractedDriver.Core;
using DistractedDriver.Layers;

namespace DistractedDriver.Models;

/// <summary>A network that is one chain of layers, each applied to what the one before gives.</summary>
public sealed class Sequential : Model
{
    // Those that were added before it was known what goes in.
    private readonly List<Layer> _waiting = [];

    /// <param name="layers">
    /// The first may say what goes in: an <see cref="InputLayer"/>, a <see cref="Model"/>, or any layer with an inputShape; otherwise the
    /// model is built for what it is first trained on or called with. More can be added later.
    /// </param>
    /// <param name="name">The model's name; "sequential" by default.</param>
    /// <exception cref="ArgumentException">A layer does not take what the one before gives.</exception>
    public Sequential(IReadOnlyList<Layer>? layers = null, string? name = null) : base(name)
    {
        foreach (var layer in layers ?? []) Add(layer);
    }

    /// <summary>All layers in order; as in Keras, without the input.</summary>
    public override LayerList Layers => new(HasLayers ? [.. base.Layers.Where(layer => layer is not InputLayer)] : _waiting);

    /// <inheritdoc/>
    public override string ClassName => nameof(Sequential);

    internal override string DefaultName => "sequential";

    /// <summary>Puts a layer at the end.</summary>
    /// <param name="layer">It is applied to what the model gave until now. A model that was compiled has to be compiled again.</param>
    /// <exception cref="ArgumentException">It does not take what the one before gives.</exception>
    public void Add(Layer layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        if (HasLayers)
            Connect(Input, [layer.Apply(Output)]);
        else if (_waiting.Count > 0)
            _waiting.Add(layer);
        else if (layer is InputLayer)
            Connect(layer.Output, [layer.Output]);
        else if (layer is Model { HasLayers: true } model)
            Start(model);
        else if (layer.InputShape is { } shape)
            Start(layer, shape);
        else
            _waiting.Add(layer);
    }

    /// <summary>Makes the weights of a model whose layers did not say what goes in (Keras's <c>build</c>).</summary>
    /// <param name="inputShape">One sample's shape, without the batch: (224, 224, 3).</param>
    /// <exception cref="ArgumentException">A layer does not take what the one before gives.</exception>
    /// <exception cref="InvalidOperationException">The model has no layers.</exception>
    public void Build(Shape inputShape)
    {
        ArgumentNullException.ThrowIfNull(inputShape);
        if (HasLayers) return;
        if (_waiting.Count == 0) throw new InvalidOperationException(NotBuilt);
        Start(_waiting[0], inputShape);
        foreach (var layer in _waiting.Skip(1)) Connect(Input, [layer.Apply(Output)]);
        _waiting.Clear();
    }

    private protected override string NotBuilt => _waiting.Count == 0
        ? base.NotBuilt
        : $"The model '{Name}' does not know what goes in yet. Begin it with new InputLayer((224, 224, 3)), give its first layer an "
            + "inputShape, call Build, or train it.";

    internal override void BuildFor(Shape samples) => Build(samples.WithoutBatch());

    /// <inheritdoc/>
    protected internal override Shape ComputeOutputShape(IReadOnlyList<Shape> inputs)
    {
        if (inputs.Count == 1) BuildFor(inputs[0]);
        return base.ComputeOutputShape(inputs);
    }

    private void Start(Layer layer, Shape shape)
    {
        var input = new InputLayer(shape, $"{layer.Name}_input").Output;
        Connect(input, [layer.Apply(input)]);
    }

    private void Start(Model model) => Start(model, model.Input.Shape.WithoutBatch());
}
