using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Dns;

/// <summary>Takes names out of the hosted zone that are of this cluster: by their mark, and as long as they lead to its load balancer.</summary>
public sealed class DnsRemoval(EnvironmentSettings settings, ClusterNames names, HostedZones zones, IProgress progress)
{
    /// <summary>Removes all of them; on LocalCloud the zone, too, if it was made for the cluster and nothing else is in it.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (settings.Dns is null || await zones.FindAsync(cancellationToken) is not { } zone) return;
        var records = await zones.RecordsAsync(zone, null, cancellationToken);
        await RemoveAsync(zone, DnsPlan.Marked(records, names.Cluster), cancellationToken);
        if (settings.LocalCloud is not null && zone.Comment == zones.OwnComment && await zones.DeleteAsync(zone, cancellationToken)) progress.Changed($"hosted zone {zone.Name} deleted");
    }

    /// <summary>The names that carry the cluster's mark and are no virtual hostnames of it any more.</summary>
    public async Task<IReadOnlyList<string>> LeftoversAsync(CancellationToken cancellationToken)
    {
        if (settings.Dns is null || await zones.FindAsync(cancellationToken) is not { } zone) return [];
        return [.. DnsPlan.Marked(await zones.RecordsAsync(zone, null, cancellationToken), names.Cluster).Except(settings.Hosts.Select(host => host.Hostname)).Except(settings.TokenServer is { } server ? [server.Hostname] : [])];
    }

    /// <summary>Removes some.</summary>
    public async Task RemoveAsync(IReadOnlyList<string> hostnames, CancellationToken cancellationToken)
    {
        if (await zones.FindAsync(cancellationToken) is { } zone) await RemoveAsync(zone, hostnames, cancellationToken);
    }

    private async Task RemoveAsync(ZoneFacts zone, IReadOnlyList<string> hostnames, CancellationToken cancellationToken)
    {
        if (hostnames.Count == 0) return;
        var (changes, staying) = DnsPlan.Removal(hostnames, await zones.RecordsAsync(zone, hostnames, cancellationToken), names);
        await zones.ChangeAsync(zone, changes, cancellationToken);
        progress.Changed($"{hostnames.Count} names removed from the hosted zone {zone.Name}");
        foreach (var other in staying) progress.Notice($"{other} leads elsewhere, and stays");
    }
}
