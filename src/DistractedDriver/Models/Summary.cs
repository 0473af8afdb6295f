using System.Globalization;
using System.Text;
using DistractedDriver.Layers;

namespace DistractedDriver.Models;

/// <summary>A model's table of layers, shapes and parameters, in the layout of Keras 2.15, character by character.</summary>
internal sealed class Summary
{
    private const int TrainableWidth = 11;

    // Where a text that is too wide for its column rather ends: a list goes on in the next line after its first element.
    private static readonly string[] Ends = ["),", "},", "],", "',"];

    private static readonly string[] Units = ["Byte", "KB", "MB", "GB", "TB"];

    private readonly Model _model;
    private readonly bool _showTrainable;
    private readonly bool _expandNested;
    private readonly bool _isChain;
    private readonly int _width;
    private readonly int[] _stops;

    /// <param name="model">The model.</param>
    /// <param name="lineLength">
    /// How wide the table is without the column for what is trainable; 65, or 98 for a network with branches, by default.
    /// </param>
    /// <param name="showTrainable">Whether a column says which layers may be trained.</param>
    /// <param name="expandNested">Whether the layers of models within the model are listed.</param>
    /// <exception cref="ArgumentOutOfRangeException">The table is too narrow for its columns.</exception>
    public Summary(Model model, int? lineLength, bool showTrainable, bool expandNested)
    {
        (_model, _showTrainable, _expandNested) = (model, showTrainable, expandNested);
        // A network that is one chain of layers needs no column for what a layer is connected to.
        _isChain = model is Sequential
            || model.Layers.Skip(1).Select((layer, i) => Connections(layer) is [var before] && before.Layer == model.Layers[i])
                .All(follows => follows);
        _width = lineLength ?? (_isChain ? 65 : 98);
        if (_width < 40) throw new ArgumentOutOfRangeException(
            nameof(lineLength), $"A line has at least 40 characters. Received: {lineLength}.");
        double[] shares = _isChain ? [.45, .85, 1] : [.3, .6, .7, 1];
        _stops = [.. shares.Select(share => (int)(_width * share))];
        if (!showTrainable) return;
        _width += TrainableWidth;
        _stops = [.. _stops, _width];
    }

    /// <summary>The table's lines, without line ends.</summary>
    public IEnumerable<string> Lines()
    {
        yield return $"Model: \"{_model.Name}\"";
        yield return new string('_', _width);
        string[] header =
        [
            "Layer (type)", "Output Shape", "Param #", .. _isChain ? [] : new[] { "Connected to" },
            .. _showTrainable ? new[] { "Trainable" } : [],
        ];
        foreach (var line in Row(header, 0)) yield return line;
        yield return new string('=', _width);
        foreach (var line in _model.Layers.SelectMany(layer => Rows(layer, 0, isLastWithin: false))) yield return line;
        yield return new string('=', _width);

        var trainable = _model.TrainableWeights.Distinct().Sum(weight => weight.Count);
        var all = _model.Weights.Distinct().Sum(weight => weight.Count);
        yield return $"Total params: {Number(all)} ({Memory(all)})";
        yield return $"Trainable params: {Number(trainable)} ({Memory(trainable)})";
        yield return $"Non-trainable params: {Number(all - trainable)} ({Memory(all - trainable)})";
        yield return new string('_', _width);
    }

    // A layer, what is in it, and the empty line that separates it from the next.
    private IEnumerable<string> Rows(Layer layer, int level, bool isLastWithin)
    {
        string[] row =
        [
            $"{layer.Name} ({layer.ClassName})", ShapeOf(layer), Number(layer.CountParams()),
            .. _isChain ? [] : new[] { $"[{string.Join(", ", Connections(layer).Select(Named))}]" },
            .. _showTrainable ? new[] { layer.Trainable ? "Y" : "N" } : [],
        ];
        foreach (var line in Row(row, level)) yield return line;
        if (_expandNested && layer is Model model)
        {
            yield return Framed(level + 1, '¯');
            for (var i = 0; i < model.Layers.Count; i++)
                foreach (var line in Rows(model.Layers[i], level + 1, i == model.Layers.Count - 1)) yield return line;
            yield return Framed(level, '¯');
        }
        else if (!isLastWithin)
        {
            yield return Framed(level, ' ');
        }
    }

    private string Framed(int level, char filling) =>
        new string('|', level) + new string(filling, _width - 2 * level) + new string('|', level);

    private static string ShapeOf(Layer layer) => layer switch
    {
        InputLayer => $"[{layer.OutputShape}]",
        Model { Outputs.Count: > 1 } model => $"[{string.Join(", ", model.Outputs.Select(output => output.Shape))}]",
        _ => layer.OutputShape.ToString(),
    };

    private IReadOnlyList<KerasTensor> Connections(Layer layer) =>
        [.. _model.Nodes.Where(value => value.Layer == layer).SelectMany(value => value.Inputs)];

    // Text that is wider than its column goes on in a further line. A column but the last is three characters wider than its text.
    private IEnumerable<string> Row(string[] fields, int level)
    {
        var left = fields.ToArray();
        while (left.Any(text => text.Length > 0))
        {
            var line = new StringBuilder();
            for (var column = 0; column < left.Length; column++)
            {
                var isLast = column == left.Length - 1;
                var room = _stops[column] - (column == 0 ? level : _stops[column - 1]) - (isLast ? 0 : 3);
                var piece = left[column][..Math.Min(room, left[column].Length)];
                piece = piece[..Ends.Select(end => piece.IndexOf(end, StringComparison.Ordinal)).Where(at => at >= 0)
                    .Select(at => at + 2).DefaultIfEmpty(piece.Length).Min()];
                left[column] = left[column][piece.Length..];
                if (column == 0) line.Append('|', level).Append(' ');
                line.Append(piece).Append(isLast ? "" : "  ");
                line.Append(' ', Math.Max(0, _stops[column] - line.Length - (isLast ? level : 0)));
            }
            yield return line.Append('|', level).ToString();
        }
    }

    private static string Named(KerasTensor value) => $"'{value.Layer.Name}[{value.Node}][0]'";

    private static string Number(long count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Memory(long parameters)
    {
        var size = parameters * 4.0;
        var unit = 0;
        for (; size >= 1024 && unit < Units.Length - 1; unit++) size /= 1024;
        return $"{size.ToString("F2", CultureInfo.InvariantCulture)} {Units[unit]}";
    }
}
