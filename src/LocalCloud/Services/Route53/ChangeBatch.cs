using System.Text.Json.Nodes;

namespace SyncStorage.LocalCloud.Services.Route53;

/// <summary>Carries a batch of changes out on a zone's record sets: all of them, or none. Pure.</summary>
/// <param name="zoneId">The zone's id: by that an alias says that its target is in the same zone.</param>
/// <param name="zoneName">The zone's name, with a dot at the end.</param>
/// <param name="aliasProblem">What is wrong with an alias to something outside of the zone; null if nothing.</param>
internal sealed class ChangeBatch(string zoneId, string zoneName, Func<JsonObject, string?> aliasProblem)
{
    private readonly List<string> problems = [];

    /// <summary>The record sets afterwards, sorted.</summary>
    /// <exception cref="AwsException"><c>InvalidChangeBatch</c> with all that is wrong, or <c>InvalidInput</c>.</exception>
    public List<JsonObject> Apply(IReadOnlyList<JsonObject> records, IReadOnlyList<JsonObject> changes)
    {
        List<JsonObject> after = [.. records];
        List<(string Action, JsonObject Set)> asked = [.. changes.Select(change => (change.Required("Action"), RecordRules.Normalize(change.Structure("ResourceRecordSet")!)))];

        // A batch is atomic: what leaves makes room for what comes, in whatever order they stand.
        foreach (var (action, set) in asked.OrderBy(change => change.Action != "DELETE")) Apply(after, action, set);
        foreach (var name in asked.Select(change => RecordRules.NameOf(change.Set)).Distinct().Where(name => DomainName.IsWithin(name, zoneName))) CheckTogether(after, name);
        foreach (var (_, set) in asked.Where(change => change.Action != "DELETE")) CheckAlias(after, set);
        if (problems.Count > 0) throw Route53Errors.InvalidChangeBatch(problems.Distinct());
        return [.. after.OrderBy(set => DomainName.SortKey(RecordRules.NameOf(set)), StringComparer.Ordinal).ThenBy(RecordRules.TypeOf, StringComparer.Ordinal)];
    }

    private void Apply(List<JsonObject> after, string action, JsonObject set)
    {
        var (name, type) = (RecordRules.NameOf(set), RecordRules.TypeOf(set));
        if (!DomainName.IsWithin(name, zoneName))
        {
            problems.Add($"RRSet with DNS name {name} is not permitted in zone {zoneName}");
            return;
        }

        if (type == "SOA" && name != zoneName) problems.Add($"RRSet of type SOA with DNS name {name} is not permitted in zone {zoneName}");
        var there = after.FindIndex(one => RecordRules.NameOf(one) == name && RecordRules.TypeOf(one) == type);
        switch (action)
        {
            case "DELETE" when there < 0:
                problems.Add($"Tried to delete resource record set [name='{name}', type='{type}'] but it was not found");
                break;
            case "DELETE" when !RecordRules.AreSame(after[there], set):
                problems.Add($"Tried to delete resource record set [name='{name}', type='{type}'] but the values provided do not match the current values");
                break;
            case "DELETE":
                after.RemoveAt(there);
                break;
            case "CREATE" when there >= 0:
                problems.Add($"Tried to create resource record set [name='{name}', type='{type}'] but it already exists");
                break;
            default:
                problems.AddRange(RecordRules.Problems(set));
                if (there >= 0) after[there] = set;
                else after.Add(set);
                break;
        }
    }

    private void CheckTogether(List<JsonObject> after, string name)
    {
        var types = after.Where(set => RecordRules.NameOf(set) == name).Select(RecordRules.TypeOf).ToList();
        if (name == zoneName)
        {
            if (types.Contains("CNAME")) problems.Add($"RRSet of type CNAME with DNS name {name} is not permitted at apex in zone {zoneName}");
            if (!types.Contains("NS")) problems.Add("A HostedZone must contain at least one NS record for the zone itself.");
            if (!types.Contains("SOA")) problems.Add("A HostedZone must contain exactly one SOA record.");
        }
        else if (types.Count > 1 && types.Contains("CNAME"))
        {
            problems.Add($"RRSet of type CNAME with DNS name {name} is not permitted as it conflicts with other records with the same DNS name in zone {zoneName}");
        }
    }

    private void CheckAlias(List<JsonObject> after, JsonObject set)
    {
        if (set.Structure("AliasTarget") is not { } alias) return;
        var (target, type) = (alias.Required("DNSName"), RecordRules.TypeOf(set));
        if (alias.Required("HostedZoneId") == zoneId)
        {
            if (!after.Exists(one => RecordRules.NameOf(one) == target && RecordRules.TypeOf(one) == type))
                problems.Add($"Tried to create an alias that targets {target}, type {type} in zone {alias.Required("HostedZoneId")}, but that target was not found");
        }
        else if (aliasProblem(alias) is { } problem)
        {
            problems.Add($"Tried to create an alias that targets {target}, type {type} in zone {alias.Required("HostedZoneId")}, but {problem}");
        }
    }
}
