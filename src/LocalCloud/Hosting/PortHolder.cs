using System.Globalization;

namespace SyncStorage.LocalCloud.Hosting;

/// <summary>Finds out who listens on a port (Linux: /proc; only processes that we may look into).</summary>
internal static class PortHolder
{
    private const string Listening = "0A";

    /// <summary>E.g. <c>nginx (pid 77)</c>, or null if it can't be seen.</summary>
    public static string? Find(int port)
    {
        if (!File.Exists("/proc/net/tcp")) return null;
        var suffix = string.Create(CultureInfo.InvariantCulture, $":{port:X4}");
        var sockets = File.ReadLines("/proc/net/tcp").Concat(File.Exists("/proc/net/tcp6") ? File.ReadLines("/proc/net/tcp6") : []).Skip(1)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields.Length > 9 && fields[1].EndsWith(suffix, StringComparison.Ordinal) && fields[3] == Listening)
            .Select(fields => $"socket:[{fields[9]}]").ToHashSet(StringComparer.Ordinal);
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(path => int.TryParse(Path.GetFileName(path), out _)))
        {
            if (Holds(process, sockets)) return $"{Name(process)} (pid {Path.GetFileName(process)})";
        }

        return null;
    }

    private static bool Holds(string process, HashSet<string> sockets)
    {
        try
        {
            return Directory.EnumerateFiles(Path.Combine(process, "fd")).Any(file => new FileInfo(file).LinkTarget is { } target && sockets.Contains(target));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It ended meanwhile, or is another user's.
            return false;
        }
    }

    private static string Name(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "comm")).Trim();
        }
        catch (IOException)
        {
            return "?";
        }
    }
}
