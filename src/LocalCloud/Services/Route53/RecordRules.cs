using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace SyncStorage.LocalCloud.Services.Route53;

/// <summary>What Route 53 accepts of one record set; pure. Only simple routing is known here: one record set a name and type.</summary>
internal static class RecordRules
{
    private static readonly string[] Routing =
        ["SetIdentifier", "Weight", "Region", "GeoLocation", "Failover", "MultiValueAnswer", "HealthCheckId", "TrafficPolicyInstanceId", "CidrRoutingConfig", "GeoProximityLocation"];

    public static string NameOf(JsonObject set) => (string)set["Name"]!;

    public static string TypeOf(JsonObject set) => (string)set["Type"]!;

    /// <summary>Whether two of them are the same, values included.</summary>
    public static bool AreSame(JsonObject one, JsonObject other) => one.ToJsonString() == other.ToJsonString();

    /// <summary>A record set with values.</summary>
    public static JsonObject Of(string name, string type, int ttl, IEnumerable<string> values) => new()
    {
        ["Name"] = name,
        ["Type"] = type,
        ["TTL"] = ttl,
        ["ResourceRecords"] = values.Select(value => new JsonObject { ["Value"] = value }).ToJson(),
    };

    /// <summary>A record set as it is kept: names in their normal form, members in one order.</summary>
    /// <exception cref="AwsException">It has something that is not known here, or not what a record set has.</exception>
    public static JsonObject Normalize(JsonObject set)
    {
        var (name, type) = (DomainName.Normalize(set.Required("Name")), set.Required("Type"));
        if (Array.Find(Routing, set.ContainsKey) is { } member) throw Route53Errors.InvalidInput($"LocalCloud has simple routing only: {member} of {name} {type} is not known.");
        var normal = new JsonObject { ["Name"] = name, ["Type"] = type };
        var values = set.Structures("ResourceRecords").Select(record => record.Required("Value")).ToList();
        if ((set.Structure("AliasTarget") is not null) == (values.Count > 0) || (set["TTL"] is not null) != (values.Count > 0))
        {
            throw Route53Errors.InvalidInput(
                $"Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found {(values.Count > 0 || set["TTL"] is not null ? "more than one" : "none")} in Change with [Name={name}, Type={type}, SetIdentifier=null]");
        }

        if (set.Structure("AliasTarget") is { } alias)
        {
            normal["AliasTarget"] = new JsonObject
            {
                ["HostedZoneId"] = DomainName.BareId(alias.Required("HostedZoneId")),
                ["DNSName"] = DomainName.Normalize(alias.Required("DNSName")),
                ["EvaluateTargetHealth"] = alias.Flag("EvaluateTargetHealth") ?? false,
            };
            return normal;
        }

        normal["TTL"] = set.Number("TTL");
        normal["ResourceRecords"] = values.Select(value => new JsonObject { ["Value"] = value }).ToJson();
        return normal;
    }

    /// <summary>What is wrong with the values of a record set; nothing if they are well.</summary>
    public static IEnumerable<string> Problems(JsonObject set)
    {
        var type = TypeOf(set);
        var values = set.Structures("ResourceRecords").Select(record => record.Required("Value")).ToList();
        if (type == "CNAME" && values.Count > 1) yield return $"Invalid Resource Record: 'FATAL problem: CNAMEHasMultipleValues (A CNAME record may have one value only) encountered with '{string.Join(" ", values)}''";
        foreach (var value in values)
        {
            if (ProblemOf(type, value) is { } problem) yield return $"Invalid Resource Record: 'FATAL problem: {problem} encountered with '{value}''";
        }
    }

    /// <summary>The texts of a TXT value: one or more in quotation marks. Null if it is none.</summary>
    public static IReadOnlyList<string>? TryTexts(string value)
    {
        const int Longest = 255;
        if (value.Length < 2 || value[0] != '"' || value[^1] != '"') return null;
        var texts = value[1..^1].Split("\" \"");
        return Array.TrueForAll(texts, text => text.Length <= Longest && !text.Contains('"', StringComparison.Ordinal)) ? texts : null;
    }

    private static string? ProblemOf(string type, string value) => type switch
    {
        "A" => IPAddress.TryParse(value, out var address) && address.AddressFamily == AddressFamily.InterNetwork && address.ToString() == value
            ? null
            : "ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)",
        "AAAA" => IPAddress.TryParse(value, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6 ? null : "AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address)",
        "CNAME" or "NS" => DomainName.TryNormalize(value) is null ? "DomainLabelEmpty (Domain name is not valid)" : null,
        "TXT" => TryTexts(value) is null ? "InvalidCharacterString (Value should be enclosed in quotation marks)" : null,
        _ => null,
    };
}
