using System.Runtime.InteropServices;

namespace DistractedDriver.Files;

/// <summary>One file under two names, so that a split of many images takes no space.</summary>
internal static class HardLink
{
    /// <summary>Gives a file another name; copies it where the file system has no hard links or the names are on different ones.</summary>
    /// <exception cref="IOException">It can't be written.</exception>
    public static void OrCopy(string existing, string created)
    {
        var linked = OperatingSystem.IsWindows() ? CreateHardLink(created, existing, 0) : LinkFile(existing, created) == 0;
        if (!linked) File.Copy(existing, created);
    }

    [DllImport("libc", EntryPoint = "link", CharSet = CharSet.Ansi)]
    private static extern int LinkFile([MarshalAs(UnmanagedType.LPUTF8Str)] string existing,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string created);

    [DllImport("kernel32", EntryPoint = "CreateHardLinkW", CharSet = CharSet.Unicode)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool CreateHardLink(string created, string existing, nint security);
}
