using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Database;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Config;

/// <summary>Publish-Config: secrets, then the document that webheads read; running webheads reload it.</summary>
public sealed class ConfigStage(
    EnvironmentSettings settings, ClusterNames names, Observation observation, DatabaseServers servers, SecretStore secrets, ConfigStore store, NodeDepartures departures, ConfigPush push,
    AwsConnection connection, IProgress progress) : IPlannedStage
{
    private const string Resource = "configuration";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<PlannedChange>> PlanAsync(CancellationToken cancellationToken)
    {
        var changes = (await secrets.MissingAsync(cancellationToken)).Select(name => new PlannedChange(ChangeKind.Create, "secrets", name) { To = "generated" }).ToList();
        var current = await store.CurrentAsync(cancellationToken);
        var desired = await TryDesiredAsync(cancellationToken);
        if (current is null)
            changes.Add(new PlannedChange(ChangeKind.Create, Resource, $"version 1: {settings.Dbnodes.Count} dbnodes, {settings.Hosts.Count()} virtual hostnames"));
        else if (desired is null)
            changes.Add(new PlannedChange(ChangeKind.Update, Resource, $"version {current.Version + 1}, with the addresses of what is made anew"));
        else
            changes.AddRange(ConfigDocument.Differences(current, desired).Select(value => PlannedChange.Of(ChangeKind.Update, Resource, value)));
        if (current is not null && HostnameChanges.Moves(current, settings.Dbnodes) is { Count: > 0 } moves)
            changes.Add(new PlannedChange(ChangeKind.Replace, Resource, string.Join(", ", moves)) { Note = "Deploy refuses it: users would find nothing of what they have" });
        return changes;
    }

    /// <summary>Publishes if anything differs, and waits until every webhead in service has the version that is current.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.ConfigurationNotTaken"/>: some do not come to have it.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await departures.RequireAsync(cancellationToken);
        foreach (var host in settings.Dbnodes.SelectMany(node => node.Hosts)) await secrets.HostSecretsAsync(host.Hostname, cancellationToken);
        var desired = await TryDesiredAsync(cancellationToken)
            ?? throw new PipelineException(
                ErrorCode.DatabaseFailed, "The databases or the cache have no address yet.", hint: "./build.sh --target=Ensure-Cache");
        var current = await store.CurrentAsync(cancellationToken);
        if (current is not null && ConfigDocument.SayTheSame(current, desired))
        {
            // The run that published it may have ended before every webhead had it.
            progress.Found($"configuration version {current.Version} is current");
            await push.EnsureAsync(current.Version, cancellationToken);
            return;
        }

        var published = await store.PublishAsync(desired, cancellationToken);
        progress.Changed($"configuration version {published.Version}: {desired.Nodes.Count} dbnodes, {desired.Nodes.Sum(node => node.Hosts.Count)} virtual hostnames");

        // Before the first, nobody serves: those that were launched ahead look for it every second. Where the pointer was lost, it is not the first.
        if (published.Version > 1) await push.RunAsync(published.Version, cancellationToken);
    }

    private async Task<ConfigDocument?> TryDesiredAsync(CancellationToken cancellationToken)
    {
        var known = await servers.GetAsync(cancellationToken);
        var cache = await observation.Cache.GetAsync(cancellationToken);
        if (cache?.ConfigurationEndpoint is not { Address: { } cacheAddress } endpoint) return null;

        var current = await store.CurrentAsync(cancellationToken);
        var nodes = new List<ConfigNode>();
        foreach (var node in settings.Dbnodes)
        {
            if (known.GetValueOrDefault(names.Database(node)) is not { Address: { } address } at) return null;

            // Which of its two accounts a dbnode is used with is the rotation's to say.
            var account = DatabaseAccount.Current(current, names, node.Name);
            nodes.Add(new ConfigNode(
                node.Name, address, at.Port, account.User, account.PasswordParameter,
                [.. node.Hosts.Select(host => new ConfigHost(host.Hostname, settings.OriginOf(host.Hostname).ToString().TrimEnd('/'), host.Database, names.HostSecretParameter(host.Hostname))
                {
                    Assign = node.TakesUsers(host) ? null : false,
                    SignWith = current?.SignWith(host.Hostname),
                })]));
        }

        return new ConfigDocument
        {
            Cluster = names.Cluster,
            Region = connection.Target.Region,
            Nodes = nodes,
            Cache = new ConfigEndpoint(cacheAddress, endpoint.Port ?? 11211),
            Limits = new ConfigLimits { QuotaBytes = settings.Webheads.QuotaMiB * (1024L * 1024) },
        };
    }
}
