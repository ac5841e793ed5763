using System.Text.Json.Nodes;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Roles;

/// <summary>
/// What AWS demands of the caller beside a call of the pipeline's, as its Service Authorization Reference says ("dependent actions"): the pipeline calls none of
/// these itself. One that is found missing goes here, with the call that wants it.
/// </summary>
internal sealed class DependentActions(EnvironmentSettings settings, ClusterNames names, Arns arns)
{
    /// <summary>By the call that wants them; those that look at all there is, and those that are narrowed.</summary>
    internal static readonly IReadOnlyDictionary<string, string[]> ByCall = new Dictionary<string, string[]>
    {
        // The final snapshot, and the database's tags on it.
        ["DeleteDBInstance"] = ["rds:CreateDBSnapshot", "rds:AddTagsToResource"],

        // A node of the cache has an interface in the cluster's subnets. What it looks at besides, subnets and VPCs, the pipeline does, too.
        ["CreateCacheCluster"] = [Look, "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface"],
    };

    private const string Look = "ec2:DescribeNetworkInterfaces";

    /// <summary>Those that AWS has no resources for.</summary>
    public static IEnumerable<string> Looks => [Look];

    /// <summary>Those that are narrowed: to the cluster's names, or to its VPC where the settings name one.</summary>
    public IEnumerable<JsonObject> Statements =>
    [
        PolicyJson.Allow("FinalSnapshots", ByCall["DeleteDBInstance"], [arns.Regional("rds", $"db:{names.Cluster}-*"), arns.Regional("rds", $"snapshot:{names.Cluster}-*")]),
        PolicyJson.Allow(
            "CacheInterfaces", ByCall["CreateCacheCluster"].Where(action => action != Look),
            [arns.Regional("ec2", "network-interface/*"), arns.Regional("ec2", "security-group/*"), arns.Regional("ec2", "subnet/*")], InVpc),
    ];

    // Not every one of the resources is known to be of a VPC.
    private JsonObject? InVpc => settings.Network.VpcId is not { } vpc ? null : new JsonObject { ["ArnEqualsIfExists"] = new JsonObject { ["ec2:Vpc"] = arns.Regional("ec2", $"vpc/{vpc}") } };
}
