using DistractedDriver;
using DistractedDriver.Compute;
using TorchSharp;

namespace LibraryTests;

public sealed class LibTorchTests
{
    [Fact]
    public void Adapt_ASecondTime_FindsNothingToDo()
    {
        if (!OperatingSystem.IsLinux()) return;
        using var folder = new TemporaryFolder();
        var copy = folder.File("libLibTorchSharp.so");
        File.Copy(Path.Combine(AppContext.BaseDirectory, "libLibTorchSharp.so"), copy);
        LibTorch.Adapt(copy);
        var adapted = File.ReadAllBytes(copy);
        Assert.False(LibTorch.Adapt(copy));
        Assert.Equal(adapted, File.ReadAllBytes(copy));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Adapt_OfAnotherFile_NamesIt()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("no-library.so"), "text");
        Assert.Contains("no-library.so", Assert.Throws<DllNotFoundException>(() => LibTorch.Adapt(folder.File("no-library.so"))).Message);
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Devices_AreThoseThatLibTorchHas()
    {
        Assert.Equal(["/physical_device:CPU:0"], Config.ListPhysicalDevices("CPU").Select(device => device.Name));
        Assert.Equal(torch.cuda.is_available() ? torch.cuda.device_count() : 0, Config.ListPhysicalDevices("GPU").Count);
        Assert.Contains("TPU", Assert.Throws<ArgumentException>(() => Config.ListPhysicalDevices("TPU")).Message);
        Assert.Contains("CPU:0",
            Assert.Throws<ArgumentException>(() => Config.SetMemoryGrowth(Config.ListPhysicalDevices("CPU")[0], true)).Message);
        Assert.Contains("GPU:99",
            Assert.Throws<ArgumentException>(() => Config.SetVisibleDevices(new PhysicalDevice("/physical_device:GPU:99", "GPU"))).Message);
        Assert.Contains("/physical_device:CPU:0", Config.GetVisibleDevices().Select(device => device.Name));
    }
}
