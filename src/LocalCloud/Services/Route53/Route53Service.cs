using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Services.Route53.Dns;

namespace SyncStorage.LocalCloud.Services.Route53;

/// <summary>Route 53, API 2013-04-01: public hosted zones, and the name server that answers for them.</summary>
internal sealed partial class Route53Service : IAwsService, IServedZones, IAsyncDisposable
{
    /// <summary>How long AWS takes until all its name servers have a change.</summary>
    private static readonly TimeSpan UntilInSync = TimeSpan.FromSeconds(30);

    private const int NameServerCount = 4;
    private const int ChangesKept = 1000;
    private const int LargestPage = 300;

    private readonly Lock gate = new();
    private readonly CloudContext cloud;
    private readonly ILoadBalancerNames loadBalancers;
    private readonly DnsResponder responder;
    private readonly StateFile<Route53State> file;
    private readonly Route53State state;

    public Route53Service(CloudContext cloud, ILoadBalancerNames loadBalancers, IAddressPool addresses, ILogger<DnsResponder> log)
    {
        this.cloud = cloud;
        this.loadBalancers = loadBalancers;
        responder = new DnsResponder(new DnsAnswers(this, loadBalancers), addresses, log);
        file = new StateFile<Route53State>(cloud.StateDirectory, Name);
        state = file.Load();
        Operations = new Dictionary<string, Func<ApiCall, CancellationToken, Task<ApiResult>>>(StringComparer.Ordinal)
        {
            ["CreateHostedZone"] = Changing(CreateZone),
            ["GetHostedZone"] = Reading(GetZone),
            ["ListHostedZones"] = Reading(ListZones),
            ["ListHostedZonesByName"] = Reading(ListZonesByName),
            ["DeleteHostedZone"] = Changing(DeleteZone),
            ["ChangeResourceRecordSets"] = Changing(ChangeRecords),
            ["ListResourceRecordSets"] = Reading(ListRecords),
            ["GetChange"] = Reading(GetChange),
        };
    }

    public string Name => "route53";

    public IReadOnlyDictionary<string, Func<ApiCall, CancellationToken, Task<ApiResult>>> Operations { get; }

    /// <summary>Where the name server listens, e.g. <c>127.77.0.11:10053</c>; null if it could not.</summary>
    public string? NameServer => responder.Address?.ToString();

    public Task StartAsync(CancellationToken cancellationToken)
    {
        responder.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(bool keepProcesses, CancellationToken cancellationToken) => responder.StopAsync();

    public ValueTask DisposeAsync() => responder.DisposeAsync();

    /// <inheritdoc/>
    IReadOnlyList<JsonObject>? IServedZones.RecordsFor(string name, out string zoneName)
    {
        lock (gate)
        {
            var zone = state.Zones.Where(zone => DomainName.IsWithin(name, zone.Name)).MaxBy(zone => zone.Name.Length);
            zoneName = zone?.Name ?? "";
            if (zone is null) return null;
            var now = cloud.Time.GetUtcNow();
            while (zone.Pending is [var next, ..] && next.From <= now)
            {
                zone.Served = next.Records;
                zone.Pending.RemoveAt(0);
            }

            return zone.Served;
        }
    }

    private JsonObject CreateZone(JsonObject input)
    {
        var (name, reference) = (DomainName.Normalize(input.Required("Name")), input.Required("CallerReference"));
        if (input.Structure("VPC") is not null || input.Structure("HostedZoneConfig")?.Flag("PrivateZone") == true) throw Route53Errors.InvalidInput("LocalCloud has no private hosted zones.");
        if (state.Zones.Exists(zone => zone.CallerReference == reference)) throw Route53Errors.HostedZoneAlreadyExists;
        var zone = new HostedZoneRecord
        {
            Id = NewId("Z"),
            Name = name,
            CallerReference = reference,
            Comment = input.Structure("HostedZoneConfig")?.Text("Comment"),
            NameServers = [.. Enumerable.Range(1, NameServerCount).Select(number => $"ns-{number}.route53.localhost")],
        };
        zone.Records = Sorted(zone, [NameServersOf(zone), AuthorityOf(zone)]);
        state.Zones.Add(zone);
        return new JsonObject
        {
            ["HostedZone"] = Route53Shapes.Zone(zone),
            ["ChangeInfo"] = Submit(zone, comment: null),
            ["DelegationSet"] = Route53Shapes.DelegationSet(zone),
            ["Location"] = new Uri(cloud.Endpoint, $"/2013-04-01/hostedzone/{zone.Id}").ToString(),
        };
    }

    private JsonObject GetZone(JsonObject input)
    {
        var zone = Find(input.Required("Id"));
        return new JsonObject { ["HostedZone"] = Route53Shapes.Zone(zone), ["DelegationSet"] = Route53Shapes.DelegationSet(zone) };
    }

    private JsonObject ListZones(JsonObject input)
    {
        var size = input.Number("MaxItems") ?? 100;
        var rest = state.Zones.OrderBy(zone => zone.Id, StringComparer.Ordinal).Where(zone => input.Text("Marker") is not { } marker || string.CompareOrdinal(zone.Id, marker) >= 0).ToList();
        var output = new JsonObject
        {
            ["HostedZones"] = rest.Take(size).Select(Route53Shapes.Zone).ToJson(),
            ["Marker"] = input.Text("Marker") ?? "",
            ["IsTruncated"] = rest.Count > size,
            ["MaxItems"] = Text(size),
        };
        if (rest.Count > size) output["NextMarker"] = rest[size].Id;
        return output;
    }

    private JsonObject ListZonesByName(JsonObject input)
    {
        var size = input.Number("MaxItems") ?? 100;
        var from = input.Text("DNSName") is { } name ? DomainName.SortKey(DomainName.Normalize(name)) : "";
        var rest = state.Zones.OrderBy(zone => DomainName.SortKey(zone.Name), StringComparer.Ordinal).ThenBy(zone => zone.Id, StringComparer.Ordinal)
            .Where(zone => string.CompareOrdinal(DomainName.SortKey(zone.Name), from) is var order && (order > 0 || (order == 0 && string.CompareOrdinal(zone.Id, input.Text("HostedZoneId") ?? "") >= 0)))
            .ToList();
        var output = new JsonObject { ["HostedZones"] = rest.Take(size).Select(Route53Shapes.Zone).ToJson(), ["IsTruncated"] = rest.Count > size, ["MaxItems"] = Text(size) };
        if (input.Text("DNSName") is { } asked) output["DNSName"] = asked;
        if (rest.Count > size) (output["NextDNSName"], output["NextHostedZoneId"]) = (rest[size].Name, rest[size].Id);
        return output;
    }

    private JsonObject DeleteZone(JsonObject input)
    {
        var zone = Find(input.Required("Id"));
        if (zone.Records.Exists(set => RecordRules.NameOf(set) != zone.Name || RecordRules.TypeOf(set) is not ("NS" or "SOA"))) throw Route53Errors.HostedZoneNotEmpty;
        state.Zones.Remove(zone);
        return new JsonObject { ["ChangeInfo"] = Submit(zone: null, comment: null) };
    }

    private HostedZoneRecord Find(string id) => state.Zones.Find(zone => zone.Id == DomainName.BareId(id)) ?? throw Route53Errors.NoSuchHostedZone(DomainName.BareId(id));

    private JsonObject GetChange(JsonObject input)
    {
        var id = DomainName.BareId(input.Required("Id"));
        return new JsonObject { ["ChangeInfo"] = Route53Shapes.Change(state.Changes.Find(change => change.Id == id) ?? throw Route53Errors.NoSuchChange(id), cloud.Time.GetUtcNow()) };
    }

    /// <summary>Notes a change; name servers have it after a while.</summary>
    private JsonObject Submit(HostedZoneRecord? zone, string? comment)
    {
        var now = cloud.Time.GetUtcNow();
        var change = new ChangeRecord(NewId("C"), now, now + cloud.Scale.Of(UntilInSync), comment);
        state.Changes.Add(change);
        if (state.Changes.Count > ChangesKept) state.Changes.RemoveAt(0);
        zone?.Pending.Add(new PendingRecords(change.InSyncAt, zone.Records));
        return Route53Shapes.Change(change, now);
    }

    private static JsonObject NameServersOf(HostedZoneRecord zone) => RecordRules.Of(zone.Name, "NS", 172_800, zone.NameServers.Select(server => $"{server}."));

    private static JsonObject AuthorityOf(HostedZoneRecord zone) => RecordRules.Of(zone.Name, "SOA", 900, [$"{zone.NameServers[0]}. hostmaster.localhost. 1 7200 900 1209600 86400"]);

    private static string NewId(string prefix) => prefix + RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 20);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private Func<ApiCall, CancellationToken, Task<ApiResult>> Reading(Func<JsonObject, JsonObject> handler) => gate.Locked(handler);

    private Func<ApiCall, CancellationToken, Task<ApiResult>> Changing(Func<JsonObject, JsonObject> handler) => gate.Locked(handler, () => file.Save(state));
}
