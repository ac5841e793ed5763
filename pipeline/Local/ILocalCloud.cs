using System.Net;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Local;

/// <summary>The embedded AWS as the pipeline sees it: a program that it starts, finds and stops.</summary>
public interface ILocalCloud
{
    /// <summary>Finds the running LocalCloud of the state directory, or starts one, detached; one of another build is replaced.</summary>
    /// <exception cref="Errors.PipelineException">It can't start, its port is taken, or a program it needs is missing.</exception>
    Task<LocalCloudEndpoint> EnsureRunningAsync(LocalCloudSettings settings, CancellationToken cancellationToken);

    /// <summary>Finds a running one without starting any; null if none runs.</summary>
    Task<LocalCloudEndpoint?> FindAsync(LocalCloudSettings settings, CancellationToken cancellationToken);
}

/// <summary>A running LocalCloud.</summary>
/// <param name="Endpoint">Its API, on loopback.</param>
/// <param name="Region">The region it plays.</param>
/// <param name="AccountId">The account it plays.</param>
/// <param name="CredentialsFile">The shared credentials file with the profile <c>default</c>.</param>
/// <param name="Pid">Its process.</param>
/// <param name="Version">The content hash of its program's folder.</param>
public sealed record LocalCloudEndpoint(Uri Endpoint, string Region, string AccountId, string CredentialsFile, int Pid, string Version)
{
    /// <summary>Its name server for hosted zones; null if it has none.</summary>
    public IPEndPoint? NameServer { get; init; }
}
