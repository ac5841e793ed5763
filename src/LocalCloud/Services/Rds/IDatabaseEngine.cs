using System.Net;
using SyncStorage.LocalCloud.Processes;

namespace SyncStorage.LocalCloud.Services.Rds;

/// <summary>The data plane of a database instance: where the processes and files begin.</summary>
internal interface IDatabaseEngine
{
    /// <summary>Keeps a new master account for <see cref="CreateAsync"/>, without its password.</summary>
    void PrepareMaster(DatabaseServer server, string password);

    /// <summary>Makes the data directory; starts from scratch if an earlier attempt was cut short.</summary>
    /// <exception cref="DatabaseFailedException">It could not be made.</exception>
    Task CreateAsync(DatabaseServer server, CancellationToken cancellationToken);

    /// <summary>Starts the server and returns when it accepts connections.</summary>
    /// <exception cref="DatabaseFailedException">It does not start.</exception>
    Task<ProcessHandle> StartAsync(DatabaseServer server, CancellationToken cancellationToken);

    bool IsAlive(ProcessHandle process);

    Task WaitForExitAsync(ProcessHandle process, CancellationToken cancellationToken);

    /// <summary>Shuts the server down cleanly.</summary>
    Task StopAsync(ProcessHandle process, CancellationToken cancellationToken);

    Task SetMasterPasswordAsync(DatabaseServer server, string password, CancellationToken cancellationToken);

    /// <summary>Archives the data; of a running server, as of one moment, as a volume's snapshot does.</summary>
    Task ArchiveAsync(DatabaseServer server, ProcessHandle? process, string snapshotId, CancellationToken cancellationToken);

    /// <summary>Has a server that runs take no more writes, or take them again; the administrator's are none of that.</summary>
    Task SetFullAsync(DatabaseServer server, bool full, CancellationToken cancellationToken);

    void RemoveSnapshot(string snapshotId);

    /// <summary>Looks at a running server; null if it does not answer.</summary>
    Task<DatabaseFigures?> MeasureAsync(DatabaseServer server, CancellationToken cancellationToken);

    /// <summary>Removes the instance's files.</summary>
    void Remove(DatabaseServer server);
}

/// <summary>What the data plane needs to know of an instance.</summary>
internal sealed record DatabaseServer(string Id, IPAddress Address, int Port, string MasterUsername, string? DatabaseName, string InstanceClass);

/// <summary>The data plane can't do it.</summary>
/// <param name="status">The instance's status from now on: <c>failed</c> or <c>storage-full</c>.</param>
/// <param name="message">Why, and what to do.</param>
/// <param name="inner">What it comes from.</param>
internal sealed class DatabaseFailedException(string status, string message, Exception? inner = null) : Exception(message, inner)
{
    public string Status => status;
}
