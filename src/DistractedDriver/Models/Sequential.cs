using DistractedDriver.Layers;

namespace DistractedDriver.Models;

/// <summary>A network that is one chain of layers, each applied to what the one before gives.</summary>
public sealed class Sequential : Model
{
    /// <param name="layers">
    /// The first says what goes in: an <see cref="InputLayer"/>, or a <see cref="Model"/>; more can be added later.
    /// </param>
    /// <param name="name">The model's name; "sequential" by default.</param>
    /// <exception cref="ArgumentException">
    /// The first layer does not say what goes in, or a layer does not take what the one before gives.
    /// </exception>
    public Sequential(IReadOnlyList<Layer>? layers = null, string? name = null) : base(name)
    {
        foreach (var layer in layers ?? []) Add(layer);
    }

    /// <summary>All layers in order; as in Keras, without the input.</summary>
    public override IReadOnlyList<Layer> Layers => [.. base.Layers.Where(layer => layer is not InputLayer)];

    /// <inheritdoc/>
    public override string ClassName => nameof(Sequential);

    internal override string DefaultName => "sequential";

    /// <summary>Puts a layer at the end.</summary>
    /// <param name="layer">It is applied to what the model gave until now. A model that was compiled has to be compiled again.</param>
    /// <exception cref="ArgumentException">
    /// It is the first and does not say what goes in, or it does not take what the one before gives.
    /// </exception>
    public void Add(Layer layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        if (HasLayers)
            Connect(Input, [layer.Apply(Output)]);
        else if (layer is InputLayer)
            Connect(layer.Output, [layer.Output]);
        else if (layer is Model model)
            Start(model);
        else
            throw new ArgumentException(
                $"A Sequential begins with an InputLayer, which says what shape goes in: new Sequential([new InputLayer((224, 224, 3)), "
                    + $"…]). Received: {layer.ClassName} '{layer.Name}'.", nameof(layer));
    }

    private void Start(Model model)
    {
        var input = new InputLayer(model.Input.Shape.WithoutBatch(), $"{model.Name}_input").Output;
        Connect(input, [model.Apply(input)]);
    }
}
