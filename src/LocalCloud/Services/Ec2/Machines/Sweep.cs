using SyncStorage.LocalCloud.Processes;

namespace SyncStorage.LocalCloud.Services.Ec2.Machines;

/// <summary>
/// Ends whatever else was started in an instance, in whatever session it is now: everything there has the instance's
/// root directory in its environment.
/// </summary>
internal static class Sweep
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(10);

    /// <summary>False if something is left that the kernel does not let go.</summary>
    public static async Task<bool> RunAsync(string root, TimeProvider time)
    {
        var started = time.GetTimestamp();
        var signal = Signals.Terminate;
        for (var first = true; ; first = false)
        {
            var left = Proc.WithEnvironment("DESTDIR", root).ToList();
            if (left.Count == 0) return true;
            var elapsed = time.GetElapsedTime(started);
            if (elapsed > Budget) return false;
            if (elapsed > Grace) signal = Signals.Kill;
            if (first || signal == Signals.Kill) left.ForEach(handle => Signals.SendTo(handle.Pid, signal));
            await Task.Delay(TimeSpan.FromMilliseconds(20), time, CancellationToken.None);
        }
    }
}
