using System.Text.Json.Nodes;
using SyncStorage.Pipeline.DatabaseInstances;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Roles;

/// <summary>A role and the instance profile of the same name, as they should be.</summary>
/// <param name="Name">E.g. <c>sync2-webhead</c>.</param>
/// <param name="Role">Its tag <c>Role</c>.</param>
/// <param name="Description">What AWS shows; it does not change.</param>
/// <param name="Policy">What it allows, as a document.</param>
public sealed record DesiredRole(string Name, string Role, string Description, string Policy)
{
    /// <summary>The name of the one inline policy.</summary>
    internal const string PolicyName = "access";

    /// <summary>Who may take the role: EC2, for an instance.</summary>
    internal static readonly string Trust = PolicyJson.Document(new JsonObject
    {
        ["Effect"] = "Allow",
        ["Principal"] = new JsonObject { ["Service"] = "ec2.amazonaws.com" },
        ["Action"] = "sts:AssumeRole",
    });

    // What its agent needs to be reached by SendCommand, and no more. AWS's managed policy for it lets every parameter of the account be read,
    // master secrets too; that is why it is not attached.
    private static readonly string[] AgentActions =
    [
        "ssm:UpdateInstanceInformation", "ssm:ListInstanceAssociations",
        "ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel", "ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel",
        "ec2messages:AcknowledgeMessage", "ec2messages:DeleteMessage", "ec2messages:FailMessage", "ec2messages:GetEndpoint", "ec2messages:GetMessages", "ec2messages:SendReply",
    ];

    /// <summary>Those that the pipeline makes: none for what the settings name.</summary>
    public static IReadOnlyList<DesiredRole> All(EnvironmentSettings settings, ClusterNames names, string bucket, Arns arns)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(arns);
        var roles = new List<DesiredRole>();
        if (settings.Webheads.InstanceProfile is null)
            roles.Add(new(names.WebheadRole, "webhead", "Sync webheads: their configuration and their secrets", Webhead(settings, names, bucket, arns)));
        if (settings.Webheads.AdminInstanceProfile is null)
            roles.Add(new(names.AdminRole, "admin", "Sync admin instances: what webheads read, and the master secrets", Admin(settings, names, bucket, arns)));
        if (settings.TokenServer is { InstanceProfile: null })
            roles.Add(new(names.TokenServerRole, ServiceRole.TokenServer.Tag, "Sync token servers: their configuration and their secrets", TokenServer(names, bucket, arns)));
        roles.AddRange(settings.InstanceNodes.Select(node => new DesiredRole(
            names.NodeRole(node.Name), NodeTags.Role, $"Sync dbnode {node.Name}: its master password, its binary logs, its snapshots", Node(node.Name, names, bucket, arns))));
        return roles;
    }

    // It makes its own backups, and removes those of them that it made by itself; what became of another dbnode it can't even read.
    private static string Node(string node, ClusterNames names, string bucket, Arns arns)
    {
        var (volumes, snapshots) = (new[] { arns.Regional("ec2", "volume/*") }, new[] { arns.Public("ec2", "snapshot/*") });
        return PolicyJson.Document(
            Agent(), Missing(bucket, arns), Parameters(arns, names.MasterPasswordParameter(node)),
            PolicyJson.Allow("BinaryLogs", ["s3:GetObject", "s3:PutObject"], [arns.S3($"{bucket}/dbnodes/{node}/*")]),
            PolicyJson.Allow("Look", ["ec2:DescribeSnapshots"], ["*"]),
            PolicyJson.Allow("SnapshotOf", ["ec2:CreateSnapshot"], volumes, If(names, node, "aws:ResourceTag")),
            PolicyJson.Allow("MakeSnapshot", ["ec2:CreateSnapshot"], snapshots, If(names, node, "aws:RequestTag")),
            PolicyJson.Allow("TagSnapshot", ["ec2:CreateTags"], snapshots, If(names, node, "aws:RequestTag", ("ec2:CreateAction", "CreateSnapshot"))),
            PolicyJson.Allow("RemoveSnapshot", ["ec2:DeleteSnapshot"], snapshots, If(names, node, "aws:ResourceTag", ($"aws:ResourceTag/{NodeTags.Kind}", NodeTags.Automatic))));
    }

    private static JsonObject If(ClusterNames names, string node, string tag, params IEnumerable<(string Key, string Value)> more)
    {
        var values = new JsonObject { [$"{tag}/Cluster"] = names.Cluster, [$"{tag}/{NodeTags.Node}"] = node };
        foreach (var (key, value) in more) values[key] = value;
        return new JsonObject { ["StringEquals"] = values };
    }

    private static string Webhead(EnvironmentSettings settings, ClusterNames names, string bucket, Arns arns) => PolicyJson.Document(
    [
        Agent(), Configuration(bucket, arns), Missing(bucket, arns), Parameters(arns, names.HostSecretParameter("*"), names.ApplicationPasswordParameter("*")),
        .. settings.Monitoring is null ? [] : Telling(names, arns),
    ]);

    private static string Admin(EnvironmentSettings settings, ClusterNames names, string bucket, Arns arns) => PolicyJson.Document(
        Agent(), Configuration(bucket, arns), Missing(bucket, arns),
        Parameters(
            arns,
            [
                names.HostSecretParameter("*"), names.ApplicationPasswordParameter("*"), names.MasterPasswordParameter("*"), names.MasterSecretParameter,
                .. settings.TokenServer is null ? Array.Empty<string>() : [names.TokenServerPasswordParameter, names.SecondTokenServerAccount.PasswordParameter],
            ]));

    // Tokens are signed with the virtual hostnames' secrets. No dbnode's password but that of its own database.
    private static string TokenServer(ClusterNames names, string bucket, Arns arns) => PolicyJson.Document(
        Agent(), PolicyJson.Allow("Configuration", ["s3:GetObject"], [arns.S3($"{bucket}/config/tokenserver/*")]), Missing(bucket, arns),
        Parameters(arns, names.HostSecretParameter("*"), names.TokenServerPasswordParameter, names.SecondTokenServerAccount.PasswordParameter, names.MetricsSecretParameter));

    private static JsonObject Agent() => PolicyJson.Allow("Agent", AgentActions, ["*"]);

    private static JsonObject Configuration(string bucket, Arns arns) => PolicyJson.Allow("Configuration", ["s3:GetObject"], [arns.S3($"{bucket}/config/*")]);

    // Without it S3 says "denied" of an object that is not there yet, and a webhead could not tell that it has no configuration.
    private static JsonObject Missing(string bucket, Arns arns) => PolicyJson.Allow("WhatIsMissing", ["s3:ListBucket"], [arns.S3(bucket)]);

    // Figures have no resources: the namespace is what there is to narrow them by.
    private static JsonObject[] Telling(ClusterNames names, Arns arns) =>
    [
        PolicyJson.Allow("Figures", ["cloudwatch:PutMetricData"], ["*"], new JsonObject { ["StringEquals"] = new JsonObject { ["cloudwatch:namespace"] = names.MetricNamespace } }),
        PolicyJson.Allow("Logs", ["logs:CreateLogStream", "logs:PutLogEvents"], [arns.Regional("logs", $"log-group:{names.WebheadLogs}"), arns.Regional("logs", $"log-group:{names.WebheadLogs}:*")]),
    ];

    private static JsonObject Parameters(Arns arns, params IEnumerable<string> names) =>
        PolicyJson.Allow("Secrets", ["ssm:GetParameter", "ssm:GetParameters"], names.Select(name => arns.Regional("ssm", $"parameter{name}")));
}
