using Amazon.RDS.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.DatabaseInstances;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Removal;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Database;

/// <summary>
/// Remove-DB: databases of dbnodes that are neither in the settings nor in the configuration any more, each with a final snapshot. Only with
/// approval, and after one more look that nobody's data is in it: without, they stay, and a notice says so.
/// </summary>
public sealed class NodeRemovalStage(
    EnvironmentSettings settings, ClusterNames names, Observation observation, ConfigStore configuration, NodeUsageReader usage, DatabaseRemoval removal, NodeRemoval instances, RemovalWaits waits,
    RunOptions options, IProgress progress) : IPlannedStage
{
    private const string Role = "dbnode";
    private const int VersionsBack = 10;

    private bool Approved => options.Approve == names.Cluster;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<PlannedChange>> PlanAsync(CancellationToken cancellationToken)
    {
        var served = await ServedAsync(cancellationToken);
        return
        [
            .. (await SurplusAsync(cancellationToken)).Select(database => database.DBInstanceIdentifier).Concat((await SurplusInstancesAsync(cancellationToken)).Keys)
                .Where(name => Approved || served.Contains(name))
                .Select(name => new PlannedChange(ChangeKind.Delete, $"database {name}", "it is in no settings; a final snapshot stays")
                {
                    Note = Approved ? "refused while it has users" : $"wants --approve={names.Cluster}; refused while it has users",
                }),
        ];
    }

    /// <summary>Removes those that may be, and waits for the end.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.NodeInUse"/>: somebody's data is in one, or that can't be told.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var served = await ServedAsync(cancellationToken);
        foreach (var database in await SurplusAsync(cancellationToken))
            if (MayGo(database.DBInstanceIdentifier, served)) await RemoveAsync(database, cancellationToken);
        foreach (var (name, seen) in await SurplusInstancesAsync(cancellationToken))
            if (MayGo(name, served)) await RemoveAsync(name, seen, cancellationToken);
    }

    private bool MayGo(string name, HashSet<string> served)
    {
        if (served.Contains(name)) progress.Notice($"database {name} is in no settings, and webheads use it still; ./build.sh --target=Publish-Config");
        else if (!Approved) progress.Notice($"database {name} is in no settings; it stays: --approve={names.Cluster} removes it, with a final snapshot, if it has no users");
        else return true;
        return false;
    }

    private async Task RemoveAsync(DBInstance database, CancellationToken cancellationToken)
    {
        var name = database.DBInstanceIdentifier;
        // In one that was never initialized nothing was ever made.
        if (database.DBInstanceStatus != "deleting" && DatabasePlan.TagsOf(database).ContainsKey(DatabasePlan.InitializedTag))
            await RequireNoUsersAsync(name, database.Endpoint?.Address, cancellationToken);

        await removal.RequestAsync(database, cancellationToken);
        await waits.GoneAsync($"database {name}", async token => (await observation.Databases.RefreshAsync(token)).GetValueOrDefault(name)?.DBInstanceStatus, cancellationToken);
    }

    private async Task RemoveAsync(string name, ObservedNode seen, CancellationToken cancellationToken)
    {
        if (seen.Initialized is not null) await RequireNoUsersAsync(name, seen.Instance?.PrivateIpAddress, cancellationToken);
        await instances.RemoveAsync(NodeOf(name), seen, cancellationToken);
    }

    private async Task RequireNoUsersAsync(string name, string? address, CancellationToken cancellationToken)
    {
        var seen = await CountAsync(name, address, cancellationToken);
        if (seen.Users > 0)
            throw new PipelineException(
                ErrorCode.NodeInUse, $"The database {name} is in no settings, and {seen.UsersText} {(seen.Users == 1 ? "has" : "have")} data in it. It stays.",
                hint: "Put its dbnode back into the settings and run Deploy, and they are served again; without --approve it stays as it is.");
    }

    private async Task<NodeUsage> CountAsync(string name, string? address, CancellationToken cancellationToken)
    {
        try
        {
            var node = await LastSeenAsync(name, address, cancellationToken)
                ?? throw new PipelineException(ErrorCode.RemoteFailed, $"{name} has no address.");
            return await usage.ReadAsync(node, [], cancellationToken);
        }
        catch (PipelineException unknown) when (unknown.Code == ErrorCode.RemoteFailed)
        {
            throw new PipelineException(
                ErrorCode.NodeInUse, $"Whether anybody's data is in the database {name} can't be told, and so it stays.",
                lastSeen: $"{unknown.Message} {unknown.LastSeen}".TrimEnd(), hint: "Without --approve it stays as it is.", inner: unknown);
        }
    }

    // With the account that webheads used last: it may be another than the one that was made first.
    private async Task<ConfigNode?> LastSeenAsync(string name, string? address, CancellationToken cancellationToken)
    {
        if (address is null) return null;
        var current = (await configuration.CurrentAsync(cancellationToken))?.Version ?? 0;
        for (var version = current - 1; version > 0 && version >= current - VersionsBack; version--)
        {
            var node = (await configuration.ReadVersionAsync(version, cancellationToken))?.Nodes.FirstOrDefault(node => node.Address == address);
            if (node is not null) return node;
        }

        var nodeName = NodeOf(name);
        return new ConfigNode(nodeName, address, Network.SecurityGroupPlan.DatabasePort, names.ApplicationUser, names.ApplicationPasswordParameter(nodeName), []);
    }

    private string NodeOf(string name) => name[(names.Cluster.Length + 1)..];

    private async Task<Dictionary<string, ObservedNode>> SurplusInstancesAsync(CancellationToken cancellationToken)
    {
        var wanted = settings.Dbnodes.Select(node => node.Name).ToHashSet();
        return (await instances.FindAsync(cancellationToken)).Where(pair => !wanted.Contains(pair.Key)).ToDictionary(pair => $"{names.Cluster}-{pair.Key}", pair => pair.Value);
    }

    private async Task<List<DBInstance>> SurplusAsync(CancellationToken cancellationToken)
    {
        var wanted = settings.Dbnodes.Select(names.Database).ToHashSet();
        return
        [
            .. (await observation.Databases.GetAsync(cancellationToken)).Values.Where(database =>
                !wanted.Contains(database.DBInstanceIdentifier) && database.DBInstanceIdentifier.StartsWith($"{names.Cluster}-", StringComparison.Ordinal)
                && DatabasePlan.TagsOf(database) is var tags && ResourceTags.AreOurs(tags, names.Cluster) && tags.GetValueOrDefault("Role") == Role),
        ];
    }

    private async Task<HashSet<string>> ServedAsync(CancellationToken cancellationToken) =>
        [.. ((await configuration.CurrentAsync(cancellationToken))?.Nodes ?? []).Select(node => $"{names.Cluster}-{node.Name}")];
}
