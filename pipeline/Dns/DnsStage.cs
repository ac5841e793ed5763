using Amazon.Route53;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Dns;

/// <summary>Ensure-DNS: has every virtual hostname lead to the load balancer, where the settings name a hosted zone; puts back what drifted.</summary>
public sealed class DnsStage(
    EnvironmentSettings settings, ClusterNames names, HostedZones zones, Observation observation, NameCheck check, RunOptions options, IProgress progress) : IPlannedStage
{
    // Somebody else may change the zone between the look and the change.
    private const int Attempts = 3;

    private List<string> Hostnames => [.. settings.Hosts.Select(host => host.Hostname)];

    private bool IsApproved => options.Approve == names.Cluster;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<PlannedChange>> PlanAsync(CancellationToken cancellationToken)
    {
        if (settings.Dns is null) return [];
        var zone = settings.LocalCloud is null ? await zones.RequireAsync(cancellationToken) : await zones.FindAsync(cancellationToken);
        var missing = zone is null ? [new PlannedChange(ChangeKind.Create, $"hosted zone {settings.Dns.Zone}", "with its name servers")] : (PlannedChange[])[];
        return [.. missing, .. (await CompareAsync(zone, cancellationToken)).SelectMany(Describe)];
    }

    /// <summary>What keeps names from being this cluster's, each in a sentence; nothing where all is well.</summary>
    public async Task<IReadOnlyList<string>> ForeignAsync(CancellationToken cancellationToken) => IsApproved || settings.Dns is null
        ? []
        : [.. (await CompareAsync(settings.LocalCloud is null ? await zones.RequireAsync(cancellationToken) : await zones.FindAsync(cancellationToken), cancellationToken)).Where(name => name.LeadsTo is not null).Select(Foreign)];

    /// <summary>Brings the records to what they should be, and waits until the names resolve.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.ForeignRecord"/>, <see cref="ErrorCode.NoHostedZone"/>, <see cref="ErrorCode.NameNotResolved"/>.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (settings.Dns is null)
        {
            progress.Found("the settings name no hosted zone (dns.zone): whoever has the DNS leads the virtual hostnames to the load balancer");
            return;
        }

        var zone = settings.LocalCloud is null ? await zones.RequireAsync(cancellationToken) : await zones.FindAsync(cancellationToken) ?? await MakeZoneAsync(cancellationToken);
        var changed = await ChangeAsync(zone, cancellationToken);
        if (changed.Count > 0) await zones.InSyncAsync(changed, cancellationToken);
        else progress.Found($"{Hostnames.Count} names in {zone.Name} lead to the load balancer");
        await check.RequireAsync(cancellationToken);
    }

    private async Task<IReadOnlyList<string>> ChangeAsync(ZoneFacts zone, CancellationToken cancellationToken)
    {
        if (await GoalAsync(cancellationToken) is null)
            throw new PipelineException(ErrorCode.AwsRefused, "There is no load balancer that names could lead to.", hint: "./build.sh --target=Ensure-Load-Balancer");
        for (var attempt = 1; ; attempt++)
        {
            var plan = await CompareAsync(zone, cancellationToken);
            RequireOurs(plan);
            try
            {
                var ids = await zones.ChangeAsync(zone, [.. plan.Select(name => name.Changes)], cancellationToken);
                foreach (var name in plan) progress.Changed($"{name.Hostname}: {string.Join(", ", name.Values)}");
                return ids;
            }
            catch (AmazonRoute53Exception refusal) when (refusal.ErrorCode == "InvalidChangeBatch" && attempt < Attempts)
            {
                // A change whose answer was lost, or another's: a second look tells.
                progress.Notice($"the zone {zone.Name} is not as it was a moment ago: {refusal.Message}");
            }
        }
    }

    private async Task<ZoneFacts> MakeZoneAsync(CancellationToken cancellationToken)
    {
        if (settings.ZoneIdInSettings is not null) return await zones.RequireAsync(cancellationToken);
        var zone = await zones.CreateAsync(cancellationToken);
        progress.Changed($"created hosted zone {zone.Name} ({zone.Id})");
        return zone;
    }

    private async Task<IReadOnlyList<NamePlan>> CompareAsync(ZoneFacts? zone, CancellationToken cancellationToken) => DnsPlan.Compare(
        Hostnames, await GoalAsync(cancellationToken), zone is null ? [] : await zones.RecordsAsync(zone, Hostnames, cancellationToken), names.Cluster);

    private async Task<AliasGoal?> GoalAsync(CancellationToken cancellationToken) =>
        (await observation.LoadBalancer.GetAsync(cancellationToken))?.Description is { } balancer
            ? new AliasGoal(balancer.CanonicalHostedZoneNameID, DnsName.OfLoadBalancer(balancer.DNSName))
            : null;

    private IEnumerable<PlannedChange> Describe(NamePlan name) => name.Values.Select(value =>
        PlannedChange.Of(value.From is null ? ChangeKind.Create : ChangeKind.Update, $"DNS name {name.Hostname}", value) with
        {
            Note = name.LeadsTo is null ? null : $"somebody else's: wants --approve={names.Cluster}",
        });

    private void RequireOurs(IReadOnlyList<NamePlan> plan)
    {
        var foreign = plan.Where(name => name.LeadsTo is not null).ToList();
        if (foreign.Count > 0 && !IsApproved)
            throw new PipelineException(
                ErrorCode.ForeignRecord, $"{foreign.Count} virtual hostnames have records that this cluster did not make, and that lead elsewhere.",
                lastSeen: string.Join('\n', foreign.Select(Foreign)),
                hint: $"Remove them; or, to have these names lead to this cluster from now on: --approve={names.Cluster}. Then run the same command again: it goes on where it was.");
    }

    private static string Foreign(NamePlan name) => $"{name.Hostname}: {name.LeadsTo}";
}
