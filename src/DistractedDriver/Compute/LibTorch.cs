using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace DistractedDriver.Compute;

// Compute: the ground that everything else stands on - LibTorch made ready, devices, threads, memory, and the convolution engines.
// It knows nothing of images, layers or training.

/// <summary>Makes LibTorch ready before the first tensor.</summary>
internal static partial class LibTorch
{
#pragma warning disable CA2255 // The library has to act before TorchSharp's first use, wherever that happens.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Prepare()
    {
        if (!OperatingSystem.IsLinux()) return;
        KeepMemory();
        AvoidCacheSizes();
    }

    // Every activation of a large network would otherwise be fresh memory, and a quarter of a convolution's time would go to
    // page faults. The numbers are glibc's (malloc.h); other C libraries have no mallopt and are left as they are.
    private static void KeepMemory()
    {
        const int trimThreshold = -1, topPad = -2, mmapThreshold = -3;
        if (!NativeLibrary.TryLoad("libc.so.6", out var library) || !NativeLibrary.TryGetExport(library, "mallopt", out _)) return;
        _ = Mallopt(mmapThreshold, int.MaxValue);
        _ = Mallopt(trimThreshold, int.MaxValue);
        _ = Mallopt(topPad, 256 << 20);
    }

    // oneDNN, which computes LibTorch's convolutions, plans its kernels from AVX2 on by the sizes of the processor's caches. Some
    // virtual machines hide these (CPUID's leaves 4 and 0x8000001D are empty); oneDNN 3 then divides by zero, which ends the
    // process, or computes depthwise convolutions wrongly. Its older kernels do not ask.
    private static void AvoidCacheSizes()
    {
        const int intelCaches = 4, amdCaches = unchecked((int)0x8000001D);
        if (X86Base.IsSupported && X86Base.CpuId(intelCaches, 0).Eax == 0 && X86Base.CpuId(amdCaches, 0).Eax == 0)
            _ = SetEnvironment("ONEDNN_MAX_CPU_ISA", "AVX", overwrite: 0);
    }

    // The process's own environment: .NET keeps a copy that native code does not see.
    [LibraryImport("libc.so.6", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    [LibraryImport("libc.so.6", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Mallopt(int parameter, int value);
}
