using SyncStorage.Pipeline.Processes;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Bundles;

/// <summary>Build-Webhead, too: the bundle of dbnodes on EC2.</summary>
public sealed class DatabaseNodeBuild(EnvironmentSettings settings, RunOptions options, IProcessRunner processes, IProgress progress)
    : ServiceBuild("dbnode", "DatabaseNode", "Build-Webhead", settings, options, processes, progress)
{
    private readonly bool isNeeded = settings.InstanceNodes.Any();

    /// <summary>Publishes and packs, if the settings have a dbnode on EC2.</summary>
    public Task RunIfNeededAsync(CancellationToken cancellationToken) => isNeeded ? RunAsync(cancellationToken) : Task.CompletedTask;
}
