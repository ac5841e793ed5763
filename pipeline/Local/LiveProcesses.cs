using System.Diagnostics;

namespace SyncStorage.Pipeline.Local;

/// <summary>Which processes run now.</summary>
internal static class LiveProcesses
{
    /// <summary>Whether a process runs; one that has ended and was not collected does not.</summary>
    public static bool Has(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited && !IsZombie(id);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    // In a container nobody may collect what was left to process 1.
    private static bool IsZombie(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].StartsWith('Z');
        }
        catch (IOException)
        {
            // No /proc, or it ended just now: HasExited tells.
            return false;
        }
    }
}
