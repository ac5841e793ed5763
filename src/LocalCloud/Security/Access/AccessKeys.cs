using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Security.Policies;

namespace SyncStorage.LocalCloud.Security.Access;

/// <summary>Asks questions about one call: what all its resources have in common is known here.</summary>
internal sealed class AccessKeys(ApiCall call, CloudContext cloud, TagLookup tags)
{
    /// <summary>The prefixes under which services ask for the tags of a resource.</summary>
    private static readonly string[] ResourceTagPrefixes =
        ["aws:ResourceTag/", "ec2:ResourceTag/", "ssm:resourceTag/", "iam:ResourceTag/", "elasticloadbalancing:ResourceTag/", "rds:db-tag/"];

    private const string RequestTagPrefix = "aws:RequestTag/";

    public ApiCall Call => call;

    public JsonObject Input => call.Input;

    /// <summary>The prefix of ARNs: <c>arn:aws:service:region:account:</c>.</summary>
    public string Arn(string service, string resource) => $"arn:aws:{service}:{cloud.Region}:{cloud.AccountId}:{resource}";

    /// <summary>As <see cref="Arn"/>, of what is no single account's.</summary>
    public string PublicArn(string service, string resource) => $"arn:aws:{service}:{cloud.Region}::{resource}";

    /// <summary>A question.</summary>
    /// <param name="action">The action.</param>
    /// <param name="resource">An ARN, or <c>*</c>.</param>
    /// <param name="tagged">The service and the identifier by which the resource's tags are found; null if it has none yet.</param>
    /// <param name="requested">The tags that the call gives it.</param>
    /// <param name="more">Condition keys of the service.</param>
    public AccessQuestion Ask(
        string action, string resource, (string Service, string Id)? tagged = null, IReadOnlyList<KeyValuePair<string, string>>? requested = null,
        IReadOnlyDictionary<string, string>? more = null) => new(action, resource, name => Value(name, tagged, requested, more));

    private string[]? Value(
        string name, (string Service, string Id)? tagged, IReadOnlyList<KeyValuePair<string, string>>? requested, IReadOnlyDictionary<string, string>? more)
    {
        if (Array.Find(ResourceTagPrefixes, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) is { } asked)
            return tagged is var (service, id) ? One(tags.Of(service, id), name[asked.Length..]) : null;
        if (name.StartsWith(RequestTagPrefix, StringComparison.OrdinalIgnoreCase)) return One(requested ?? [], name[RequestTagPrefix.Length..]);
        return name.ToLowerInvariant() switch
        {
            "aws:tagkeys" => requested is { Count: > 0 } ? [.. requested.Select(tag => tag.Key)] : null,
            "aws:requestedregion" => [cloud.Region],
            "aws:principalarn" => [call.Caller.Arn],
            "aws:principalaccount" or "aws:resourceaccount" => [cloud.AccountId],
            "aws:securetransport" => ["false"],
            _ => One(more ?? new Dictionary<string, string>(), name),
        };
    }

    private static string[]? One(IEnumerable<KeyValuePair<string, string>> pairs, string key)
    {
        foreach (var (name, value) in pairs)
        {
            if (name.Equals(key, StringComparison.OrdinalIgnoreCase)) return [value];
        }

        return null;
    }
}
