using System.Runtime.InteropServices;
using System.Text;
using DistractedDriver.Layers;
using DistractedDriver.Models;
using Microsoft.ML.OnnxRuntime;

namespace Benchmarks;

/// <summary>
/// VGG16's convolutions in ONNX Runtime, with the same weights: the file it reads is written here (onnx.proto3, opset 13).
/// </summary>
internal static class OnnxVGG16
{
    private const int FloatType = 1;

    /// <summary>A session with a network that has the weights of ours.</summary>
    public static InferenceSession Create(Model vgg16, string folder)
    {
        var graph = new Message();
        var last = "input";
        foreach (var layer in vgg16.Layers)
        {
            if (layer is Conv2D)
            {
                var values = layer.GetWeights();
                var shape = layer.Weights[0].Shape;
                var (channels, filters) = (shape[2]!.Value, shape[3]!.Value);
                graph.Add(5, Tensor($"{layer.Name}_w", FiltersFirst(values[0], channels, filters), filters, channels, 3, 3));
                graph.Add(5, Tensor($"{layer.Name}_b", values[1], filters));
                graph.Add(1, Node("Conv", layer.Name, [last, $"{layer.Name}_w", $"{layer.Name}_b"], Integers("kernel_shape", 3, 3),
                    Integers("pads", 1, 1, 1, 1)));
                graph.Add(1, Node("Relu", last = $"{layer.Name}_relu", [layer.Name]));
            }
            else if (layer is MaxPooling2D)
            {
                graph.Add(1, Node("MaxPool", layer.Name, [last], Integers("kernel_shape", 2, 2), Integers("strides", 2, 2)));
                last = layer.Name;
            }
        }
        graph.Add(2, "vgg16");
        graph.Add(11, Value("input", 16, 3, 224, 224));
        graph.Add(12, Value(last, 16, 512, 7, 7));
        var model = new Message().Add(1, 7).Add(7, graph).Add(8, new Message().Add(2, 13));
        var path = Path.Combine(folder, "vgg16.onnx");
        File.WriteAllBytes(path, model.ToArray());
        return new InferenceSession(path, new SessionOptions { IntraOpNumThreads = Environment.ProcessorCount });
    }

    // Keras's kernel is height, width, channels, filters.
    private static float[] FiltersFirst(float[] kernel, int channels, int filters)
    {
        var turned = new float[kernel.Length];
        for (var place = 0; place < 9; place++)
            for (var c = 0; c < channels; c++)
                for (var f = 0; f < filters; f++) turned[(f * channels + c) * 9 + place] = kernel[(place * channels + c) * filters + f];
        return turned;
    }

    private static Message Node(string type, string output, string[] inputs, params Message[] attributes)
    {
        var node = new Message();
        foreach (var input in inputs) node.Add(1, input);
        node.Add(2, output).Add(4, type);
        foreach (var attribute in attributes) node.Add(5, attribute);
        return node;
    }

    private static Message Integers(string name, params int[] values)
    {
        var attribute = new Message().Add(1, name).Add(20, 7);
        foreach (var value in values) attribute.Add(8, value);
        return attribute;
    }

    private static Message Tensor(string name, float[] values, params int[] shape)
    {
        var tensor = new Message();
        foreach (var size in shape) tensor.Add(1, size);
        return tensor.Add(2, FloatType).Add(8, name).Add(9, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
    }

    private static Message Value(string name, params int[] shape)
    {
        var dimensions = new Message();
        foreach (var size in shape) dimensions.Add(1, new Message().Add(1, size));
        return new Message().Add(1, name).Add(2, new Message().Add(1, new Message().Add(1, FloatType).Add(2, dimensions)));
    }

    /// <summary>A message of Protocol Buffers.</summary>
    private sealed class Message
    {
        private readonly List<byte> _bytes = [];

        public Message Add(int field, long value)
        {
            Number((ulong)field << 3);
            Number((ulong)value);
            return this;
        }

        public Message Add(int field, byte[] bytes)
        {
            Number(((ulong)field << 3) | 2);
            Number((ulong)bytes.Length);
            _bytes.AddRange(bytes);
            return this;
        }

        public Message Add(int field, string text) => Add(field, Encoding.UTF8.GetBytes(text));

        public Message Add(int field, Message message) => Add(field, message.ToArray());

        public byte[] ToArray() => [.. _bytes];

        private void Number(ulong value)
        {
            for (; value >= 0x80; value >>= 7) _bytes.Add((byte)(value | 0x80));
            _bytes.Add((byte)value);
        }
    }
}
