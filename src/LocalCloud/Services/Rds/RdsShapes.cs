using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Core;

namespace SyncStorage.LocalCloud.Services.Rds;

/// <summary>Writes the service's records as the model's structures.</summary>
internal sealed class RdsShapes(CloudContext context)
{
    private const string HostedZoneId = "Z2R2ITUGPM61AM";

    public string Arn(string kind, string name) => $"arn:aws:rds:{context.Region}:{context.AccountId}:{kind}:{name}";

    public JsonObject Describe(DatabaseRecord record, SubnetGroupRecord group)
    {
        var line = RdsRules.Line(record.Settings.Required("EngineVersion"));
        var description = record.Settings.DeepClone().AsObject();
        foreach (var (figure, value) in RdsRules.Baseline(record.Settings)) description[figure] ??= value;
        description["DBInstanceIdentifier"] = record.Id;
        description["DBInstanceArn"] = Arn("db", record.Id);
        description["DbiResourceId"] = record.ResourceId;
        description["Engine"] = record.Engine;
        description["DBInstanceStatus"] = record.Status;
        description["MasterUsername"] = record.MasterUsername;
        if (record.DatabaseName is { } name) description["DBName"] = name;
        description["InstanceCreateTime"] = record.CreatedAt.ToTimestamp();
        description["AvailabilityZone"] = record.Zone;
        if (record.Settings.Flag("MultiAZ") ?? false) description["SecondaryAvailabilityZone"] = context.Zones.First(zone => zone != record.Zone);
        description["DbInstancePort"] = 0;
        description["VpcSecurityGroups"] = record.SecurityGroups
            .Select(id => new JsonObject { ["VpcSecurityGroupId"] = id, ["Status"] = "active" }).ToJson();
        description["DBSecurityGroups"] = new JsonArray();
        description["DBParameterGroups"] = new JsonArray(new JsonObject
        {
            ["DBParameterGroupName"] = record.ParameterGroup,
            ["ParameterApplyStatus"] = "in-sync",
        });
        description["OptionGroupMemberships"] = new JsonArray(new JsonObject
        {
            ["OptionGroupName"] = $"default:{record.Engine}-{line.Replace('.', '-')}",
            ["Status"] = "in-sync",
        });
        description["DBSubnetGroup"] = Describe(group);
        description["PendingModifiedValues"] = record.Pending.DeepClone();
        description["ReadReplicaDBInstanceIdentifiers"] = new JsonArray();
        description["NetworkType"] = "IPV4";
        description["BackupTarget"] = "region";
        description["TagList"] = record.Tags.ToTags();

        // AWS gives an endpoint once there is a server.
        if (record.Address.Length > 0 && record.Status is not "creating")
            description["Endpoint"] = new JsonObject { ["Address"] = record.Address, ["Port"] = record.Port, ["HostedZoneId"] = HostedZoneId };
        if (record.StatusMessage is { } message)
        {
            description["StatusInfos"] = new JsonArray(new JsonObject
            {
                ["StatusType"] = "instance",
                ["Normal"] = false,
                ["Status"] = record.Status,
                ["Message"] = message,
            });
        }

        return description;
    }

    public JsonObject Describe(SubnetGroupRecord group) => new()
    {
        ["DBSubnetGroupName"] = group.Name,
        ["DBSubnetGroupDescription"] = group.Description,
        ["VpcId"] = CloudContext.VpcId,
        ["SubnetGroupStatus"] = "Complete",
        ["Subnets"] = group.Subnets.Select(id => new JsonObject
        {
            ["SubnetIdentifier"] = id,
            ["SubnetAvailabilityZone"] = new JsonObject { ["Name"] = ZoneOf(id) },
            ["SubnetStatus"] = "Active",
        }).ToJson(),
        ["DBSubnetGroupArn"] = Arn("subgrp", group.Name),
        ["SupportedNetworkTypes"] = new JsonArray("IPV4"),
    };

    public JsonObject Describe(SnapshotRecord snapshot)
    {
        var description = snapshot.Facts.DeepClone().AsObject();
        description["DBSnapshotIdentifier"] = snapshot.Id;
        description["DBSnapshotArn"] = Arn("snapshot", snapshot.Id);
        description["DBInstanceIdentifier"] = snapshot.DatabaseId;
        description["SnapshotCreateTime"] = snapshot.CreatedAt.ToTimestamp();
        description["OriginalSnapshotCreateTime"] = snapshot.CreatedAt.ToTimestamp();
        description["Status"] = snapshot.Status;
        description["PercentProgress"] = snapshot.Status == "available" ? 100 : 0;
        description["SnapshotType"] = "manual";
        description["SnapshotTarget"] = "region";
        description["VpcId"] = CloudContext.VpcId;
        description["TagList"] = snapshot.Tags.ToTags();
        return description;
    }

    /// <summary>What a snapshot keeps of its database.</summary>
    public static JsonObject Facts(DatabaseRecord record) => new()
    {
        ["Engine"] = record.Engine,
        ["EngineVersion"] = record.Settings.Required("EngineVersion"),
        ["AllocatedStorage"] = record.Settings.Number("AllocatedStorage"),
        ["StorageType"] = record.Settings.Text("StorageType"),
        ["LicenseModel"] = record.Settings.Text("LicenseModel"),
        ["Encrypted"] = record.Settings.Flag("StorageEncrypted") ?? false,
        ["IAMDatabaseAuthenticationEnabled"] = record.Settings.Flag("IAMDatabaseAuthenticationEnabled") ?? false,
        ["MasterUsername"] = record.MasterUsername,
        ["Port"] = record.Port,
        ["AvailabilityZone"] = record.Zone,
        ["InstanceCreateTime"] = record.CreatedAt.ToTimestamp(),
        ["DbiResourceId"] = record.ResourceId,
    };

    public string ZoneOf(string subnetId) => context.Zones[CloudContext.SubnetIds.ToList().IndexOf(subnetId)];

    /// <summary>A class that can be had of a version.</summary>
    public JsonObject Orderable(string engine, string version, string instanceClass) => new()
    {
        ["Engine"] = engine,
        ["EngineVersion"] = version,
        ["DBInstanceClass"] = instanceClass,
        ["LicenseModel"] = "general-public-license",
        ["AvailabilityZones"] = context.Zones.Select(zone => new JsonObject { ["Name"] = zone }).ToJson(),
        ["MultiAZCapable"] = true,
        ["ReadReplicaCapable"] = true,
        ["Vpc"] = true,
        ["SupportsStorageEncryption"] = true,
        ["StorageType"] = "gp3",
        ["SupportsIops"] = false,
    };
}
