using System.Diagnostics;
using System.Globalization;

namespace SyncStorage.Pipeline.Processes;

/// <summary>A program with all that it has started, and those in turn. Only Linux tells; elsewhere it is the program alone.</summary>
public static class ProcessTree
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Asks the program and all below it to end (SIGTERM), each by itself, since not every program passes that on; waits, and kills what is left. Those below get
    /// the chance to end what is theirs.
    /// </summary>
    /// <param name="process">The program.</param>
    /// <param name="grace">How long all of them may take.</param>
    public static async Task EndTreeAsync(this Process process, TimeSpan grace)
    {
        ArgumentNullException.ThrowIfNull(process);
        var below = Task.WhenAll([.. Below(process.Id).Select(TryFind).OfType<Process>().Select(one => EndAsync(one, grace))]);
        await process.EndAsync(grace);

        // One that nobody reaps, in a container whose first process does not, is never seen to be gone.
        await Task.WhenAny(below, Task.Delay(grace + Moment, TimeProvider.System));
    }

    private static async Task EndAsync(Process process, TimeSpan grace)
    {
        using (process) await process.EndAsync(grace);
    }

    private static IEnumerable<int> Below(int root)
    {
        if (!OperatingSystem.IsLinux()) return [];
        var children = Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0).ToLookup(ParentOf);
        return Below(children, root);
    }

    private static IEnumerable<int> Below(ILookup<int, int> children, int root) => children[root].SelectMany(child => Below(children, child).Prepend(child));

    // 0 if it has ended meanwhile.
    private static int ParentOf(int id) => ProcStat.Of(id) is [_, var parent, ..] ? int.Parse(parent, CultureInfo.InvariantCulture) : 0;

    private static Process? TryFind(int id)
    {
        try
        {
            return Process.GetProcessById(id);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
