using System.Text;
using DistractedDriver.Layers;

namespace DistractedDriver.Models;

/// <summary>A model's table of layers, shapes and parameters, in the layout of Keras 2.15, character by character.</summary>
internal static class Summary
{
    private static readonly string[] Units = ["Byte", "KB", "MB", "GB", "TB"];

    /// <summary>The table's lines, without line ends.</summary>
    public static IEnumerable<string> Lines(Model model)
    {
        // A network that is one chain of layers needs no column for what a layer is connected to.
        var chain = model is Sequential
            || model.Layers.Skip(1).Select((layer, i) => Connections(model, layer) is [var before] && before.Layer == model.Layers[i])
                .All(follows => follows);
        var width = chain ? 65 : 98;
        double[] shares = chain ? [.45, .85, 1] : [.33, .55, .67, 1];
        int[] stops = [.. shares.Select(share => (int)(width * share))];
        string[] header = ["Layer (type)", "Output Shape", "Param #", .. chain ? [] : new[] { "Connected to" }];

        yield return $"Model: \"{model.Name}\"";
        yield return new string('_', width);
        foreach (var line in Row(header, stops)) yield return line;
        yield return new string('=', width);
        foreach (var layer in model.Layers)
        {
            if (layer != model.Layers[0]) yield return new string(' ', width);
            var shape = layer is InputLayer ? $"[{layer.OutputShape}]" : layer.OutputShape.ToString();
            string[] row = [$"{layer.Name} ({layer.ClassName})", shape, layer.CountParams().ToString()];
            var before = Connections(model, layer).Select(value => $"'{value.Layer.Name}[{value.Node}][0]'");
            var connected = $"[{string.Join(", ", before)}]";
            foreach (var line in Row(chain ? row : [.. row, connected], stops)) yield return line;
        }
        yield return new string(' ', width);
        yield return new string('=', width);

        var trainable = model.TrainableWeights.Sum(weight => weight.Count);
        var all = model.CountParams();
        yield return $"Total params: {all} ({Memory(all)})";
        yield return $"Trainable params: {trainable} ({Memory(trainable)})";
        yield return $"Non-trainable params: {all - trainable} ({Memory(all - trainable)})";
        yield return new string('_', width);
    }

    private static IReadOnlyList<KerasTensor> Connections(Model model, Layer layer) =>
        [.. model.Nodes.Where(value => value.Layer == layer).SelectMany(value => value.Inputs)];

    // Text that is wider than its column goes on in a further line; two blanks stay between columns.
    private static IEnumerable<string> Row(string[] fields, int[] stops)
    {
        var left = fields.ToArray();
        while (left.Any(text => text.Length > 0))
        {
            var line = new StringBuilder();
            for (var column = 0; column < left.Length; column++)
            {
                var last = column == left.Length - 1;
                var room = stops[column] - (column == 0 ? 0 : stops[column - 1]) - (last ? 0 : 2);
                var piece = left[column][..Math.Min(room, left[column].Length)];
                // A list goes on in the next line after its first element rather than in the middle of one.
                string[] ends = ["),", "},", "],", "',"];
                var cut = ends.Select(end => piece.IndexOf(end, StringComparison.Ordinal)).Where(at => at >= 0).Select(at => at + 2)
                    .DefaultIfEmpty(piece.Length).Min();
                piece = piece[..cut];
                left[column] = left[column][piece.Length..];
                if (column == 0) line.Append(' ');
                line.Append(piece).Append(last ? "" : "  ");
                line.Append(' ', Math.Max(0, stops[column] - line.Length));
            }
            yield return line.ToString();
        }
    }

    private static string Memory(long parameters)
    {
        var size = parameters * 4.0;
        var unit = 0;
        for (; size >= 1024 && unit < Units.Length - 1; unit++) size /= 1024;
        return $"{size:F2} {Units[unit]}";
    }
}
