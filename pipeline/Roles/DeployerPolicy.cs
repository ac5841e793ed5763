using System.Text.Json.Nodes;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Roles;

/// <summary>
/// The least that whoever deploys must be allowed: every action that a run of any target needs, narrowed to the cluster's names and tags
/// where AWS lets it be. Tests hold it to the calls that the pipeline makes, both ways; what AWS demands beside a call is in <see cref="DependentActions"/>.
/// </summary>
public sealed class DeployerPolicy(EnvironmentSettings settings, ClusterNames names, Arns arns)
{
    /// <summary>AWS has no resources for these: they look at all there is.</summary>
    private static readonly string[] Looks =
    [
        "ec2:DescribeImages", "ec2:DescribeInstanceTypeOfferings", "ec2:DescribeInstanceTypes", "ec2:DescribeInstances", "ec2:DescribeSecurityGroups", "ec2:DescribeSnapshots", "ec2:DescribeSubnets", "ec2:DescribeVpcs",
        "elasticloadbalancing:DescribeAccountLimits", "elasticloadbalancing:DescribeInstanceHealth", "elasticloadbalancing:DescribeLoadBalancerAttributes", "elasticloadbalancing:DescribeLoadBalancers",
        "elasticloadbalancing:DescribeTags", "rds:DescribeAccountAttributes", "rds:DescribeDBInstances", "rds:DescribeDBSubnetGroups", "rds:DescribeOrderableDBInstanceOptions", "elasticache:DescribeCacheClusters",
        "elasticache:DescribeCacheParameterGroups", "elasticache:DescribeCacheParameters", "elasticache:DescribeCacheSubnetGroups",
        "servicequotas:GetServiceQuota", "ssm:DescribeInstanceInformation", "ssm:ListCommandInvocations",
    ];

    private static readonly string[] Makes = ["RunInstances", "CreateImage", "CreateSecurityGroup"];

    private static readonly string[] OfTagged =
    [
        "ec2:AuthorizeSecurityGroupIngress", "ec2:CreateImage", "ec2:CreateTags", "ec2:DeleteSecurityGroup", "ec2:DeleteSnapshot", "ec2:DeregisterImage",
        "ec2:GetConsoleOutput", "ec2:RevokeSecurityGroupIngress", "ec2:TerminateInstances",
    ];

    private static readonly string[] OfVolumes = ["ec2:AttachVolume", "ec2:CreateSnapshot", "ec2:CreateVolume", "ec2:DeleteVolume"];

    private static readonly string[] OfLoadBalancer =
    [
        "AddTags", "ApplySecurityGroupsToLoadBalancer", "AttachLoadBalancerToSubnets", "ConfigureHealthCheck", "CreateLoadBalancer", "CreateLoadBalancerListeners",
        "DeleteLoadBalancer", "DeleteLoadBalancerListeners", "DeregisterInstancesFromLoadBalancer", "DetachLoadBalancerFromSubnets", "ModifyLoadBalancerAttributes",
        "RegisterInstancesWithLoadBalancer",
    ];

    private static readonly string[] OfHttps = ["CreateLoadBalancerPolicy", "SetLoadBalancerListenerSSLCertificate", "SetLoadBalancerPoliciesOfListener"];

    private static readonly string[] OfDatabases =
    [
        "AddTagsToResource", "CreateDBInstance", "CreateDBSubnetGroup", "DeleteDBInstance", "DeleteDBSubnetGroup", "ListTagsForResource", "ModifyDBInstance",
        "ModifyDBSubnetGroup",
    ];

    private static readonly string[] OfCache =
    [
        "AddTagsToResource", "CreateCacheCluster", "CreateCacheParameterGroup", "CreateCacheSubnetGroup", "DeleteCacheCluster", "DeleteCacheParameterGroup",
        "DeleteCacheSubnetGroup", "ListTagsForResource", "ModifyCacheCluster", "ModifyCacheParameterGroup", "ModifyCacheSubnetGroup",
    ];

    private static readonly string[] OfParameters = ["AddTagsToResource", "DeleteParameters", "GetParameters", "GetParametersByPath", "PutParameter"];

    private static readonly string[] OfBucket =
    [
        "CreateBucket", "DeleteBucket", "GetBucketPublicAccessBlock", "GetBucketTagging", "GetEncryptionConfiguration", "GetLifecycleConfiguration", "ListBucket",
        "PutBucketPublicAccessBlock", "PutBucketTagging", "PutEncryptionConfiguration", "PutLifecycleConfiguration",
    ];

    private static readonly string[] OfObjects = ["DeleteObject", "GetObject", "PutObject"];

    private static readonly string[] OfNames = ["GetHostedZone", "ListResourceRecordSets"];

    private static readonly string[] OfRoles =
    [
        "AddRoleToInstanceProfile", "CreateInstanceProfile", "CreateRole", "DeleteInstanceProfile", "DeleteRole", "DeleteRolePermissionsBoundary", "DeleteRolePolicy",
        "DetachRolePolicy", "GetInstanceProfile", "GetRole", "GetRolePolicy", "ListAttachedRolePolicies", "ListInstanceProfiles", "ListInstanceProfilesForRole",
        "ListRolePolicies", "PutRolePermissionsBoundary", "PutRolePolicy", "RemoveRoleFromInstanceProfile", "TagInstanceProfile", "TagRole", "UpdateAssumeRolePolicy",
    ];

    private static readonly string[] LooksOfMonitoring = ["cloudwatch:DescribeAlarms", "logs:DescribeLogGroups"];

    private static readonly string[] OfAlarms = ["DeleteAlarms", "ListTagsForResource", "PutMetricAlarm", "TagResource"];

    private static readonly string[] OfDashboard = ["DeleteDashboards", "GetDashboard", "PutDashboard"];

    private static readonly string[] OfLogs = ["CreateLogGroup", "DeleteLogGroup", "FilterLogEvents", "ListTagsForResource", "PutRetentionPolicy", "TagResource"];

    /// <summary>The policy of an environment, also before there is anything of it.</summary>
    public static DeployerPolicy Of(EnvironmentSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        const string LocalAccount = "000000000000";
        return new DeployerPolicy(settings, new ClusterNames(settings.Cluster), new Arns(settings.Aws.Region ?? "us-east-1", settings.Aws.AccountId ?? LocalAccount));
    }

    /// <summary>The document, indented.</summary>
    public string Document => PolicyJson.Indented(Statements);

    /// <summary>The document without white space, as IAM counts its length.</summary>
    public string Compact => PolicyJson.Document(Statements);

    private IEnumerable<JsonObject> Statements =>
    [
        PolicyJson.Allow(
            "Look",
            [
                .. Looks, .. DependentActions.Looks, .. HasInstanceNodes ? ["ec2:DescribeVolumes"] : None, .. settings.Monitoring is null ? [] : LooksOfMonitoring,
                .. settings.Dns is null || settings.ZoneIdInSettings is not null ? Array.Empty<string>() : ["route53:ListHostedZonesByName"],
            ],
            ["*"]),
        .. Instances(),
        PolicyJson.Allow(
            "LoadBalancer", All("elasticloadbalancing", settings.LoadBalancer.Https is null && settings.TokenServer?.LoadBalancer.Https is null ? OfLoadBalancer : [.. OfLoadBalancer, .. OfHttps]),
            [.. LoadBalancers.Select(name => arns.Regional("elasticloadbalancing", $"loadbalancer/{name}"))]),
        PolicyJson.Allow(
            "Databases", All("rds", OfDatabases),
            [arns.Regional("rds", $"db:{names.Cluster}-*"), arns.Regional("rds", $"subgrp:{names.DatabaseSubnets}"), arns.Regional("rds", "pg:default*"), arns.Regional("rds", "og:default*")]),
        PolicyJson.Allow(
            "Cache", All("elasticache", [.. OfCache, .. HasInstanceNodes ? ["RebootCacheCluster"] : None]),
            [arns.Regional("elasticache", $"cluster:{names.Cache}"), arns.Regional("elasticache", $"subnetgroup:{names.CacheSubnets}"), arns.Regional("elasticache", $"parametergroup:{names.CacheParameters}")]),
        PolicyJson.Allow("Secrets", All("ssm", OfParameters), [arns.Regional("ssm", $"parameter/{names.Cluster}"), arns.Regional("ssm", $"parameter/{names.Cluster}/*")]),
        .. BaseImage(),
        PolicyJson.Allow("CommandDocument", ["ssm:SendCommand"], [arns.Public("ssm", "document/AWS-RunShellScript")]),
        PolicyJson.Allow("Commands", ["ssm:SendCommand"], [arns.Regional("ec2", "instance/*")], If("StringEquals", "ssm:resourceTag/Cluster", names.Cluster)),
        PolicyJson.Allow("Bucket", All("s3", OfBucket), [arns.S3(Bucket)]),
        PolicyJson.Allow("Objects", All("s3", OfObjects), [arns.S3($"{Bucket}/*")]),
        .. Names(),
        .. Roles(),
        .. Monitoring(),
        .. new DependentActions(settings, names, arns).Statements,
    ];

    private static string[] None => [];

    private bool HasInstanceNodes => settings.InstanceNodes.Any();

    private IEnumerable<string> LoadBalancers => settings.TokenServer is null ? [names.LoadBalancer] : [names.LoadBalancer, names.TokenServerLoadBalancer];

    // Destroy looks for a token server's role also where the settings have none any more.
    private string[] RoleNames => [names.WebheadRole, names.AdminRole, names.TokenServerRole, .. settings.InstanceNodes.Select(node => names.NodeRole(node.Name))];

    private string Bucket => names.Bucket(arns.AccountId, arns.Region);

    private IEnumerable<JsonObject> BaseImage()
    {
        const string Prefix = "resolve:ssm:";
        var wanted = settings.Image.BaseImage ?? $"{Prefix}/aws/service/ami-amazon-linux-latest/*";
        if (!wanted.StartsWith(Prefix, StringComparison.Ordinal)) yield break;
        var resource = $"parameter{wanted[Prefix.Length..]}";
        yield return PolicyJson.Allow(
            "BaseImage", ["ssm:GetParameter"], [resource.StartsWith("parameter/aws/", StringComparison.Ordinal) ? arns.Public("ssm", resource) : arns.Regional("ssm", resource)]);
    }

    private JsonObject[] Instances()
    {
        string[] made = [Ec2("instance/*"), Ec2("volume/*"), Ec2("security-group/*"), arns.Public("ec2", "image/*"), arns.Public("ec2", "snapshot/*")];
        var create = If("StringEquals", "aws:RequestTag/Cluster", names.Cluster);
        string[] makes = [.. Makes, .. HasInstanceNodes ? ["CreateVolume", "CreateSnapshot"] : None];
        create["StringEquals"]!["ec2:CreateAction"] = new JsonArray([.. makes.Select(action => JsonValue.Create(action))]);
        return
        [
            // What a launch makes use of, and a group is made in. Not only the cluster's own: preflight asks before there is a group.
            PolicyJson.Allow("Place", ["ec2:RunInstances"], [arns.Public("ec2", "image/*"), Ec2("network-interface/*"), Ec2("security-group/*"), Ec2("subnet/*")]),
            PolicyJson.Allow("Network", ["ec2:CreateSecurityGroup"], [Ec2("vpc/*")]),
            PolicyJson.Allow("MakeTagged", All("ec2", makes), made, If("StringEquals", "aws:RequestTag/Cluster", names.Cluster)),
            PolicyJson.Allow("TagWhatIsMade", ["ec2:CreateTags"], made, create),
            PolicyJson.Allow(
                "ChangeTagged", [.. OfTagged, .. HasInstanceNodes ? OfVolumes : None],
                [Ec2("instance/*"), Ec2("security-group/*"), arns.Public("ec2", "image/*"), arns.Public("ec2", "snapshot/*"), .. HasInstanceNodes ? [Ec2("volume/*")] : None],
                If("StringEquals", "aws:ResourceTag/Cluster", names.Cluster)),
        ];
    }

    private IEnumerable<JsonObject> Names()
    {
        if (settings.Dns is null) yield break;

        // Which id a zone of that name has, the settings don't say: put it in the place of the star.
        var zone = arns.Global("route53", $"hostedzone/{settings.ZoneIdInSettings ?? "*"}");
        yield return PolicyJson.Allow("Zone", All("route53", OfNames), [zone]);

        // Records of these types alone: not those that delegate, nor anybody's mail.
        yield return PolicyJson.Allow("Names", ["route53:ChangeResourceRecordSets"], [zone], new JsonObject
        {
            ["ForAllValues:StringEquals"] = new JsonObject { ["route53:ChangeResourceRecordSetsRecordTypes"] = new JsonArray("A", "AAAA", "CNAME", "TXT") },
        });
        yield return PolicyJson.Allow("NamesInSync", ["route53:GetChange"], [arns.Global("route53", "change/*")]);
    }

    private IEnumerable<JsonObject> Roles()
    {
        var makes = settings.Webheads.InstanceProfile is null || settings.Webheads.AdminInstanceProfile is null || settings.TokenServer is { InstanceProfile: null } || HasInstanceNodes;
        if (makes)
        {
            yield return PolicyJson.Allow("Roles", All("iam", OfRoles), [arns.Iam($"role{names.RolePath}*"), arns.Iam($"instance-profile{names.RolePath}*")]);

            // IAM is asked by name: of what does not exist it knows no path.
            string[] resources = [.. RoleNames.SelectMany(name => new[] { arns.Iam($"role/{name}"), arns.Iam($"instance-profile/{name}") })];
            yield return PolicyJson.Allow("MissingRoles", All("iam", ["GetInstanceProfile", "GetRole", "GetRolePolicy"]), resources);
        }

        // Which role a named profile has, the settings don't say: put its ARN in the place of the star.
        var passed = makes ? arns.Iam($"role{names.RolePath}*") : arns.Iam("role/*");
        yield return PolicyJson.Allow("PassRole", ["iam:PassRole"], [passed], If("StringEquals", "iam:PassedToService", "ec2.amazonaws.com"));
    }

    private IEnumerable<JsonObject> Monitoring()
    {
        if (settings.Monitoring is null) yield break;
        yield return PolicyJson.Allow("Alarms", All("cloudwatch", OfAlarms), [arns.Regional("cloudwatch", $"alarm:{names.AlarmPrefix}*")]);
        yield return PolicyJson.Allow("Dashboard", All("cloudwatch", OfDashboard), [$"arn:{arns.Partition}:cloudwatch::{arns.AccountId}:dashboard/{names.Dashboard}"]);
        yield return PolicyJson.Allow("Figures", ["cloudwatch:PutMetricData"], ["*"], If("StringEquals", "cloudwatch:namespace", names.MetricNamespace));
        yield return PolicyJson.Allow("Logs", All("logs", OfLogs), [arns.Regional("logs", $"log-group:{names.WebheadLogs}"), arns.Regional("logs", $"log-group:{names.WebheadLogs}:*")]);
        if (settings.LoadBalancer.Https?.CertificateArn is { } arn && arn.Split(':')[2] == "iam") yield return PolicyJson.Allow("Certificate", ["iam:GetServerCertificate"], [arn]);
    }

    private string Ec2(string resource) => arns.Regional("ec2", resource);

    private static IEnumerable<string> All(string service, IEnumerable<string> actions) => actions.Select(action => $"{service}:{action}");

    private static JsonObject If(string comparison, string key, string value) => new() { [comparison] = new JsonObject { [key] = value } };
}
