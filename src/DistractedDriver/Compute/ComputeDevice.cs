using TorchSharp;

namespace DistractedDriver.Compute;

/// <summary>The device that layers take which are made from now on.</summary>
internal static class ComputeDevice
{
    private static IReadOnlyList<int>? _visibleGpus;

    /// <summary>The first visible GPU, else the processor.</summary>
    public static torch.Device Current => VisibleGpus is [var first, ..] ? torch.device(DeviceType.CUDA, first) : torch.CPU;

    /// <summary>How many GPUs LibTorch can use.</summary>
    public static int Gpus => torch.cuda.is_available() ? torch.cuda.device_count() : 0;

    /// <summary>The numbers of the GPUs that layers may use; all by default.</summary>
    public static IReadOnlyList<int> VisibleGpus
    {
        get => _visibleGpus ?? [.. Enumerable.Range(0, Gpus)];
        set => _visibleGpus = value;
    }
}
