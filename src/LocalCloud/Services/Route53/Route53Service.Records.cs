using System.Text.Json.Nodes;

namespace SyncStorage.LocalCloud.Services.Route53;

/// <summary>The records of hosted zones.</summary>
internal sealed partial class Route53Service
{
    private JsonObject ChangeRecords(JsonObject input)
    {
        var zone = Find(input.Required("HostedZoneId"));
        var batch = input.Structure("ChangeBatch") ?? throw Route53Errors.InvalidInput("ChangeBatch is required");
        zone.Records = new ChangeBatch(zone.Id, zone.Name, AliasProblem).Apply(zone.Records, batch.Structures("Changes"));
        return new JsonObject { ["ChangeInfo"] = Submit(zone, batch.Text("Comment")) };
    }

    // A zone's own names are looked at by the batch; what else there is here are load balancers.
    private string? AliasProblem(JsonObject alias)
    {
        var target = alias.Required("DNSName").TrimEnd('.');
        if (alias.Required("HostedZoneId") != loadBalancers.HostedZoneId || !target.EndsWith($".{loadBalancers.Domain}", StringComparison.Ordinal))
            return "the alias target name does not lie within the target zone";
        return loadBalancers.AddressesOf(target) is null ? "that target was not found" : null;
    }

    private JsonObject ListRecords(JsonObject input)
    {
        var zone = Find(input.Required("HostedZoneId"));
        if (input.Text("StartRecordType") is not null && input.Text("StartRecordName") is null) throw Route53Errors.InvalidInput("Type may not be specified without name");
        var size = Math.Min(input.Number("MaxItems") ?? LargestPage, LargestPage);
        var from = input.Text("StartRecordName") is { } name ? (Key: DomainName.SortKey(DomainName.Normalize(name)), Type: input.Text("StartRecordType") ?? "") : default;
        var rest = from.Key is null ? zone.Records : zone.Records.FindAll(set =>
            string.CompareOrdinal(DomainName.SortKey(RecordRules.NameOf(set)), from.Key) is var order && (order > 0 || (order == 0 && string.CompareOrdinal(RecordRules.TypeOf(set), from.Type) >= 0)));
        var output = new JsonObject
        {
            ["ResourceRecordSets"] = new JsonArray([.. rest.Take(size).Select(set => set.DeepClone())]),
            ["IsTruncated"] = rest.Count > size,
            ["MaxItems"] = Text(size),
        };
        if (rest.Count > size) (output["NextRecordName"], output["NextRecordType"]) = (RecordRules.NameOf(rest[size]), RecordRules.TypeOf(rest[size]));
        return output;
    }

    private List<JsonObject> Sorted(HostedZoneRecord zone, IEnumerable<JsonObject> sets) =>
        new ChangeBatch(zone.Id, zone.Name, AliasProblem).Apply([], [.. sets.Select(set => new JsonObject { ["Action"] = "CREATE", ["ResourceRecordSet"] = set })]);
}
