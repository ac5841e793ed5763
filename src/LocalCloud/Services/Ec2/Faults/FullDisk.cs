using SyncStorage.LocalCloud.Processes;

namespace SyncStorage.LocalCloud.Services.Ec2.Faults;

/// <summary>Starts processes for whom the disk is as good as full: no file that they write can grow beyond a megabyte.</summary>
internal sealed class FullDisk(IProcessHost processes) : IProcessHost
{
    // In blocks of 512 bytes. A write beyond it is to fail, not to end the process with a signal.
    private const string Limit = """trap '' XFSZ; ulimit -f 2048; exec "$@" """;

    /// <inheritdoc/>
    public Task<ProcessHandle> StartAsync(ProcessSpec spec, CancellationToken cancellationToken) => processes.StartAsync(
        spec with { Executable = "/bin/sh", Arguments = ["-c", Limit, "sh", spec.Executable, .. spec.Arguments] }, cancellationToken);

    /// <inheritdoc/>
    public bool IsAlive(ProcessHandle handle) => processes.IsAlive(handle);

    /// <inheritdoc/>
    public Task StopAsync(ProcessHandle handle, TimeSpan grace, CancellationToken cancellationToken) => processes.StopAsync(handle, grace, cancellationToken);

    /// <inheritdoc/>
    public Task<int?> WaitForExitAsync(ProcessHandle handle, CancellationToken cancellationToken) => processes.WaitForExitAsync(handle, cancellationToken);
}
