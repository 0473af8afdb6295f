using DistractedDriver;
using DistractedDriver.Build;
using TorchSharp;

namespace LibraryTests;

public sealed class LibTorchTests
{
    [Fact]
    public void TheLibraryBesideUs_AsksForNothingThatOlderSystemsLack()
    {
        if (!OperatingSystem.IsLinux()) return;
        var symbols = new ElfSymbols(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "libLibTorchSharp.so")));
        Assert.False(symbols.Requires("_ZSt21ios_base_library_initv"));
        Assert.True(symbols.Requires("_ZNSt8ios_base4InitC1Ev"));
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
