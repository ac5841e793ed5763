using SyncStorage.LocalCloud.Security.Policies;
using SyncStorage.LocalCloud.Services;

namespace SyncStorage.LocalCloud.Security.Access;

/// <summary>What load balancers, databases and caches ask: their resources are known by name.</summary>
internal static class DataAccess
{
    private static readonly (string Member, string Type)[] RdsTypes =
    [
        ("DBInstanceIdentifier", "db"), ("DBSubnetGroupName", "subgrp"), ("DBParameterGroupName", "pg"), ("OptionGroupName", "og"), ("DBSnapshotIdentifier", "snapshot"),
    ];

    private static readonly (string Member, string Type)[] CacheTypes =
        [("CacheClusterId", "cluster"), ("CacheSubnetGroupName", "subnetgroup"), ("CacheParameterGroupName", "parametergroup")];

    public static IEnumerable<AccessQuestion> OfLoadBalancing(AccessKeys call)
    {
        var action = $"elasticloadbalancing:{call.Call.Operation}";
        if (IsLook(call)) return [call.Ask(action, "*")];
        var tags = call.Input.Tags("Tags");
        var names = call.Input.Texts("LoadBalancerNames").Concat(call.Input.Text("LoadBalancerName") is { } name ? [name] : []);
        return names.SelectMany(each => With(call, action, "elasticloadbalancing:AddTags", call.Arn("elasticloadbalancing", $"loadbalancer/{each}"), ("elb", each), tags));
    }

    public static IEnumerable<AccessQuestion> OfRds(AccessKeys call) =>
        [.. Of(call, "rds", RdsTypes, call.Call.Operation == "CreateDBInstance" ? ["pg:default.mysql", "og:default:mysql"] : []), .. FinalSnapshot(call)];

    public static IEnumerable<AccessQuestion> OfElastiCache(AccessKeys call) => Of(call, "elasticache", CacheTypes, []);

    // A database leaves a snapshot, which is made in the name of who deletes it.
    private static IEnumerable<AccessQuestion> FinalSnapshot(AccessKeys call)
    {
        if (call.Call.Operation != "DeleteDBInstance" || call.Input.Text("FinalDBSnapshotIdentifier") is not { } snapshot) return [];
        string[] resources = [$"db:{call.Input.Text("DBInstanceIdentifier")}", $"snapshot:{snapshot}"];
        return resources.Select(resource => call.Arn("rds", resource)).Select(arn => call.Ask("rds:CreateDBSnapshot", arn, ("rds", arn)));
    }

    private static IEnumerable<AccessQuestion> Of(AccessKeys call, string service, (string Member, string Type)[] types, string[] defaults)
    {
        var action = $"{service}:{call.Call.Operation}";
        if (call.Input.Text("ResourceName") is { } arn) return [call.Ask(action, arn, (service, arn), call.Input.Tags("Tags"))];
        if (IsLook(call)) return [call.Ask(action, "*")];
        var tags = call.Input.Tags("Tags");
        var named = types.Where(type => call.Input.Text(type.Member) is not null).Select(type => call.Arn(service, $"{type.Type}:{call.Input.Text(type.Member)}")).ToList();

        // The first is what is made or changed; the others take part in it.
        return
        [
            .. named.Take(1).SelectMany(resource => With(call, action, $"{service}:AddTagsToResource", resource, (service, resource), tags)),
            .. named.Skip(1).Concat(defaults.Select(each => call.Arn(service, each))).Select(resource => call.Ask(action, resource, (service, resource))),
        ];
    }

    private static IEnumerable<AccessQuestion> With(
        AccessKeys call, string action, string tagging, string resource, (string Service, string Id) tagged, IReadOnlyList<KeyValuePair<string, string>> tags)
    {
        yield return call.Ask(action, resource, tagged, tags);
        if (tags.Count > 0 && action != tagging) yield return call.Ask(tagging, resource, tagged, tags);
    }

    private static bool IsLook(AccessKeys call) => call.Call.Operation.StartsWith("Describe", StringComparison.Ordinal);
}
