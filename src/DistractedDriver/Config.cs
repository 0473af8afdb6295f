using DistractedDriver.Compute;
using DistractedDriver.Compute.Convolution;
using DistractedDriver.Core;

namespace DistractedDriver;

/// <summary>A device that the machine has, under TensorFlow's names.</summary>
/// <param name="Name">"/physical_device:GPU:0".</param>
/// <param name="DeviceType">"CPU" or "GPU".</param>
public sealed record PhysicalDevice(string Name, string DeviceType)
{
    internal int Index => int.Parse(Name[(Name.LastIndexOf(':') + 1)..]);
}

/// <summary>The machine's devices, under the names of TensorFlow's <c>tf.config</c>, saying what LibTorch makes of them.</summary>
public static class Config
{
    /// <summary>The devices of the machine that LibTorch can use.</summary>
    /// <param name="deviceType">"CPU" or "GPU"; null for all.</param>
    /// <returns>For "GPU" an empty list where LibTorch is the CPU's build or there is no CUDA device.</returns>
    /// <exception cref="ArgumentException">The type is another.</exception>
    public static IReadOnlyList<PhysicalDevice> ListPhysicalDevices(string? deviceType = null)
    {
        CheckType(deviceType);
        PhysicalDevice[] all = [new("/physical_device:CPU:0", "CPU"),
            .. Enumerable.Range(0, ComputeDevice.Gpus).Select(i => new PhysicalDevice($"/physical_device:GPU:{i}", "GPU"))];
        return [.. all.Where(device => deviceType is null || device.DeviceType == deviceType)];
    }

    /// <summary>
    /// Says whether a GPU's memory is taken as it is needed. LibTorch always does so: true changes nothing, and false, to take
    /// all memory at once, it cannot do.
    /// </summary>
    /// <param name="device">A GPU.</param>
    /// <param name="enable">True.</param>
    /// <exception cref="ArgumentException">The device is not a GPU of this machine.</exception>
    /// <exception cref="NotSupportedException"><paramref name="enable"/> is false.</exception>
    public static void SetMemoryGrowth(PhysicalDevice device, bool enable)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (device.DeviceType != "GPU" || !ListPhysicalDevices("GPU").Contains(device))
            throw new ArgumentException(
                $"Memory growth is a matter of this machine's GPUs ({Listed(ListPhysicalDevices("GPU"))}). Received: {device.Name}.",
                    nameof(device));
        if (!enable) throw new NotSupportedException("LibTorch always takes GPU memory as it is needed; it cannot take all of it at once.");
    }

    /// <summary>
    /// Chooses the devices that models may use. A model made from then on computes on the first visible GPU, or on the CPU.
    /// </summary>
    /// <param name="devices">Devices of <see cref="ListPhysicalDevices"/>; none to hide all of the type.</param>
    /// <param name="deviceType">"GPU": the CPU can't be hidden.</param>
    /// <exception cref="ArgumentException">A device is not one of this machine's GPUs, or the type is another.</exception>
    public static void SetVisibleDevices(IReadOnlyList<PhysicalDevice> devices, string deviceType = "GPU")
    {
        ArgumentNullException.ThrowIfNull(devices);
        if (deviceType != "GPU") throw new ArgumentException(
            $"Only GPUs can be chosen; the CPU stays visible. Received: \"{deviceType}\".", nameof(deviceType));
        var gpus = ListPhysicalDevices("GPU");
        if (devices.FirstOrDefault(device => !gpus.Contains(device)) is { } unknown)
            throw new ArgumentException($"This machine's GPUs are: {Listed(gpus)}. Received: {unknown.Name}.", nameof(devices));
        ComputeDevice.VisibleGpus = [.. devices.Select(device => device.Index)];
    }

    /// <summary>Chooses the one device that models may use.</summary>
    /// <param name="device">A device of <see cref="ListPhysicalDevices"/>.</param>
    /// <param name="deviceType">"GPU".</param>
    /// <exception cref="ArgumentException">The device is not one of this machine's GPUs, or the type is another.</exception>
    public static void SetVisibleDevices(PhysicalDevice device, string deviceType = "GPU") => SetVisibleDevices([device], deviceType);

    /// <summary>The devices that models may use.</summary>
    /// <param name="deviceType">"CPU" or "GPU"; null for all.</param>
    /// <exception cref="ArgumentException">The type is another.</exception>
    public static IReadOnlyList<PhysicalDevice> GetVisibleDevices(string? deviceType = null)
    {
        var visible = ComputeDevice.VisibleGpus;
        return [.. ListPhysicalDevices(deviceType).Where(device => device.DeviceType == "CPU" || visible.Contains(device.Index))];
    }

    /// <summary>
    /// Chooses how the processor computes convolutions of 3 × 3 kernels with stride 1 where nothing is learned through them, in
    /// layers made from then on. The choice is not left to a stopwatch, since the two ways round differently and a run is to give the
    /// same figures again.
    /// </summary>
    /// <param name="method">
    /// "winograd", from the start where the processor multiplies and adds at once: about a quarter of the multiplications;
    /// "direct" as it is defined, in loops of our own where the processor has AVX-512, else by LibTorch. The environment variable
    /// DISTRACTED_DRIVER_CONVOLUTION chooses too, for a whole process.
    /// </param>
    /// <exception cref="ArgumentException">The method is another.</exception>
    public static void SetConvolution(string method) => ConvolutionMethods.Current = ConvolutionMethods.Parse(method, nameof(method));

    /// <summary>
    /// Says where the library's own text goes: progress, what was found, what stands in for something else. A host that shows a
    /// console of its own, as a notebook does, sets it.
    /// </summary>
    /// <param name="writer">Where to; null for the console as it is at the time of writing.</param>
    /// <param name="interactive">Whether a person looks on, so that a progress line may be rewritten; null to ask the console.</param>
    public static void SetOutput(TextWriter? writer = null, bool? interactive = null) => TextOutput.Set(writer, interactive);

    private static void CheckType(string? deviceType)
    {
        if (deviceType is not (null or "CPU" or "GPU")) throw new ArgumentException(
            $"The device types are \"CPU\" and \"GPU\". Received: \"{deviceType}\".", nameof(deviceType));
    }

    private static string Listed(IReadOnlyList<PhysicalDevice> devices) =>
        devices.Count == 0 ? "none" : string.Join(", ", devices.Select(device => device.Name));
}
