using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Core;

namespace SyncStorage.LocalCloud.Services.Rds;

/// <summary>The operations on subnet groups, snapshots and tags.</summary>
internal sealed partial class RdsService
{
    private JsonObject CreateSubnetGroup(JsonObject input)
    {
        var name = GroupName(input);
        if (name == DefaultSubnetGroup || name.Length > 255 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ' '))
            throw RdsErrors.Value("The parameter DBSubnetGroupName is not a valid identifier: letters, numbers, hyphens, underscores, periods and spaces, and not 'default'.");
        if (state.SubnetGroups.ContainsKey(name)) throw RdsErrors.SubnetGroupExists(name);
        var group = new SubnetGroupRecord
        {
            Name = name,
            Description = input.Required("DBSubnetGroupDescription"),
            Subnets = RdsRules.Subnets(input.Texts("SubnetIds")),
        };
        foreach (var tag in input.Tags("Tags")) group.Tags[tag.Key] = tag.Value;
        state.SubnetGroups.Add(name, group);
        Save();
        return new JsonObject { ["DBSubnetGroup"] = shapes.Describe(group) };
    }

    private JsonObject DescribeSubnetGroups(JsonObject input) => input.Text("DBSubnetGroupName") is not null
        ? new JsonObject { ["DBSubnetGroups"] = new JsonArray(shapes.Describe(SubnetGroup(GroupName(input)))) }
        : Page(input, "DBSubnetGroups", state.SubnetGroups.Values, group => group.Name, shapes.Describe);

    private JsonObject ModifySubnetGroup(JsonObject input)
    {
        var group = SubnetGroup(GroupName(input));
        var subnets = RdsRules.Subnets(input.Texts("SubnetIds"));
        var lost = state.Databases.Values.FirstOrDefault(record =>
            record.SubnetGroup == group.Name && !subnets.Select(shapes.ZoneOf).Contains(record.Zone, StringComparer.Ordinal));
        if (lost is not null) throw new AwsException("SubnetAlreadyInUse", $"The subnet of {lost.Id} in {lost.Zone} is in use and can't be removed.");
        group.Subnets = subnets;
        group.Description = input.Text("DBSubnetGroupDescription") ?? group.Description;
        Save();
        return new JsonObject { ["DBSubnetGroup"] = shapes.Describe(group) };
    }

    private JsonObject DeleteSubnetGroup(JsonObject input)
    {
        var group = SubnetGroup(GroupName(input));
        if (state.Databases.Values.Any(record => record.SubnetGroup == group.Name)) throw RdsErrors.SubnetGroupInUse(group.Name);
        state.SubnetGroups.Remove(group.Name);
        Save();
        return [];
    }

#pragma warning disable CA1308 // AWS lowers names.
    private static string GroupName(JsonObject input) => input.Required("DBSubnetGroupName").ToLowerInvariant();
#pragma warning restore CA1308

    private JsonObject CreateSnapshot(JsonObject input)
    {
        var record = Find(input);
        var id = RdsRules.Identifier("DBSnapshotIdentifier", input.Required("DBSnapshotIdentifier"));
        if (state.Snapshots.ContainsKey(id)) throw RdsErrors.SnapshotExists(id);
        Available(record, $"Cannot create a snapshot because the database instance {record.Id} is not currently in the available state.");
        var tags = input.Tags("Tags");
        var inherits = tags.Count == 0 && (record.Settings.Flag("CopyTagsToSnapshot") ?? false);
        var snapshot = NewSnapshot(id, record, inherits ? record.Tags : tags);
        state.Snapshots.Add(id, snapshot);
        record.Status = "backing-up";
        Save();
        lifecycles[record.Id].Snapshot(snapshot);
        return new JsonObject { ["DBSnapshot"] = shapes.Describe(snapshot) };
    }

    private SnapshotRecord NewSnapshot(string id, DatabaseRecord record, IEnumerable<KeyValuePair<string, string>> tags)
    {
        var snapshot = new SnapshotRecord
        {
            Id = id,
            DatabaseId = record.Id,
            Status = "creating",
            CreatedAt = context.Time.GetUtcNow(),
            Facts = RdsShapes.Facts(record),
        };
        foreach (var tag in tags) snapshot.Tags[tag.Key] = tag.Value;
        return snapshot;
    }

    private JsonObject DescribeSnapshots(JsonObject input)
    {
        if (input.Text("DBSnapshotIdentifier") is not null) return new JsonObject { ["DBSnapshots"] = new JsonArray(shapes.Describe(FindSnapshot(input))) };
        var found = state.Snapshots.Values.Where(snapshot =>
            (input.Text("DBInstanceIdentifier") is not { } id || string.Equals(snapshot.DatabaseId, id, StringComparison.OrdinalIgnoreCase))
            && (input.Text("SnapshotType") is not { } type || type == "manual"));
        return Page(input, "DBSnapshots", found, snapshot => snapshot.Id, shapes.Describe);
    }

    private JsonObject DeleteSnapshot(JsonObject input)
    {
        var snapshot = FindSnapshot(input);
        if (snapshot.Status == "creating") throw new AwsException("InvalidDBSnapshotState", $"Cannot delete the snapshot {snapshot.Id} because it is not available.");
        engine.RemoveSnapshot(snapshot.Id);
        state.Snapshots.Remove(snapshot.Id);
        snapshot.Status = "deleted";
        Save();
        return new JsonObject { ["DBSnapshot"] = shapes.Describe(snapshot) };
    }

    private SnapshotRecord FindSnapshot(JsonObject input)
    {
        var id = RdsRules.Identifier("DBSnapshotIdentifier", input.Required("DBSnapshotIdentifier"));
        return state.Snapshots.GetValueOrDefault(id) ?? throw RdsErrors.SnapshotNotFound(id);
    }

    private JsonObject AddTags(JsonObject input)
    {
        var tags = TagsOf(input);
        foreach (var tag in input.Tags("Tags")) tags[tag.Key] = tag.Value;
        Save();
        return [];
    }

    private JsonObject RemoveTags(JsonObject input)
    {
        var tags = TagsOf(input);
        foreach (var key in input.Texts("TagKeys")) tags.Remove(key);
        Save();
        return [];
    }

    private JsonObject ListTags(JsonObject input) => new() { ["TagList"] = TagsOf(input).ToTags() };

    private SortedDictionary<string, string> TagsOf(JsonObject input)
    {
        var arn = input.Required("ResourceName");
        var parts = arn.Split(':', 7);
        if (parts is not ["arn", "aws", "rds", _, _, var kind, var name] || parts[3] != context.Region || parts[4] != context.AccountId)
            throw RdsErrors.Value($"Invalid resource name: {arn}");
        return kind switch
        {
            "db" => (state.Databases.GetValueOrDefault(name) ?? throw RdsErrors.DatabaseNotFound(name)).Tags,
            "subgrp" => SubnetGroup(name).Tags,
            "snapshot" => (state.Snapshots.GetValueOrDefault(name) ?? throw RdsErrors.SnapshotNotFound(name)).Tags,
            _ => throw RdsErrors.Value($"Invalid resource name: {arn}"),
        };
    }
}
