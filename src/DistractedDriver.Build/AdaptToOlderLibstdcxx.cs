using Microsoft.Build.Framework;

namespace DistractedDriver.Build;

/// <summary>
/// Writes a copy of TorchSharp's native part for Linux that loads on systems older than GCC 13, too.
/// </summary>
/// <remarks>
/// It is built with GCC 13 and asks libstdc++ for one function that Debian 12's and Ubuntu 22.04's do not have,
/// std::ios_base_library_init(). The constructor of std::ios_base::Init, which all have, does the same: it initialises the
/// standard streams.
/// </remarks>
public sealed class AdaptToOlderLibstdcxx : Microsoft.Build.Utilities.Task
{
    private const string MissingSymbol = "_ZSt21ios_base_library_initv";
    private const string MissingVersion = "GLIBCXX_3.4.32";
    private const string Substitute = "_ZNSt8ios_base4InitC1Ev";

    /// <summary>The path of TorchSharp's libLibTorchSharp.so.</summary>
    [Required]
    public string Library { get; set; } = "";

    /// <summary>The path of the copy to write.</summary>
    [Required]
    public string Adapted { get; set; } = "";

    /// <inheritdoc/>
    public override bool Execute()
    {
        var temporary = $"{Adapted}.{Environment.ProcessId}.tmp";
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(Adapted))!);
        try
        {
            var bytes = File.ReadAllBytes(Library);
            var symbols = new ElfSymbols(bytes);
            if (symbols.Requires(MissingSymbol)) symbols.Replace(MissingSymbol, Substitute, MissingVersion);
            // Written beside and moved: a build that runs beside this one sees the whole file or none.
            File.WriteAllBytes(temporary, bytes);
            File.Move(temporary, Adapted, overwrite: true);
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            Log.LogError($"{Library} can't be adapted to systems older than GCC 13: {error.Message}. Expected TorchSharp's "
                + "libLibTorchSharp.so; take the version of TorchSharp that DistractedDriver asks for.");
        }
        finally
        {
            File.Delete(temporary);
        }
        return !Log.HasLoggedErrors;
    }
}
