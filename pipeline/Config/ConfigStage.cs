using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Remote;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Rollout;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Config;

/// <summary>Publish-Config: secrets, then the document that webheads read; running webheads reload it.</summary>
public sealed class ConfigStage(
    EnvironmentSettings settings, ClusterNames names, Observation observation, SecretStore secrets, ConfigStore store, RemoteCommands remote,
    Fleet fleet, AwsConnection connection, Waiter waiter, IProgress progress) : IPlannedStage
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
        return changes;
    }

    /// <summary>Publishes if anything differs, and waits until every running webhead reports the new version.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var host in settings.Dbnodes.SelectMany(node => node.Hosts)) await secrets.HostSecretsAsync(host.Hostname, cancellationToken);
        var desired = await TryDesiredAsync(cancellationToken)
            ?? throw new PipelineException(
                ErrorCode.DatabaseFailed, "The databases or the cache have no address yet.", hint: "./build.sh --target=Ensure-Cache");
        var current = await store.CurrentAsync(cancellationToken);
        if (current is not null && ConfigDocument.SayTheSame(current, desired))
        {
            progress.Found($"configuration version {current.Version} is current");
            return;
        }

        var published = await store.PublishAsync(desired, cancellationToken);
        progress.Changed($"configuration version {published.Version}: {desired.Nodes.Count} dbnodes, {desired.Nodes.Sum(node => node.Hosts.Count)} virtual hostnames");
        await PushAsync(published.Version, cancellationToken);
    }

    private async Task PushAsync(int version, CancellationToken cancellationToken)
    {
        var running = (await fleet.WebheadsAsync(cancellationToken)).Where(webhead => webhead.IsRunning).ToLookup(webhead => webhead.Verdict.IsServing, webhead => webhead.Id);
        List<string> serving = [.. running[true]];
        if (serving.Count > 0)
        {
            await waiter.UntilAsync($"webheads to report configuration {version}", settings.Waits.Pace(settings.Waits.CommandSeconds), async token =>
            {
                var behind = Behind(await remote.RunAsync(serving, WebheadAdmin.Reload, token), version);
                return behind.Count == 0 ? Poll.Done(true) : Poll.NotYet<bool>(string.Join("; ", behind));
            }, cancellationToken);
            progress.Changed($"{serving.Count} webheads in service have configuration {version}");
        }

        // What does not serve may be what this deployment is to replace: it gets the news, and nobody waits for it.
        List<string> others = [.. running[false]];
        if (others.Count == 0) return;
        var reached = await remote.RunReachableAsync(others, WebheadAdmin.Reload, cancellationToken);
        progress.Found($"{reached.Count - Behind(reached, version).Count} of {others.Count} webheads out of service have it too");
    }

    private static List<string> Behind(IReadOnlyList<RemoteResult> results, int version) =>
        [.. results.Where(result => (int?)result.Answer?["configuration"] != version).Select(result => $"{result.InstanceId}: {result.Reason}")];

    private async Task<ConfigDocument?> TryDesiredAsync(CancellationToken cancellationToken)
    {
        var databases = await observation.Databases.GetAsync(cancellationToken);
        var cache = await observation.Cache.GetAsync(cancellationToken);
        if (cache?.ConfigurationEndpoint is not { Address: { } cacheAddress } endpoint) return null;

        var nodes = new List<ConfigNode>();
        foreach (var node in settings.Dbnodes)
        {
            if (databases.GetValueOrDefault(names.Database(node))?.Endpoint is not { Address: { } address } at) return null;
            nodes.Add(new ConfigNode(
                node.Name, address, at.Port ?? 3306, names.ApplicationUser, names.ApplicationPasswordParameter(node.Name),
                [.. node.Hosts.Select(host => new ConfigHost(host.Hostname, settings.OriginOf(host.Hostname).ToString().TrimEnd('/'), host.Database, names.HostSecretParameter(host.Hostname)))]));
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
