using System.Globalization;

namespace SyncStorage.LocalCloud.Processes;

/// <summary>The machine's process table.</summary>
internal static class Proc
{
    /// <summary>The ids of all processes that run now.</summary>
    public static IEnumerable<int> Pids()
    {
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)) yield return pid;
        }
    }

    /// <summary>The processes of ours that were started with <c>name=value</c> in their environment, in whatever session they are now.</summary>
    public static IEnumerable<ProcessHandle> WithEnvironment(string name, string value)
    {
        var wanted = $"{name}={value}";
        foreach (var pid in Pids())
        {
            if (HasVariable(pid, wanted) && ProcStat.Read(pid) is { IsDead: false } stat) yield return new ProcessHandle(pid, stat.StartTicks);
        }
    }

    private static bool HasVariable(int pid, string assignment)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/environ").Split('\0').Contains(assignment, StringComparer.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It ended meanwhile, or is another user's and so none of ours.
            return false;
        }
    }
}
