using System.Text.Json.Nodes;

namespace SyncStorage.LocalCloud.Services.ElastiCache;

/// <summary>The operations on subnet groups, parameter groups and tags.</summary>
internal sealed partial class ElastiCacheService
{
    private JsonObject CreateSubnetGroup(JsonObject input)
    {
        var name = ElastiCacheRules.Identifier("CacheSubnetGroupName", input.Required("CacheSubnetGroupName"), 255);
        if (state.SubnetGroups.ContainsKey(name) || name == DefaultSubnetGroup) throw ElastiCacheErrors.SubnetGroupExists(name);
        var group = new CacheSubnetGroupRecord
        {
            Name = name,
            Description = input.Required("CacheSubnetGroupDescription"),
            Subnets = ElastiCacheRules.Subnets(input.Texts("SubnetIds")),
        };
        foreach (var tag in input.Tags("Tags")) group.Tags[tag.Key] = tag.Value;
        state.SubnetGroups.Add(name, group);
        Save();
        return new JsonObject { ["CacheSubnetGroup"] = shapes.Describe(group) };
    }

    private JsonObject DescribeSubnetGroups(JsonObject input) => input.Text("CacheSubnetGroupName") is { } name
        ? new JsonObject { ["CacheSubnetGroups"] = new JsonArray(shapes.Describe(SubnetGroup(name))) }
        : Page(input, "CacheSubnetGroups", state.SubnetGroups.Values, group => group.Name, shapes.Describe);

    private JsonObject ModifySubnetGroup(JsonObject input)
    {
        var group = SubnetGroup(input.Required("CacheSubnetGroupName"));
        if (input.Texts("SubnetIds") is { Count: > 0 } asked)
        {
            var subnets = ElastiCacheRules.Subnets(asked);
            var zones = subnets.Select(shapes.ZoneOf).ToHashSet(StringComparer.Ordinal);
            var lost = state.Clusters.Values.Where(record => record.SubnetGroup == group.Name)
                .SelectMany(record => record.Nodes).FirstOrDefault(node => !zones.Contains(node.Zone));
            if (lost is not null) throw ElastiCacheErrors.SubnetInUse(lost.Zone);
            group.Subnets = subnets;
        }

        group.Description = input.Text("CacheSubnetGroupDescription") ?? group.Description;
        Save();
        return new JsonObject { ["CacheSubnetGroup"] = shapes.Describe(group) };
    }

    private JsonObject DeleteSubnetGroup(JsonObject input)
    {
        var group = SubnetGroup(input.Required("CacheSubnetGroupName"));
        if (group.Name == DefaultSubnetGroup || state.Clusters.Values.Any(record => record.SubnetGroup == group.Name))
            throw ElastiCacheErrors.SubnetGroupInUse(group.Name);
        state.SubnetGroups.Remove(group.Name);
        Save();
        return [];
    }

    private CacheSubnetGroupRecord SubnetGroupFor(string? name)
    {
        if (name is not null) return SubnetGroup(name);
        if (!state.SubnetGroups.ContainsKey(DefaultSubnetGroup))
        {
            state.SubnetGroups[DefaultSubnetGroup] = new CacheSubnetGroupRecord
            {
                Name = DefaultSubnetGroup,
                Description = "Default CacheSubnetGroup",
                Subnets = [.. CloudContext.SubnetIds],
            };
        }

        return SubnetGroup(DefaultSubnetGroup);
    }

#pragma warning disable CA1308 // AWS lowers names.
    private CacheSubnetGroupRecord SubnetGroup(string name) =>
        state.SubnetGroups.GetValueOrDefault(name.ToLowerInvariant()) ?? throw ElastiCacheErrors.SubnetGroupNotFound(name);

    private ParameterGroupRecord ParameterGroup(string name) => name.Equals(MemcachedParameters.DefaultGroup, StringComparison.OrdinalIgnoreCase)
        ? new ParameterGroupRecord { Name = MemcachedParameters.DefaultGroup, Family = MemcachedParameters.Family, Description = $"Default parameter group for {MemcachedParameters.Family}" }
        : state.ParameterGroups.GetValueOrDefault(name.ToLowerInvariant()) ?? throw ElastiCacheErrors.ParameterGroupNotFound(name);
#pragma warning restore CA1308

    private JsonObject CreateParameterGroup(JsonObject input)
    {
        var name = ElastiCacheRules.Identifier("CacheParameterGroupName", input.Required("CacheParameterGroupName"), 255);
        var family = input.Required("CacheParameterGroupFamily");
        if (family != MemcachedParameters.Family) throw ElastiCacheErrors.Value($"CacheParameterGroupFamily {family} is not a valid parameter group family of LocalCloud: it has {MemcachedParameters.Family}.");
        if (state.ParameterGroups.ContainsKey(name)) throw ElastiCacheErrors.ParameterGroupExists(name);
        var group = new ParameterGroupRecord { Name = name, Family = family, Description = input.Required("Description") };
        foreach (var tag in input.Tags("Tags")) group.Tags[tag.Key] = tag.Value;
        state.ParameterGroups.Add(name, group);
        Save();
        return new JsonObject { ["CacheParameterGroup"] = shapes.Describe(group) };
    }

    private JsonObject DescribeParameterGroups(JsonObject input) => input.Text("CacheParameterGroupName") is { } name
        ? new JsonObject { ["CacheParameterGroups"] = new JsonArray(shapes.Describe(ParameterGroup(name))) }
        : Page(input, "CacheParameterGroups", state.ParameterGroups.Values.Append(ParameterGroup(MemcachedParameters.DefaultGroup)), group => group.Name, shapes.Describe);

    private JsonObject DescribeParameters(JsonObject input)
    {
        var group = ParameterGroup(input.Required("CacheParameterGroupName"));
        var source = input.Text("Source");
        if (source is not (null or "user" or "system" or "engine-default")) throw ElastiCacheErrors.Value($"Invalid source: {source}");
        var all = MemcachedParameters.All.Where(parameter => source is null || (source == "user") == group.Values.ContainsKey(parameter.Name));
        return Page(input, "Parameters", all, parameter => parameter.Name, parameter => ElastiCacheShapes.Describe(parameter, group));
    }

    private JsonObject ModifyParameterGroup(JsonObject input)
    {
        var group = ParameterGroup(input.Required("CacheParameterGroupName"));
        if (group.Name == MemcachedParameters.DefaultGroup)
            throw ElastiCacheErrors.ParameterGroupState("The default cache parameter group cannot be modified.");
        List<(string Name, string Value)> values = [.. input.Structures("ParameterNameValues").Select(pair => (pair.Required("ParameterName"), pair.Required("ParameterValue")))];
        ElastiCacheRules.Parameters(values);
        var changed = values.Where(pair => MemcachedParameters.Value(group.Values, pair.Name) != pair.Value).ToList();
        foreach (var (name, value) in values) group.Values[name] = value;
        if (changed.Count > 0)
        {
            // memcached reads its parameters when it starts.
            foreach (var record in state.Clusters.Values.Where(record => record.ParameterGroup == group.Name && record.Status != "creating"))
                record.NodesToReboot = [.. record.Nodes.Select(node => node.Id)];
        }

        Save();
        return new JsonObject { ["CacheParameterGroupName"] = group.Name };
    }

    private JsonObject DeleteParameterGroup(JsonObject input)
    {
        var group = ParameterGroup(input.Required("CacheParameterGroupName"));
        if (group.Name == MemcachedParameters.DefaultGroup) throw ElastiCacheErrors.ParameterGroupState("Default cache parameter groups cannot be deleted.");
        if (state.Clusters.Values.Any(record => record.ParameterGroup == group.Name))
            throw ElastiCacheErrors.ParameterGroupState("One or more cache clusters are still members of this parameter group, so the group cannot be deleted.");
        state.ParameterGroups.Remove(group.Name);
        Save();
        return [];
    }

    private JsonObject AddTags(JsonObject input)
    {
        var tags = TagsOf(input);
        foreach (var tag in input.Tags("Tags")) tags[tag.Key] = tag.Value;
        Save();
        return new JsonObject { ["TagList"] = tags.ToTags() };
    }

    private JsonObject RemoveTags(JsonObject input)
    {
        var tags = TagsOf(input);
        var keys = input.Texts("TagKeys");
        var missing = keys.Find(key => !tags.ContainsKey(key));
        if (missing is not null) throw ElastiCacheErrors.TagNotFound(missing);
        foreach (var key in keys) tags.Remove(key);
        Save();
        return new JsonObject { ["TagList"] = tags.ToTags() };
    }

    private JsonObject ListTags(JsonObject input) => new() { ["TagList"] = TagsOf(input).ToTags() };

    private SortedDictionary<string, string> TagsOf(JsonObject input)
    {
        var arn = input.Required("ResourceName");
        var parts = arn.Split(':', 7);
        if (parts is not ["arn", "aws", "elasticache", _, _, var kind, var name] || parts[3] != context.Region || parts[4] != context.AccountId)
            throw ElastiCacheErrors.InvalidArn(arn);
        return kind switch
        {
            "cluster" => (state.Clusters.GetValueOrDefault(name) ?? throw ElastiCacheErrors.ClusterNotFound(name)).Tags,
            "subnetgroup" => SubnetGroup(name).Tags,
            "parametergroup" => ParameterGroup(name).Tags,
            _ => throw ElastiCacheErrors.InvalidArn(arn),
        };
    }
}
