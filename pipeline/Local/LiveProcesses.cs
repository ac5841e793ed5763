using System.Diagnostics;
using SyncStorage.Pipeline.Processes;

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

    // In a container nobody may collect what was left to process 1. Where there is no /proc, HasExited tells.
    private static bool IsZombie(int id) => ProcStat.Of(id) is ["Z", ..];
}
