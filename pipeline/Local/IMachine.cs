using System.Runtime.InteropServices;

namespace SyncStorage.Pipeline.Local;

/// <summary>What this machine has: the part that tests replace.</summary>
public interface IMachine
{
    /// <summary>The full path of an executable, looked for in PATH and where system packages put servers; null if it is missing.</summary>
    string? Find(string program);

    /// <summary>Whether this process is root.</summary>
    bool IsRoot { get; }
}

/// <inheritdoc/>
public sealed class Machine : IMachine
{
    // Not in every user's PATH, but where the packages put mariadbd and memcached.
    private static readonly string[] ServerFolders = ["/usr/sbin", "/usr/libexec", "/usr/local/sbin", "/usr/local/bin", "/opt/homebrew/bin", "/opt/homebrew/opt/mariadb/bin", "/sbin"];

    /// <inheritdoc/>
    public bool IsRoot => !RuntimeInformation.IsOSPlatform(OSPlatform.Windows) && Environment.IsPrivilegedProcess;

    /// <inheritdoc/>
    public string? Find(string program) => Find(program, PathFolders.Concat(ServerFolders));

    private static string[] PathFolders => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Whether an executable is in PATH alone, where whoever starts it by its name looks.</summary>
    internal static bool IsInPath(string program) => Find(program, PathFolders) is not null;

    private static string? Find(string program, IEnumerable<string> folders) => folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(IsExecutable);

    /// <summary>Whether a file is there and may be executed by somebody.</summary>
    internal static bool IsExecutable(string file) =>
        File.Exists(file) && (RuntimeInformation.IsOSPlatform(OSPlatform.Windows)
            || (File.GetUnixFileMode(file) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);
}
