using System.Text.Json.Nodes;

namespace SyncStorage.LocalCloud.Control;

/// <summary>Eventual consistency: remembers what was just made, so that other calls do not know it yet.</summary>
internal sealed class FreshResources(TimeProvider time)
{
    /// <summary>The members that name what an operation makes, and the error of a call that names it too early.</summary>
    private static readonly (string Member, string Code, int Status)[] Kinds =
    [
        ("InstanceId", "InvalidInstanceID.NotFound", 400),
        ("ImageId", "InvalidAMIID.NotFound", 400),
        ("SnapshotId", "InvalidSnapshot.NotFound", 400),
        ("GroupId", "InvalidGroup.NotFound", 400),
        ("DBInstanceIdentifier", "DBInstanceNotFound", 404),
        ("LoadBalancerName", "LoadBalancerNotFound", 400),
        ("CacheClusterId", "CacheClusterNotFound", 404),
        ("CommandId", "InvocationDoesNotExist", 400),
        ("RoleName", "NoSuchEntity", 404),
        ("InstanceProfileName", "NoSuchEntity", 404),
    ];

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private readonly Lock gate = new();
    private readonly Dictionary<(string Service, string Id), (long Since, string Code, int Status)> made = [];

    /// <summary>Notes what a call made.</summary>
    public void Note(ApiCall call, ApiResult result)
    {
        if (MemberOf(call.Operation) is not { } member) return;
        var (_, code, status) = Array.Find(Kinds, kind => kind.Member == member);
        lock (gate)
        {
            foreach (var old in made.Where(entry => time.GetElapsedTime(entry.Value.Since) > Longest).ToList()) made.Remove(old.Key);
            foreach (var id in Values(result.Output, member).Concat(call.Input[member] is JsonValue own ? [own.ToString()] : []))
                made.TryAdd((call.Service, id), (time.GetTimestamp(), code, status));
        }
    }

    /// <summary>The error of a call that names what is not known yet; null if it names none.</summary>
    public AwsException? Refusal(ApiCall call, TimeSpan unknownFor)
    {
        if (MemberOf(call.Operation) is not null && call.Operation != "CreateImage") return null;
        foreach (var (name, value) in call.Input.Where(member => member.Key != "Filters"))
        {
            foreach (var id in Texts(value))
            {
                if (Find(call.Service, id, unknownFor) is not var (code, status)) continue;

                // A list of a command's invocations is just empty.
                if (name == "CommandId" && call.Operation.StartsWith("List", StringComparison.Ordinal)) return null;
                return new AwsException(code, $"{id} does not exist (yet: a fault on demand).", status);
            }
        }

        return null;
    }

    /// <summary>Takes out of a description what is not known yet.</summary>
    public void Hide(ApiCall call, ApiResult result, TimeSpan unknownFor)
    {
        if (FaultRule.IsReading(call.Operation)) Hide(result.Output, call.Service, unknownFor);
    }

    /// <summary>What an operation's new thing is called, or null if it makes none.</summary>
    private static string? MemberOf(string operation) => operation switch
    {
        "RunInstances" => "InstanceId",
        "CreateImage" => "ImageId",
        "CreateSecurityGroup" => "GroupId",
        "CreateDBInstance" => "DBInstanceIdentifier",
        "CreateLoadBalancer" => "LoadBalancerName",
        "CreateCacheCluster" => "CacheClusterId",
        "SendCommand" => "CommandId",
        "CreateRole" => "RoleName",
        "CreateInstanceProfile" => "InstanceProfileName",
        _ => null,
    };

    private (string Code, int Status)? Find(string service, string id, TimeSpan unknownFor)
    {
        lock (gate)
        {
            return made.TryGetValue((service, id), out var entry) && time.GetElapsedTime(entry.Since) < unknownFor ? (entry.Code, entry.Status) : null;
        }
    }

    private void Hide(JsonNode? node, string service, TimeSpan unknownFor)
    {
        if (node is JsonObject members)
        {
            foreach (var (_, value) in members) Hide(value, service, unknownFor);
        }
        else if (node is JsonArray items)
        {
            for (var i = items.Count - 1; i >= 0; i--)
            {
                var had = (items[i] as JsonObject)?["Instances"] is JsonArray { Count: > 0 };
                Hide(items[i], service, unknownFor);

                // A reservation whose instances are not known yet is not known either.
                var emptied = had && items[i]!["Instances"] is JsonArray { Count: 0 };
                if (emptied || IsUnknown(items[i], service, unknownFor)) items.RemoveAt(i);
            }
        }
    }

    private bool IsUnknown(JsonNode? item, string service, TimeSpan unknownFor) =>
        item is JsonObject members
        && Array.Exists(Kinds, kind => members[kind.Member] is JsonValue id && Find(service, id.ToString(), unknownFor) is not null);

    private static IEnumerable<string> Texts(JsonNode? node) => node switch
    {
        JsonArray items => items.SelectMany(Texts),
        JsonObject members => members.SelectMany(member => Texts(member.Value)),
        JsonValue value when value.GetValueKind() == System.Text.Json.JsonValueKind.String => [value.ToString()],
        _ => [],
    };

    private static IEnumerable<string> Values(JsonNode? node, string member) => node switch
    {
        JsonArray items => items.SelectMany(item => Values(item, member)),
        JsonObject members => members.SelectMany(pair => pair.Key == member && pair.Value is JsonValue value ? [value.ToString()] : Values(pair.Value, member)),
        _ => [],
    };
}
