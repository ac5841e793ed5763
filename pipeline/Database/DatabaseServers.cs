using SyncStorage.Pipeline.DatabaseInstances;
using SyncStorage.Pipeline.Network;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Database;

/// <summary>A dbnode as others use it, whatever it runs on.</summary>
/// <param name="Name">The database's name, e.g. <c>sync2-db0</c>.</param>
/// <param name="Status">For people: <c>available</c>, or what it is instead.</param>
/// <param name="Address">Where it is; null if it has no address yet.</param>
/// <param name="Port">Its port.</param>
/// <param name="Initialized">What <c>init-db</c> made in it, as a key; null for nothing.</param>
public sealed record DatabaseServer(string Name, string Status, string? Address, int Port, string? Initialized);

/// <summary>The dbnodes of the settings that there are, on RDS and on EC2. For those on RDS alone nothing but the databases is read.</summary>
public sealed class DatabaseServers(EnvironmentSettings settings, ClusterNames names, Observation observation)
{
    /// <summary>Those that there are, by name.</summary>
    public async Task<IReadOnlyDictionary<string, DatabaseServer>> GetAsync(CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, DatabaseServer>(StringComparer.Ordinal);
        var databases = await observation.Databases.GetAsync(cancellationToken);
        foreach (var name in settings.RdsNodes.Select(names.Database))
        {
            if (databases.GetValueOrDefault(name) is not { } database) continue;
            found[name] = new DatabaseServer(
                name, database.DBInstanceStatus, database.Endpoint?.Address, database.Endpoint?.Port ?? SecurityGroupPlan.DatabasePort, DatabasePlan.TagsOf(database).GetValueOrDefault(DatabasePlan.InitializedTag));
        }

        foreach (var node in settings.InstanceNodes)
        {
            var seen = ObservedNode.Of(node.Name, await observation.Volumes.GetAsync(cancellationToken), await observation.Instances.GetAsync(cancellationToken));
            if (seen.Volume is null) continue;
            found[names.Database(node)] = new DatabaseServer(names.Database(node), seen.Status, seen.Instance?.PrivateIpAddress, SecurityGroupPlan.DatabasePort, seen.Initialized);
        }

        return found;
    }

    /// <summary>Where a dbnode is.</summary>
    /// <exception cref="Errors.PipelineException"><see cref="Errors.ErrorCode.DatabaseFailed"/>: it has no address.</exception>
    public async Task<(string Address, int Port)> EndpointAsync(DatabaseNodeSettings node, CancellationToken cancellationToken) =>
        (await GetAsync(cancellationToken)).GetValueOrDefault(names.Database(node)) is { Address: { } address } server
            ? (address, server.Port)
            : throw new Errors.PipelineException(Errors.ErrorCode.DatabaseFailed, $"The database {names.Database(node)} has no address.", hint: "./build.sh --target=Ensure-DB");
}
