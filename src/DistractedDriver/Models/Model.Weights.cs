namespace DistractedDriver;

public partial class Model
{
    /// <summary>Loads the weights that Keras saved: legacy HDF5, of weights alone or of a whole model.</summary>
    /// <param name="filepath">The file.</param>
    /// <param name="byName">
    /// False to match layers in order, all of them; true to load only layers whose name is in the file, as for a network
    /// that shares its beginning with the saved one.
    /// </param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, no Keras weights file, or another network's. The model is unchanged.</exception>
    public void LoadWeights(string filepath, bool byName = false)
    {
        ArgumentNullException.ThrowIfNull(filepath);
        var saved = WeightsFile.Read(filepath).Where(layer => layer.Arrays.Count > 0).ToArray();
        Layer[] own = [.. Layers.Where(layer => layer.Weights.Count > 0)];
        if (byName)
        {
            saved = [.. saved.Where(layer => own.Any(other => other.Name == layer.Name))];
            own = [.. saved.Select(layer => GetLayer(layer.Name))];
        }
        else if (saved.Length != own.Length)
        {
            throw new InvalidDataException($"{filepath} holds the weights of {saved.Length} layers, the model '{Name}' has {own.Length} with weights: it is another network's file ({Names(saved.Select(layer => layer.Name))} against {Names(own.Select(layer => layer.Name))}).");
        }

        // Everything is compared before anything is changed.
        foreach (var (layer, file) in own.Zip(saved))
        {
            if (layer.Weights.Count != file.Arrays.Count)
                throw new InvalidDataException($"{filepath}: layer '{file.Name}' holds {file.Arrays.Count} arrays, the model's layer '{layer.Name}' has {layer.Weights.Count}.");
            foreach (var (weight, array) in layer.Weights.Zip(file.Arrays))
                if (!weight.Shape.SequenceEqual(array.Shape.Select(size => (int?)size)))
                    throw new InvalidDataException($"{filepath}: '{array.Name}' has shape {new Shape(array.Shape.Select(size => (int?)size))}, '{layer.Name}/{weight.Name}' of the model '{Name}' has {weight.Shape}.");
        }
        foreach (var (layer, file) in own.Zip(saved))
            foreach (var (weight, array) in layer.Weights.Zip(file.Arrays)) weight.Assign(array.Values);
    }

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Take(3)) + ", …";

    /// <summary>Prints the table of layers, shapes and parameters, as Keras does.</summary>
    /// <param name="printFn">Where each line goes; the console by default.</param>
    public void Summary(Action<string>? printFn = null)
    {
        foreach (var line in DistractedDriver.Summary.Lines(this)) (printFn ?? Console.WriteLine)(line);
    }
}
