using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace SyncStorage.LocalCloud.Services.Route53.Dns;

/// <summary>What is answered to a question: from hosted zones as they are served, and from the names of load balancers.</summary>
internal sealed class DnsAnswers(IServedZones zones, ILoadBalancerNames loadBalancers)
{
    private const int LongestChain = 8;

    /// <summary>AWS lets the addresses of load balancers be kept for so many seconds.</summary>
    private const int LoadBalancerTtl = 60;

    public DnsAnswer Of(DnsQuery query)
    {
        if (query.Opcode != 0) return new DnsAnswer(DnsResult.NotImplemented, []);
        List<DnsRecord> records = [];
        var name = query.Name;
        for (var link = 0; link < LongestChain; link++)
        {
            if (IsOfLoadBalancer(name)) return OfLoadBalancer(name, query.Type, records);
            if (zones.RecordsFor(name, out var zone) is not { Count: > 0 } sets) return records.Count > 0 ? new DnsAnswer(DnsResult.Ok, records) : new DnsAnswer(DnsResult.Refused, []);
            var there = At(sets, name, zone);
            if (query.Type != DnsType.CNAME && there.Find(set => RecordRules.TypeOf(set) == "CNAME") is { } other)
            {
                var target = (string)other["ResourceRecords"]![0]!["Value"]!;
                records.Add(DnsMessage.RecordOf(name, other, target)!);
                name = DomainName.Normalize(target);
                continue;
            }

            records.AddRange(there.Where(set => RecordRules.TypeOf(set) == query.Type.ToString()).SelectMany(set => RecordsOf(name, set, sets, zone)));
            var exists = there.Count > 0 || sets.Any(set => DomainName.IsWithin(RecordRules.NameOf(set), name));
            return new DnsAnswer(exists ? DnsResult.Ok : DnsResult.NoSuchName, records, records.Count > 0 ? null : AuthorityOf(sets, zone));
        }

        return new DnsAnswer(DnsResult.Ok, records);
    }

    // A name that is there hides the wildcard.
    private static List<JsonObject> At(IReadOnlyList<JsonObject> sets, string name, string zone)
    {
        var own = sets.Where(set => RecordRules.NameOf(set) == name).ToList();
        for (var parent = name; own.Count == 0 && parent != zone && !sets.Any(set => DomainName.IsWithin(RecordRules.NameOf(set), parent));)
        {
            parent = parent[(parent.IndexOf('.', StringComparison.Ordinal) + 1)..];
            own = [.. sets.Where(set => RecordRules.NameOf(set) == $"\\052.{parent}")];
        }

        return own;
    }

    private static DnsRecord? AuthorityOf(IReadOnlyList<JsonObject> sets, string zone) =>
        sets.FirstOrDefault(set => RecordRules.TypeOf(set) == "SOA") is { } authority ? DnsMessage.RecordOf(zone, authority, (string)authority["ResourceRecords"]![0]!["Value"]!) : null;

    // What an alias names answers under the alias's own name.
    private IEnumerable<DnsRecord> RecordsOf(string name, JsonObject set, IReadOnlyList<JsonObject> sets, string zone)
    {
        if (set.Structure("AliasTarget")?.Required("DNSName") is not { } target)
            return set.Structures("ResourceRecords").Select(record => DnsMessage.RecordOf(name, set, record.Required("Value"))).OfType<DnsRecord>();
        if (IsOfLoadBalancer(target)) return AddressesOf(target, name, Enum.Parse<DnsType>(RecordRules.TypeOf(set))) ?? [];
        return At(sets, target, zone).Where(other => RecordRules.TypeOf(other) == RecordRules.TypeOf(set) && other["AliasTarget"] is null)
            .SelectMany(other => RecordsOf(name, other, sets, zone));
    }

    private bool IsOfLoadBalancer(string name) => name.EndsWith($".{loadBalancers.Domain}.", StringComparison.Ordinal);

    private DnsAnswer OfLoadBalancer(string name, DnsType type, List<DnsRecord> before) =>
        AddressesOf(name, name, type) is { } records ? new DnsAnswer(DnsResult.Ok, [.. before, .. records]) : new DnsAnswer(DnsResult.NoSuchName, before);

    private IEnumerable<DnsRecord>? AddressesOf(string target, string name, DnsType type) => loadBalancers.AddressesOf(target.TrimEnd('.'))?
        .Where(address => type == (address.AddressFamily == AddressFamily.InterNetwork ? DnsType.A : DnsType.AAAA))
        .Select(address => new DnsRecord(name, type, LoadBalancerTtl, address.GetAddressBytes()));
}
