using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Database;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;
using SyncStorage.Pipeline.TokenServers;

namespace SyncStorage.Pipeline.DatabaseInstances;

/// <summary>Tells webheads and token servers where a dbnode is now, and nothing else: what the settings say besides is Deploy's to bring.</summary>
public sealed class NodeAddresses(EnvironmentSettings settings, ClusterNames names, DatabaseServers servers, ConfigStore configuration, ConfigPush push, TokenServerConfiguration tokenServer, IProgress progress)
{
    /// <summary>Publishes the addresses that are others than published, and waits until everyone in service has them.</summary>
    public async Task PublishAsync(CancellationToken cancellationToken)
    {
        if (!settings.InstanceNodes.Any() || await configuration.CurrentAsync(cancellationToken) is not { } current) return;
        var known = await servers.GetAsync(cancellationToken);
        var moved = settings.InstanceNodes.Where(node => known.GetValueOrDefault(names.Database(node))?.Address is not null)
            .ToDictionary(node => node.Name, node => known[names.Database(node)].Address!);
        var desired = current with { Nodes = [.. current.Nodes.Select(node => moved.GetValueOrDefault(node.Name) is { } address ? node with { Address = address } : node)] };
        if (!ConfigDocument.SayTheSame(current, desired))
        {
            var published = await configuration.PublishAsync(desired, cancellationToken);
            progress.Changed($"configuration version {published.Version}: {string.Join(", ", desired.Nodes.Except(current.Nodes).Select(node => $"{node.Name} is at {node.Address}"))}");
            await push.RunAsync(published.Version, cancellationToken);
        }

        await tokenServer.MoveAsync(cancellationToken);
    }
}
