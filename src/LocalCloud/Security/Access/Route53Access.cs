using SyncStorage.LocalCloud.Security.Policies;
using SyncStorage.LocalCloud.Services;
using SyncStorage.LocalCloud.Services.Route53;

namespace SyncStorage.LocalCloud.Security.Access;

/// <summary>What Route 53 asks: its resources are of no region and no account.</summary>
internal static class Route53Access
{
    private const string ConditionPrefix = "route53:ChangeResourceRecordSets";

    public static IEnumerable<AccessQuestion> Of(AccessKeys call)
    {
        var question = call.Ask($"route53:{call.Call.Operation}", ResourceOf(call));
        return [question with { Keys = name => ValuesOf(call, name) ?? question.Key(name) }];
    }

    // A batch has several changes, and each of these keys their values.
    private static string[]? ValuesOf(AccessKeys call, string key)
    {
        if (call.Call.Operation != "ChangeResourceRecordSets" || !key.StartsWith(ConditionPrefix, StringComparison.OrdinalIgnoreCase)) return null;
        var changes = call.Input.Structure("ChangeBatch")?.Structures("Changes") ?? [];
        return key[ConditionPrefix.Length..].ToUpperInvariant() switch
        {
            "NORMALIZEDRECORDNAMES" => [.. changes.Select(change => (DomainName.TryNormalize(change.Structure("ResourceRecordSet")?.Text("Name") ?? "") ?? ".").TrimEnd('.'))],
            "RECORDTYPES" => [.. changes.Select(change => change.Structure("ResourceRecordSet")?.Text("Type") ?? "")],
            "ACTIONS" => [.. changes.Select(change => change.Text("Action") ?? "")],
            _ => null,
        };
    }

    private static string ResourceOf(AccessKeys call) => call.Call.Operation switch
    {
        "GetChange" => $"arn:aws:route53:::change/{DomainName.BareId(call.Input.Text("Id") ?? "")}",
        "ChangeResourceRecordSets" or "ListResourceRecordSets" => $"arn:aws:route53:::hostedzone/{DomainName.BareId(call.Input.Text("HostedZoneId") ?? "")}",
        "GetHostedZone" or "DeleteHostedZone" => $"arn:aws:route53:::hostedzone/{DomainName.BareId(call.Input.Text("Id") ?? "")}",
        _ => "*",
    };
}
