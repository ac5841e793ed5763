using Amazon.Route53;
using Amazon.Route53.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Planning;

namespace SyncStorage.Pipeline.Dns;

/// <summary>What is to be done about one virtual hostname.</summary>
/// <param name="Hostname">The name.</param>
/// <param name="Values">What differs, for people.</param>
/// <param name="Changes">The changes that bring it about; they go into one batch, so that the name is never without an address.</param>
/// <param name="LeadsTo">Where it leads now, if that is somebody else's; null otherwise.</param>
public sealed record NamePlan(string Hostname, IReadOnlyList<ValueChange> Values, IReadOnlyList<Change> Changes, string? LeadsTo);

/// <summary>The pure comparison of a zone's records with what they should be: of each virtual hostname an alias to the load balancer, and a text that says whose it is.</summary>
public static class DnsPlan
{
    /// <summary>How long the text may be kept by resolvers.</summary>
    private const long MarkerTtl = 300;

    /// <summary>The hostnames whose records differ.</summary>
    /// <param name="hostnames">The virtual hostnames.</param>
    /// <param name="goal">The load balancer; null while there is none.</param>
    /// <param name="records">The zone's records of these names.</param>
    /// <param name="cluster">The cluster's name.</param>
    public static IReadOnlyList<NamePlan> Compare(IEnumerable<string> hostnames, AliasGoal? goal, IReadOnlyList<ResourceRecordSet> records, string cluster)
    {
        var byName = records.ToLookup(set => DnsName.Plain(set.Name));
        return [.. hostnames.Select(name => Compare(name, goal, [.. byName[name]], [.. byName[DnsName.MarkerOf(name)]], cluster)).OfType<NamePlan>()];
    }

    /// <summary>The hostnames whose records carry this cluster's mark.</summary>
    public static IReadOnlyList<string> Marked(IReadOnlyList<ResourceRecordSet> records, string cluster) =>
        [.. records.Where(set => set.Type == RRType.TXT && IsMarkOf(set, cluster)).Select(set => DnsName.MarkedBy(DnsName.Plain(set.Name))).OfType<string>()];

    /// <summary>The removal of hostnames that carry the cluster's mark: of the mark, and of addresses that are those of load balancers of the cluster's name.</summary>
    /// <param name="hostnames">The hostnames.</param>
    /// <param name="records">The zone's records.</param>
    /// <param name="names">The cluster's names.</param>
    /// <returns>The changes, and what somebody else has made of a name since: that stays.</returns>
    public static (IReadOnlyList<IReadOnlyList<Change>> Changes, IReadOnlyList<string> Staying) Removal(IEnumerable<string> hostnames, IReadOnlyList<ResourceRecordSet> records, ClusterNames names)
    {
        ArgumentNullException.ThrowIfNull(names);
        var byName = records.ToLookup(set => DnsName.Plain(set.Name));
        var changes = new List<IReadOnlyList<Change>>();
        var staying = new List<string>();
        foreach (var name in hostnames)
        {
            var (ours, others) = (byName[name].Where(set => LeadsToLoadBalancerOf(set, names)).ToList(), byName[name].Where(set => !LeadsToLoadBalancerOf(set, names)).ToList());
            staying.AddRange(others.Select(set => $"{name} {TextOf(set)}"));
            changes.Add([.. ours.Concat(byName[DnsName.MarkerOf(name)]).Select(Delete)]);
        }

        return (changes, staying);
    }

    private static NamePlan? Compare(string hostname, AliasGoal? goal, IReadOnlyList<ResourceRecordSet> there, IReadOnlyList<ResourceRecordSet> marks, string cluster)
    {
        var isMarked = marks.Any(mark => IsMarkOf(mark, cluster));
        var isAsWanted = goal is not null && there is [var only] && IsAlias(only, goal) && only.AliasTarget.EvaluateTargetHealth == true;
        if (isAsWanted && isMarked) return null;

        var isOurs = isMarked || (marks.Count == 0 && there.All(set => goal is not null && LeadsTo(set, goal)));
        var changes = new List<Change>();
        var values = new List<ValueChange>();
        if (!isAsWanted)
        {
            values.Add(new ValueChange("address", there.Count == 0 ? null : string.Join(", ", there.Select(TextOf)), goal is null ? "alias to the load balancer" : $"alias to {goal.Name}"));
            changes.AddRange(there.Where(set => !IsPlain(set, RRType.A)).Select(Delete));
            if (goal is not null) changes.Add(new Change { Action = ChangeAction.UPSERT, ResourceRecordSet = Alias(hostname, goal) });
        }

        if (!isMarked)
        {
            values.Add(new ValueChange("owner", marks.Count == 0 ? null : string.Join(", ", marks.Select(TextOf)), MarkOf(cluster)));
            changes.AddRange(marks.Where(set => !IsPlain(set, RRType.TXT)).Select(Delete));
            changes.Add(new Change { Action = ChangeAction.UPSERT, ResourceRecordSet = Mark(hostname, cluster) });
        }

        return new NamePlan(hostname, values, changes, isOurs ? null : string.Join(", ", there.Concat(marks).Select(TextOf)));
    }

    private static ResourceRecordSet Alias(string hostname, AliasGoal goal) => new()
    {
        Name = hostname,
        Type = RRType.A,
        AliasTarget = new AliasTarget { HostedZoneId = goal.ZoneId, DNSName = goal.Name, EvaluateTargetHealth = true },
    };

    private static ResourceRecordSet Mark(string hostname, string cluster) => new()
    {
        Name = DnsName.MarkerOf(hostname),
        Type = RRType.TXT,
        TTL = MarkerTtl,
        ResourceRecords = [new ResourceRecord { Value = MarkOf(cluster) }],
    };

    private static Change Delete(ResourceRecordSet set) => new() { Action = ChangeAction.DELETE, ResourceRecordSet = set };

    private static string MarkOf(string cluster) => $"\"product={ResourceTags.ProductName},cluster={cluster}\"";

    private static bool IsMarkOf(ResourceRecordSet set, string cluster) => (set.ResourceRecords ?? []).Exists(record => record.Value == MarkOf(cluster));

    // One that is changed in place; others, with a routing policy, have to go before it can come.
    private static bool IsPlain(ResourceRecordSet set, RRType type) => set.Type == type && set.SetIdentifier is null;

    private static bool IsAlias(ResourceRecordSet set, AliasGoal goal) =>
        IsPlain(set, RRType.A) && set.AliasTarget is { } alias && DnsName.BareId(alias.HostedZoneId) == goal.ZoneId && DnsName.OfLoadBalancer(alias.DNSName) == goal.Name;

    private static bool LeadsTo(ResourceRecordSet set, AliasGoal goal) => IsAlias(set, goal) || TargetOf(set) == goal.Name;

    private static string? TargetOf(ResourceRecordSet set) =>
        set.AliasTarget is { } alias ? DnsName.OfLoadBalancer(alias.DNSName)
        : set.Type == RRType.CNAME && set.ResourceRecords is [var only] ? DnsName.OfLoadBalancer(only.Value)
        : null;

    // AWS gives each load balancer of one name another number.
    private static bool LeadsToLoadBalancerOf(ResourceRecordSet set, ClusterNames names) =>
        TargetOf(set) is { } target && target.Contains(".elb.", StringComparison.Ordinal)
            && new[] { names.LoadBalancer, names.TokenServerLoadBalancer }.Any(name => target.StartsWith($"{name.ToLowerInvariant()}-", StringComparison.Ordinal) && char.IsAsciiDigit(target[name.Length + 1]));

    private static string TextOf(ResourceRecordSet set) =>
        $"{set.Type} {(set.AliasTarget is { } alias ? $"alias to {DnsName.Plain(alias.DNSName)}" : string.Join(' ', (set.ResourceRecords ?? []).Select(record => record.Value)))}{(set.SetIdentifier is { } id ? $" ({id})" : "")}";
}
