using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace DistractedDriver.Compute;

// Compute: the ground that everything else stands on - LibTorch made ready, devices, threads, memory, and the convolution engines.
// It knows nothing of images, layers or training.

/// <summary>Makes LibTorch ready before the first tensor.</summary>
internal static partial class LibTorch
{
    private const string Wrapper = "libLibTorchSharp.so";
    private const string MissingSymbol = "_ZSt21ios_base_library_initv";
    private const string MissingVersion = "GLIBCXX_3.4.32";
    private const string Substitute = "_ZNSt8ios_base4InitC1Ev";

    /// <exception cref="DllNotFoundException">TorchSharp's native part can't be made to load here; the message says why.</exception>
#pragma warning disable CA2255 // The library has to act before TorchSharp's first use, wherever that happens.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Prepare()
    {
        if (!OperatingSystem.IsLinux()) return;
        KeepMemory();
        AvoidCacheSizes();
        if (HasStandardLibrary()) return;
        var path = Path.Combine(Path.GetDirectoryName(typeof(LibTorch).Assembly.Location)!, Wrapper);
        if (File.Exists(path)) Adapt(path);
    }

    /// <summary>
    /// TorchSharp's native part is built with GCC 13 and asks libstdc++ for one function that Debian 12's and Ubuntu 22.04's
    /// do not have, std::ios_base_library_init(). The constructor of std::ios_base::Init, which all have, does the same:
    /// it initialises the standard streams.
    /// </summary>
    /// <returns>Whether the file had to be changed.</returns>
    internal static bool Adapt(string path)
    {
        var bytes = File.ReadAllBytes(path);
        // Written beside and moved: another process sees the old file or the new one, and a file linked from elsewhere stays.
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            var symbols = new ElfSymbols(bytes);
            if (!symbols.Requires(MissingSymbol)) return false;
            symbols.Replace(MissingSymbol, Substitute, MissingVersion);
            File.WriteAllBytes(temporary, bytes);
            File.Move(temporary, path, overwrite: true);
            return true;
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new DllNotFoundException(
                $"{path} needs libstdc++ of GCC 13 ({MissingVersion}), this system's is older, and the file can't be adapted: "
                    + $"{error.Message}. " +
                "Make its folder writable for one run, or use a system with GCC 13's libstdc++ (Debian 13, Ubuntu 24.04).", error);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static bool HasStandardLibrary() =>
        NativeLibrary.TryLoad("libstdc++.so.6", out var library) && NativeLibrary.TryGetExport(library, MissingSymbol, out _);

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
