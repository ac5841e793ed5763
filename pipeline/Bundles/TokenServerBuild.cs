using SyncStorage.Pipeline.Processes;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Bundles;

/// <summary>Build-Token-Server: the bundle of the token server.</summary>
public sealed class TokenServerBuild(EnvironmentSettings settings, RunOptions options, IProcessRunner processes, IProgress progress)
    : ServiceBuild("tokenserver", "TokenServer", "Build-Token-Server", settings, options, processes, progress)
{
    private readonly bool isDeployed = settings.TokenServer is not null;

    /// <summary>Publishes and packs it where the settings have a token server.</summary>
    public Task RunIfDeployedAsync(CancellationToken cancellationToken) => isDeployed ? RunAsync(cancellationToken) : Task.CompletedTask;
}
