using System.Text;

namespace SyncStorage.LocalCloud.Services;

/// <summary>Files and directories that only this user can read.</summary>
internal static class PrivateFiles
{
    /// <summary>Makes a directory of mode 0700; leaves one that is there as it is.</summary>
    public static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Whether other users could put something into a directory.</summary>
    public static bool OthersMayWrite(string directory) =>
        !OperatingSystem.IsWindows() && (File.GetUnixFileMode(directory) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0;

    /// <summary>Makes an empty file of mode 0600, in place of one that is there.</summary>
    public static FileStream Create(string path)
    {
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    /// <summary>Writes a file of mode 0600, in place of one that is there.</summary>
    public static void Write(string path, string content)
    {
        using var stream = Create(path);
        stream.Write(Encoding.UTF8.GetBytes(content));
    }
}
