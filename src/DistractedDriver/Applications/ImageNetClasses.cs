using System.Text.Json;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Applications;

/// <summary>One of the classes that a network trained on ImageNet holds for likely.</summary>
/// <param name="Identifier">WordNet's identifier: "n02124075".</param>
/// <param name="ClassName">Its first name: "Egyptian_cat".</param>
/// <param name="Probability">How likely, in 0…1.</param>
public readonly record struct ImageNetPrediction(string Identifier, string ClassName, float Probability);

/// <summary>ImageNet's 1,000 classes, by number as Keras has them.</summary>
internal static class ImageNetClasses
{
    private const int Count = 1000;

    private static readonly Lazy<string[][]> Names = new(Read);

    /// <summary>The likeliest classes of each image, the likeliest first; of equal ones that with the smaller number.</summary>
    /// <exception cref="ArgumentException">
    /// The predictions are not of shape (images, 1000), or <paramref name="top"/> is not from 1 to 1,000.
    /// </exception>
    public static IReadOnlyList<IReadOnlyList<ImageNetPrediction>> Decode(Tensor predictions, int top)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        if (predictions.dim() != 2 || predictions.shape[1] != Count)
            throw new ArgumentException(
                $"The predictions of ImageNet's classes have shape (images, {Count}). Received: ({string.Join(", ", predictions.shape)}).",
                nameof(predictions));
        if (top is < 1 or > Count) throw new ArgumentOutOfRangeException(nameof(top), $"top is from 1 to {Count}. Received: {top}.");
        using var scope = torch.NewDisposeScope();
        var rows = predictions.detach().cpu().to_type(torch.ScalarType.Float32).contiguous().data<float>().ToArray().Chunk(Count);
        return [.. rows.Select(row => (IReadOnlyList<ImageNetPrediction>)[.. Enumerable.Range(0, Count)
            .OrderByDescending(number => row[number]).Take(top)
            .Select(number => new ImageNetPrediction(Names.Value[number][0], Names.Value[number][1], row[number]))])];
    }

    private static string[][] Read()
    {
        using var stream = typeof(ImageNetClasses).Assembly.GetManifestResourceStream("imagenet_class_index.json")!;
        var named = JsonSerializer.Deserialize<Dictionary<int, string[]>>(stream)!;
        return [.. Enumerable.Range(0, Count).Select(number => named[number])];
    }
}
