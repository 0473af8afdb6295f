using DistractedDriver.Layers;

namespace DistractedDriver.Models;

/// <summary>Where layers are applied within one model, numbered as files of Keras's do it: each layer's applications from 0.</summary>
internal sealed class LayerCalls
{
    private readonly ILookup<Layer, KerasTensor> _applications;
    private readonly KerasTensor _input;

    /// <param name="model">The model.</param>
    public LayerCalls(Model model)
    {
        _input = model.Input;
        _applications = new[] { model.Input }.Concat(model.Nodes).OrderBy(node => node.Node).ToLookup(node => node.Layer);
    }

    /// <summary>The values that a layer computes in the model; none for its input.</summary>
    public IEnumerable<KerasTensor> Of(Layer layer) => _applications[layer].Where(node => node != _input);

    /// <summary>Which of its layer's applications in the model a value is.</summary>
    public int Number(KerasTensor value) => _applications[value.Layer].ToList().IndexOf(value);
}
