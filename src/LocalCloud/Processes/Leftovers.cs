namespace SyncStorage.LocalCloud.Processes;

/// <summary>
/// Ends processes that nobody has on record, by what they have in their environment: those that a LocalCloud started
/// and was killed before it could write that down, and those that left their session.
/// </summary>
internal static class Leftovers
{
    /// <summary>What the servers of the data plane carry: whose they are.</summary>
    public const string Owner = "LOCALCLOUD_OWNER";

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan KillBudget = TimeSpan.FromSeconds(8);

    /// <summary>SIGTERM, then SIGKILL after <paramref name="grace"/>. False if something is left that the kernel does not let go.</summary>
    public static async Task<bool> EndAsync(string name, string value, TimeSpan grace, TimeProvider time)
    {
        var started = time.GetTimestamp();
        var signal = Signals.Terminate;
        for (var first = true; ; first = false)
        {
            var left = Proc.WithEnvironment(name, value).ToList();
            if (left.Count == 0) return true;
            var elapsed = time.GetElapsedTime(started);
            if (elapsed > grace + KillBudget) return false;
            if (elapsed > grace) signal = Signals.Kill;
            if (first || signal == Signals.Kill) left.ForEach(handle => Signals.SendTo(handle.Pid, signal));
            await Task.Delay(Poll, time, CancellationToken.None);
        }
    }
}
