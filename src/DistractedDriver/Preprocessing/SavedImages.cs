using DistractedDriver.Imaging;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Preprocessing;

/// <summary>Where a generator leaves its images for one to look at, as files prefix_index_number.format.</summary>
internal sealed class SavedImages
{
    private readonly string _folder;
    private readonly string _prefix;
    private readonly string _format;

    private SavedImages(string folder, string prefix, string format) => (_folder, _prefix, _format) = (folder, prefix, format);

    /// <exception cref="ArgumentException">There is no such format.</exception>
    public static SavedImages? Of(string? folder, string prefix, string format)
    {
        if (format is not ("png" or "jpeg" or "jpg")) throw new ArgumentException(
            $"The format to save in is \"png\", \"jpeg\" or \"jpg\". Received: \"{format}\".", nameof(format));
        if (folder is null) return null;
        Directory.CreateDirectory(folder);
        return new(folder, prefix, format);
    }

    /// <summary>Saves a batch, each image scaled to 0…255.</summary>
    public void Save(Tensor images, int[] indices)
    {
        for (var i = 0; i < indices.Length; i++)
        {
            using var image = images[i];
            Image.FromTensor(image, scale: true)
                .Save(Path.Combine(_folder, $"{_prefix}_{indices[i]}_{Random.Shared.Next(10_000_000)}.{_format}"));
        }
    }
}
