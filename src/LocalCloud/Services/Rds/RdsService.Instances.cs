using System.Security.Cryptography;
using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Core;

namespace SyncStorage.LocalCloud.Services.Rds;

/// <summary>The operations on database instances.</summary>
internal sealed partial class RdsService
{
    private const string ResourceIdLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private JsonObject Create(JsonObject input)
    {
        var id = RdsRules.Identifier("DBInstanceIdentifier", input.Required("DBInstanceIdentifier"));
        if (state.Databases.ContainsKey(id)) throw RdsErrors.DatabaseExists();
        var password = CheckMaster(input);
        var record = Parse(input, id);
        record.Address = addresses.Lease(Owner(id), record.Port).ToString();
        engine.PrepareMaster(record.Server(), password);
        state.Databases.Add(id, record);
        Save();
        Attach(record).Create();
        return Answer(record);
    }

    private static string CheckMaster(JsonObject input)
    {
        if (input.Text("DBClusterIdentifier") is { } cluster) throw new AwsException("DBClusterNotFoundFault", $"DBCluster {cluster} not found.", 404);
        if (input.Flag("ManageMasterUserPassword") ?? false) throw RdsErrors.Combination("LocalCloud has no Secrets Manager: give a MasterUserPassword.");
        return RdsRules.MasterPassword(input.Text("MasterUserPassword"));
    }

    private DatabaseRecord Parse(JsonObject input, string id)
    {
        var kind = RdsRules.Engine(input.Required("Engine"));
        var settings = DatabaseSettings.Create(input, kind);
        var group = SubnetGroupFor(input.Text("DBSubnetGroupName"));
        var groupIds = SecurityGroups(input);
        var zones = group.Subnets.Select(shapes.ZoneOf).ToList();
        var zone = input.Text("AvailabilityZone") ?? zones[0];
        if (!zones.Contains(zone, StringComparer.Ordinal)) throw RdsErrors.Value($"The DB subnet group '{group.Name}' has no subnet in {zone}.");
        var record = new DatabaseRecord
        {
            Id = id,
            ResourceId = "db-" + RandomNumberGenerator.GetString(ResourceIdLetters, 26),
            Engine = kind,
            MasterUsername = RdsRules.MasterUsername(input.Text("MasterUsername")),
            DatabaseName = RdsRules.DatabaseName(input.Text("DBName")),
            Status = "creating",
            CreatedAt = context.Time.GetUtcNow(),
            Zone = zone,
            SubnetGroup = group.Name,
            SecurityGroups = groupIds,
            Port = RdsRules.Port(input.Number("Port")),
            ParameterGroup = ParameterGroup(input.Text("DBParameterGroupName"), kind, settings.Required("EngineVersion")),
            Settings = settings,
        };
        foreach (var tag in input.Tags("Tags")) record.Tags[tag.Key] = tag.Value;
        return record;
    }

    private static string ParameterGroup(string? name, string kind, string version)
    {
        var own = $"default.{kind}{RdsRules.Line(version)}";
        return name is null || name == own ? own : throw new AwsException("DBParameterGroupNotFound", $"DBParameterGroup {name} not found.", 404);
    }

    private List<string> SecurityGroups(JsonObject input)
    {
        var ids = input.Texts("VpcSecurityGroupIds");
        var unknown = ids.Find(id => !securityGroups.Exists(id));
        return unknown is null ? ids : throw RdsErrors.Value($"Invalid security group , groupId= {unknown}, groupName=.");
    }

    private SubnetGroupRecord SubnetGroupFor(string? name)
    {
#pragma warning disable CA1308 // AWS lowers names.
        if (name is not null) return SubnetGroup(name.ToLowerInvariant());
#pragma warning restore CA1308
        if (!state.SubnetGroups.ContainsKey(DefaultSubnetGroup))
        {
            state.SubnetGroups[DefaultSubnetGroup] = new SubnetGroupRecord
            {
                Name = DefaultSubnetGroup,
                Description = "default",
                Subnets = [.. CloudContext.SubnetIds],
            };
        }

        return SubnetGroup(DefaultSubnetGroup);
    }

    private JsonObject Describe(JsonObject input)
    {
        if (input.Text("DBInstanceIdentifier") is not null) return new JsonObject { ["DBInstances"] = new JsonArray(Shape(Find(input))) };
        var found = state.Databases.Values.Where(record => input.Structures("Filters").All(filter => Matches(record, filter)));
        return Page(input, "DBInstances", found, record => record.Id, Shape);
    }

    private bool Matches(DatabaseRecord record, JsonObject filter)
    {
        var values = filter.Texts("Values");
        return filter.Text("Name") switch
        {
            "db-instance-id" => values.Contains(record.Id, StringComparer.OrdinalIgnoreCase) || values.Contains(shapes.Arn("db", record.Id), StringComparer.Ordinal),
            "dbi-resource-id" => values.Contains(record.ResourceId, StringComparer.Ordinal),
            "engine" => values.Contains(record.Engine, StringComparer.Ordinal),
            "db-cluster-id" or "domain" => false,
            var name => throw RdsErrors.Value($"Unrecognized filter name: {name}"),
        };
    }

    private JsonObject Modify(JsonObject input)
    {
        var record = Find(input);
        var mends = record is { IsFull: true, Status: "storage-full" } && input.Number("AllocatedStorage") > record.FullGiB;
        if (!mends && (!ChangesOnlyProtection(input) || record.Status is "creating" or "deleting")) Available(record, "Database instance is not in available state.");
        var password = input.Text("MasterUserPassword") is { } text ? RdsRules.MasterPassword(text) : null;
        if (input.Text("NewDBInstanceIdentifier") is not null) throw RdsErrors.Combination("LocalCloud does not rename databases.");
        if (input.Number("DBPortNumber") is { } port && port != record.Port) throw RdsErrors.Combination("LocalCloud does not move a database to another port.");
        if (input.Text("DBSubnetGroupName") is { } group && group != record.SubnetGroup)
            throw new AwsException("InvalidVPCNetworkStateFault", "You cannot move DB instance to another subnet group of the same VPC.");
        if (input.Text("DBParameterGroupName") is { } parameters) ParameterGroup(parameters, record.Engine, record.Settings.Required("EngineVersion"));
        var groupIds = input.ContainsKey("VpcSecurityGroupIds") ? SecurityGroups(input) : null;
        var (atOnce, now, later) = DatabaseSettings.Modify(input, record.Settings, record.Engine);

        if (groupIds is { Count: > 0 }) record.SecurityGroups = groupIds;
        var immediately = input.Flag("ApplyImmediately") ?? false;
        Apply(record, atOnce);
        foreach (var (name, value) in later) record.Pending[name] = value?.DeepClone();

        // What waited is applied with the rest once something is to be applied immediately.
        if (immediately) now = Merge(record.Pending, now);
        if (now.Count > 0 || password is not null)
        {
            foreach (var (name, value) in now) record.Pending[name] = value?.DeepClone();
            if (password is not null) record.Pending["MasterUserPassword"] = "****";
            record.Status = password is not null && now.Count == 0 ? "resetting-master-credentials" : "modifying";
            Save();
            lifecycles[record.Id].Modify(() => Apply(record, now), DatabaseSettings.NeedsRestart(now), password);
        }

        Save();
        return Answer(record);
    }

    /// <summary>Protection is no matter of the server: it can be taken from one that has failed, or that could never be deleted.</summary>
    private static bool ChangesOnlyProtection(JsonObject input) =>
        input.All(pair => pair.Key is "DBInstanceIdentifier" or "DeletionProtection" or "ApplyImmediately");

    private static JsonObject Merge(JsonObject pending, JsonObject now)
    {
        var merged = pending.DeepClone().AsObject();
        merged.Remove("MasterUserPassword");
        foreach (var (name, value) in now) merged[name] = value?.DeepClone();
        return merged;
    }

    private static void Apply(DatabaseRecord record, JsonObject change)
    {
        foreach (var (name, value) in change)
        {
            record.Settings[name] = value?.DeepClone();
            record.Pending.Remove(name);
        }

        record.ParameterGroup = ParameterGroup(null, record.Engine, record.Settings.Required("EngineVersion"));
    }

    private JsonObject Reboot(JsonObject input)
    {
        var record = Available(Find(input), "Database instance is not in available state.");
        if ((input.Flag("ForceFailover") ?? false) && !(record.Settings.Flag("MultiAZ") ?? false))
            throw RdsErrors.Combination("Reboot with failover is not available for a DB instance that is not Multi-AZ.");
        record.Status = "rebooting";
        Save();
        lifecycles[record.Id].Reboot();
        return Answer(record);
    }

    private JsonObject Delete(JsonObject input)
    {
        var record = Find(input);
        var skip = input.Flag("SkipFinalSnapshot") ?? false;
        var final = input.Text("FinalDBSnapshotIdentifier");
        if (record.Status == "deleting") throw RdsErrors.InvalidState($"Instance {record.Id} is already being deleted.");
        if (skip && final is not null) throw RdsErrors.Combination("FinalDBSnapshotIdentifier can not be specified when deleting an instance with SkipFinalSnapshot.");
        if (!skip && final is null) throw RdsErrors.Combination("FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.");
        if (record.Settings.Flag("DeletionProtection") ?? false)
            throw RdsErrors.Combination("Cannot delete protected DB Instance, please disable deletion protection and try again.");
        if (final is not null)
        {
            final = RdsRules.Identifier("FinalDBSnapshotIdentifier", final);
            if (state.Snapshots.ContainsKey(final)) throw RdsErrors.SnapshotExists(final);
            Available(record, $"Cannot create a snapshot because the database instance {record.Id} is not currently in the available state.");
            record.FinalSnapshot = final;
        }

        record.Status = "deleting";
        var snapshot = FinalSnapshot(record);
        Save();
        lifecycles[record.Id].Delete(snapshot, () => Forget(record));
        return Answer(record);
    }

    /// <summary>The record of the snapshot that a deletion still owes; null if none, or if it is done.</summary>
    private SnapshotRecord? FinalSnapshot(DatabaseRecord record)
    {
        if (record.FinalSnapshot is not { } id || state.Snapshots.GetValueOrDefault(id) is { Status: "available" }) return null;
        var inherits = record.Settings.Flag("CopyTagsToSnapshot") ?? false;
        return state.Snapshots[id] = NewSnapshot(id, record, inherits ? record.Tags : []);
    }

    private static DatabaseRecord Available(DatabaseRecord record, string otherwise) =>
        record.Status is "available" ? record : throw RdsErrors.InvalidState(otherwise);
}
