using Amazon.Route53;
using Amazon.Route53.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Dns;

/// <summary>Reads hosted zones and their records, and changes them.</summary>
public sealed class HostedZones(IClients clients, EnvironmentSettings settings, ClusterNames names, RunOptions options, Waiter waiter)
{
    private const string MostZones = "100";
    private static readonly RRType[] AddressTypes = [RRType.A, RRType.AAAA, RRType.CNAME];

    /// <summary>A batch may have a thousand values, and each hostname has a few.</summary>
    private const int MostChanges = 300;

    /// <summary>What a zone says that is made here: on LocalCloud, where nobody else does.</summary>
    internal string OwnComment => $"made by SyncStorage Deploy for {names.Cluster}";

    /// <summary>The zone of the settings; null if there is none.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.NoHostedZone"/>: several have the name, or virtual hostnames are not in it.</exception>
    public async Task<ZoneFacts?> FindAsync(CancellationToken cancellationToken)
    {
        var dns = settings.Dns ?? throw new InvalidOperationException("The settings name no hosted zone: nobody should ask for it.");
        var zone = settings.ZoneIdInSettings is { } id ? await ByIdAsync(id, cancellationToken) : await ByNameAsync(dns.Zone, cancellationToken);
        if (zone is not null && settings.Hosts.Select(host => host.Hostname).Where(name => !DnsName.IsWithin(name, zone.Name)).ToList() is { Count: > 0 } outside)
            throw new PipelineException(
                ErrorCode.NoHostedZone, $"{outside.Count} virtual hostnames are not in the hosted zone {zone.Name} ({zone.Id}).", lastSeen: string.Join('\n', outside),
                hint: "dns.zone must be the zone of all virtual hostnames.");
        return zone;
    }

    /// <summary>The zone of the settings, which must be there.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.NoHostedZone"/>.</exception>
    public async Task<ZoneFacts> RequireAsync(CancellationToken cancellationToken) => await FindAsync(cancellationToken) ?? throw new PipelineException(
        ErrorCode.NoHostedZone, $"There is no {(settings.ZoneIdInSettings is null ? "public hosted zone" : "hosted zone")} {settings.Dns!.Zone} in this account.",
        hint: $"aws route53 list-hosted-zones shows those that there are. To make one: aws route53 create-hosted-zone --name {settings.Dns.Zone} --caller-reference 1; its parent must delegate to its name servers.");

    /// <summary>Makes the zone that the settings name.</summary>
    public async Task<ZoneFacts> CreateAsync(CancellationToken cancellationToken)
    {
        var made = await clients.Route53.CreateHostedZoneAsync(
            new CreateHostedZoneRequest { Name = settings.Dns!.Zone, CallerReference = $"{names.Cluster}-{options.DeploymentId}", HostedZoneConfig = new HostedZoneConfig { Comment = OwnComment } },
            cancellationToken);
        return ZoneFacts.Of(made.HostedZone);
    }

    /// <summary>The records of a zone that are about addresses, or about whose they are; of these names alone, if some are given.</summary>
    /// <param name="zone">The zone.</param>
    /// <param name="hostnames">The names; null for all that there are.</param>
    /// <param name="cancellationToken">Cancels the calls.</param>
    public async Task<IReadOnlyList<ResourceRecordSet>> RecordsAsync(ZoneFacts zone, IReadOnlyList<string>? hostnames, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(zone);
        var wanted = hostnames?.SelectMany(name => new[] { name, DnsName.MarkerOf(name) }).OrderBy(DnsName.SortKey, StringComparer.Ordinal).ToList();
        var found = new List<ResourceRecordSet>();
        var request = new ListResourceRecordSetsRequest { HostedZoneId = zone.Id, StartRecordName = wanted?[0] };
        while (true)
        {
            var page = await clients.Route53.ListResourceRecordSetsAsync(request, cancellationToken);
            found.AddRange((page.ResourceRecordSets ?? []).Where(set => IsOfInterest(set, wanted)));
            var isPast = wanted is not null && page.NextRecordName is { } next && string.CompareOrdinal(DnsName.SortKey(DnsName.Plain(next)), DnsName.SortKey(wanted[^1])) > 0;
            if (page.IsTruncated != true || isPast) return found;
            (request.StartRecordName, request.StartRecordType, request.StartRecordIdentifier) = (page.NextRecordName, page.NextRecordType, page.NextRecordIdentifier);
        }
    }

    /// <summary>Asks for changes, as few batches as will hold them.</summary>
    /// <returns>The ids by which <see cref="InSyncAsync"/> waits for them.</returns>
    public async Task<IReadOnlyList<string>> ChangeAsync(ZoneFacts zone, IReadOnlyList<IReadOnlyList<Change>> changes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(zone);
        ArgumentNullException.ThrowIfNull(changes);
        var ids = new List<string>();
        var batch = new List<Change>();
        foreach (var together in changes)
        {
            if (batch.Count > 0 && batch.Count + together.Count > MostChanges) await SendAsync();
            batch.AddRange(together);
        }

        if (batch.Count > 0) await SendAsync();
        return ids;

        async Task SendAsync()
        {
            var answer = await clients.Route53.ChangeResourceRecordSetsAsync(
                new ChangeResourceRecordSetsRequest { HostedZoneId = zone.Id, ChangeBatch = new ChangeBatch { Comment = $"SyncStorage Deploy, cluster {names.Cluster}", Changes = [.. batch] } },
                cancellationToken);
            ids.Add(DnsName.BareId(answer.ChangeInfo.Id));
            batch.Clear();
        }
    }

    /// <summary>Waits until all of Route 53's name servers have the changes.</summary>
    public async Task InSyncAsync(IReadOnlyList<string> changes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changes);
        foreach (var id in changes)
        {
            await waiter.UntilAsync("Route 53's name servers to have the records", settings.Waits.Pace(settings.Waits.InstanceSeconds), async token =>
                (await clients.Route53.GetChangeAsync(new GetChangeRequest { Id = id }, token)).ChangeInfo.Status is var status && status == ChangeStatus.INSYNC
                    ? Poll.Done(true) : Poll.NotYet<bool>($"{status}"), cancellationToken);
        }
    }

    /// <summary>Removes a zone that is empty.</summary>
    /// <returns>Whether it was there and empty.</returns>
    public async Task<bool> DeleteAsync(ZoneFacts zone, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(zone);
        try
        {
            return await AwsErrors.IfThereAsync(() => clients.Route53.DeleteHostedZoneAsync(new DeleteHostedZoneRequest { Id = zone.Id }, cancellationToken));
        }
        catch (AmazonRoute53Exception exception) when (exception.ErrorCode == "HostedZoneNotEmpty")
        {
            return false;
        }
    }

    private static bool IsOfInterest(ResourceRecordSet set, List<string>? wanted)
    {
        var name = DnsName.Plain(set.Name);
        return (AddressTypes.Contains(set.Type) || (set.Type == RRType.TXT && DnsName.MarkedBy(name) is not null)) && wanted?.Contains(name) != false;
    }

    private Task<ZoneFacts?> ByIdAsync(string id, CancellationToken cancellationToken) => AwsErrors.UnlessMissingAsync(async () =>
        (ZoneFacts?)ZoneFacts.Of((await clients.Route53.GetHostedZoneAsync(new GetHostedZoneRequest { Id = id }, cancellationToken)).HostedZone));

    private async Task<ZoneFacts?> ByNameAsync(string name, CancellationToken cancellationToken)
    {
        // They come sorted, from that name on; others follow.
        var page = await clients.Route53.ListHostedZonesByNameAsync(new ListHostedZonesByNameRequest { DNSName = name, MaxItems = MostZones }, cancellationToken);
        var zones = (page.HostedZones ?? []).FindAll(zone => DnsName.Plain(zone.Name) == name && zone.Config?.PrivateZone != true);
        return zones.Count <= 1 ? zones.Select(ZoneFacts.Of).SingleOrDefault() : throw new PipelineException(
            ErrorCode.NoHostedZone, $"{zones.Count} public hosted zones have the name {name}.", lastSeen: string.Join('\n', zones.Select(zone => DnsName.BareId(zone.Id))),
            hint: "Set dns.zone to the id of the one whose name servers the parent zone names: dig NS " + name);
    }
}
