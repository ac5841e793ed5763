using SyncStorage.LocalCloud.Processes;

namespace SyncStorage.LocalCloud.Services.Ec2.Machines;

/// <summary>
/// Ends whatever else was started in an instance, in whatever session it is now: everything there has the instance's
/// root directory in its environment.
/// </summary>
internal static class Sweep
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>False if something is left that the kernel does not let go.</summary>
    public static Task<bool> RunAsync(string root, TimeProvider time) => Leftovers.EndAsync("DESTDIR", root, Grace, time);
}
