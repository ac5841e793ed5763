using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace SyncStorage.LocalCloud.Services.Ec2.Machines;

/// <summary>
/// Copies root directories. Files that programs don't change are shared by hard link and made read-only; what may
/// change (<c>etc</c>, <c>var</c>, …) is copied. Symbolic links stay as they are, also those that lead nowhere here.
/// </summary>
internal static class DiskTree
{
    private const UnixFileMode Writable = UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    private static readonly string[] Shared = ["usr", "opt", "lib", "lib64", "bin", "sbin"];

    // As on Amazon Linux, these live in memory: an image has none of their contents, nor the sockets and pipes in them.
    private static readonly string[] Volatile = ["dev", "run", "tmp"];

    private static readonly string[] Minimal = ["etc/systemd/system", "opt", "usr/local/bin", "var/lib/cloud", "var/log", "tmp", "root", "home", "run"];

    /// <summary>Makes the tree of a base image.</summary>
    public static void Seed(string root, string architecture)
    {
        foreach (var directory in Minimal) Directory.CreateDirectory(Path.Combine(root, directory));
        File.WriteAllText(
            Path.Combine(root, "etc/os-release"),
            "NAME=\"Amazon Linux\"\nVERSION=\"2023\"\nID=\"amzn\"\nID_LIKE=\"fedora\"\nVERSION_ID=\"2023\"\nPLATFORM_ID=\"platform:al2023\"\nPRETTY_NAME=\"Amazon Linux 2023 (LocalCloud)\"\n");
        File.WriteAllText(Path.Combine(root, "etc/hostname"), "localhost\n");
        File.WriteAllText(Path.Combine(root, "etc/machine-id"), "uninitialized\n");
        File.WriteAllText(Path.Combine(root, "etc/localcloud-architecture"), architecture + "\n");
    }

    /// <summary>Copies a tree. The destination must not exist.</summary>
    public static void Copy(string source, string destination)
    {
        MakeDirectory(source, destination);
        foreach (var entry in new DirectoryInfo(source).EnumerateFileSystemInfos())
        {
            if (Volatile.Contains(entry.Name, StringComparer.Ordinal)) MakeDirectory(entry.FullName, Path.Combine(destination, entry.Name));
            else CopyEntry(entry, destination, share: entry is DirectoryInfo && Shared.Contains(entry.Name, StringComparer.Ordinal));
        }
    }

    /// <summary>Copies everything that is in a directory into another one.</summary>
    public static void CopyAll(string source, string destination)
    {
        foreach (var entry in new DirectoryInfo(source).EnumerateFileSystemInfos()) CopyEntry(entry, destination, share: false);
    }

    /// <summary>Removes a tree, also what was made unreadable in it. No error if there is none.</summary>
    public static void Delete(string root)
    {
        if (!Directory.Exists(root)) return;
        try
        {
            Directory.Delete(root, recursive: true);
        }
        catch (UnauthorizedAccessException)
        {
            // A script took a directory's write permission: it is ours, so give it back and try once more.
            foreach (var directory in Directory.EnumerateDirectories(root, "*", SearchOption.AllDirectories)) MakeWritable(directory);
            Directory.Delete(root, recursive: true);
        }
    }

    private static void CopyEntry(FileSystemInfo entry, string parent, bool share)
    {
        var target = Path.Combine(parent, entry.Name);
        if (entry.LinkTarget is { } link)
        {
            File.CreateSymbolicLink(target, link);
        }
        else if (entry is DirectoryInfo directory)
        {
            MakeDirectory(directory.FullName, target);
            foreach (var child in directory.EnumerateFileSystemInfos()) CopyEntry(child, target, share);
        }
        else if (entry is FileInfo file)
        {
            if (share && !OperatingSystem.IsWindows()) Link(file, target);
            else file.CopyTo(target);
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static void Link(FileInfo file, string target)
    {
        if ((file.UnixFileMode & Writable) != 0) file.UnixFileMode &= ~Writable;
        if (link(file.FullName, target) == 0) return;

        // Another file system, or too many links: a copy does as well.
        file.CopyTo(target);
    }

    private static void MakeDirectory(string source, string target)
    {
        Directory.CreateDirectory(target);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(target, File.GetUnixFileMode(source) | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static void MakeWritable(string directory)
    {
        if (!OperatingSystem.IsWindows() && new DirectoryInfo(directory).LinkTarget is null)
            File.SetUnixFileMode(directory, File.GetUnixFileMode(directory) | UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int link([MarshalAs(UnmanagedType.LPUTF8Str)] string existing, [MarshalAs(UnmanagedType.LPUTF8Str)] string added);
}
