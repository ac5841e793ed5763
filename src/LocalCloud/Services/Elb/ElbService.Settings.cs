using System.Globalization;
using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Core;

namespace SyncStorage.LocalCloud.Services.Elb;

/// <summary>The operations on a load balancer that exists.</summary>
internal sealed partial class ElbService
{
    private JsonObject Describe(JsonObject input)
    {
        var names = input.Texts("LoadBalancerNames");
        IEnumerable<LoadBalancer> found = names.Count > 0 ? names.Select(Find) : balancers.Values;
        if (input.Text("Marker") is { } marker) found = found.Where(balancer => string.CompareOrdinal(balancer.Record.Name, marker) > 0);
        var page = found.Take((input.Number("PageSize") ?? 400) + 1).ToList();
        var output = new JsonObject();
        if (page.Count > (input.Number("PageSize") ?? 400))
        {
            page.RemoveAt(page.Count - 1);
            output["NextMarker"] = page[^1].Record.Name;
        }

        output["LoadBalancerDescriptions"] = page.Select(balancer => ElbShapes.Describe(balancer.Record, balancer.InstanceIds, context.AccountId, securityGroups.NameOf)).ToJson();
        return output;
    }

    private JsonObject ConfigureHealthCheck(JsonObject input)
    {
        var balancer = Find(input);
        var check = ElbRules.HealthCheck(input.Structure("HealthCheck") ?? throw ElbErrors.Validation("HealthCheck is required"));
        if (check != balancer.Record.HealthCheck)
        {
            balancer.Record.HealthCheck = check;
            balancer.RestartProbes();
            Save();
        }

        return new JsonObject { ["HealthCheck"] = ElbShapes.Describe(check) };
    }

    private JsonObject ModifyAttributes(JsonObject input)
    {
        var balancer = Find(input);
        var change = input.Structure("LoadBalancerAttributes") ?? throw ElbErrors.Validation("LoadBalancerAttributes is required");
        balancer.Record.Attributes = ElbRules.Attributes(balancer.Record.Attributes, change);
        listeners.UseIdleTimeout(balancer);
        Save();

        // AWS answers with those that the request named.
        var all = ElbShapes.Describe(balancer.Record.Attributes);
        foreach (var name in all.Select(attribute => attribute.Key).Where(name => change[name] is null).ToList()) all.Remove(name);
        return new JsonObject { ["LoadBalancerName"] = balancer.Record.Name, ["LoadBalancerAttributes"] = all };
    }

    private JsonObject DescribeAttributes(JsonObject input) => new() { ["LoadBalancerAttributes"] = ElbShapes.Describe(Find(input).Record.Attributes) };

    private JsonObject Register(JsonObject input)
    {
        var balancer = Find(input);
        var ids = InstanceIds(input);
        foreach (var id in ids)
        {
            if (!instances.Exists(id)) throw ElbErrors.InvalidInstance(id);
        }

        balancer.Register(ids);
        return new JsonObject { ["Instances"] = ElbShapes.Instances(balancer.InstanceIds) };
    }

    private JsonObject Deregister(JsonObject input)
    {
        var balancer = Find(input);
        var ids = InstanceIds(input);
        foreach (var id in ids)
        {
            if (balancer.HealthOf(id) is null && !instances.Exists(id)) throw ElbErrors.InvalidInstance(id);
        }

        balancer.Deregister(ids);
        return new JsonObject { ["Instances"] = ElbShapes.Instances(balancer.InstanceIds.Where(id => !ids.Contains(id, StringComparer.Ordinal))) };
    }

    private JsonObject DescribeInstanceHealth(JsonObject input)
    {
        var balancer = Find(input);
        var asked = InstanceIds(input);
        var states = (asked.Count > 0 ? asked : balancer.InstanceIds).Select(id => ElbShapes.Describe(id, balancer.HealthOf(id) ?? Unregistered(id)));
        return new JsonObject { ["InstanceStates"] = states.ToJson() };

        InstanceHealth Unregistered(string id) => instances.Exists(id) ? InstanceHealth.NotRegistered : throw ElbErrors.InvalidInstance(id);
    }

    private JsonObject AddTags(JsonObject input)
    {
        var found = input.Texts("LoadBalancerNames").Select(name => Find(name).Record).ToList();
        var added = input.Tags("Tags");
        foreach (var record in found) ElbRules.Tags(record.Tags, added);
        foreach (var record in found)
        {
            foreach (var tag in added) record.Tags[tag.Key] = tag.Value;
        }

        Save();
        return [];
    }

    private JsonObject RemoveTags(JsonObject input)
    {
        var keys = input.Structures("Tags").Select(tag => tag.Required("Key")).ToList();
        foreach (var record in input.Texts("LoadBalancerNames").Select(name => Find(name).Record))
        {
            foreach (var key in keys) record.Tags.Remove(key);
        }

        Save();
        return [];
    }

    private JsonObject DescribeTags(JsonObject input) => new()
    {
        ["TagDescriptions"] = input.Texts("LoadBalancerNames").Select(name => Find(name).Record)
            .Select(record => new JsonObject { ["LoadBalancerName"] = record.Name, ["Tags"] = record.Tags.ToTags() }).ToJson(),
    };

    private async Task<JsonObject> CreateListenersAsync(JsonObject input, CancellationToken cancellationToken)
    {
        var balancer = Find(input);
        var asked = ElbRules.Listeners(input.Structures("Listeners"));
        CheckCertificates(asked);
        var different = asked.FirstOrDefault(listener =>
            balancer.Record.Listeners.Any(known => known.LoadBalancerPort == listener.LoadBalancerPort && known != listener));
        if (different is not null) throw ElbErrors.DuplicateListener(different.LoadBalancerPort);
        List<ListenerRecord> added = [.. asked.Except(balancer.Record.Listeners)];
        await listeners.OpenAsync(balancer, added, cancellationToken);
        lock (gate)
        {
            balancer.Record.Listeners.AddRange(added);
            UseDefaultPolicy(balancer.Record, added);
            Save();
        }

        return [];
    }

    private JsonObject DeleteListeners(JsonObject input)
    {
        var balancer = Find(input);
        var ports = input.Texts("LoadBalancerPorts").Select(port => int.Parse(port, CultureInfo.InvariantCulture)).ToHashSet();
        foreach (var port in ports)
        {
            if (balancer.Record.Listeners.TrueForAll(listener => listener.LoadBalancerPort != port)) throw ElbErrors.ListenerNotFound(port);
        }

        lock (gate)
        {
            balancer.Record.Listeners.RemoveAll(listener => ports.Contains(listener.LoadBalancerPort));
            foreach (var port in ports) balancer.Record.TlsPolicyOfPort.Remove(port);
            Save();
        }

        listeners.Finish(balancer, ports, ListenerGrace);
        return [];
    }

    private JsonObject ApplySecurityGroups(JsonObject input)
    {
        var balancer = Find(input);
        var groups = input.Texts("SecurityGroups");
        if (groups.Count == 0) throw ElbErrors.InvalidConfiguration("At least one security group must be specified");
        CheckSecurityGroups(groups);
        balancer.Record.SecurityGroups = groups;
        Save();
        return new JsonObject { ["SecurityGroups"] = groups.ToJson() };
    }

    private JsonObject AttachSubnets(JsonObject input)
    {
        var record = Find(input).Record;
        var subnets = input.Texts("Subnets");
        ElbRules.Subnets(subnets);
        return UseSubnets(record, [.. record.Subnets.Union(subnets, StringComparer.Ordinal)]);
    }

    private JsonObject DetachSubnets(JsonObject input)
    {
        var record = Find(input).Record;
        List<string> rest = [.. record.Subnets.Except(input.Texts("Subnets"), StringComparer.Ordinal)];
        return rest.Count > 0 ? UseSubnets(record, rest) : throw ElbErrors.InvalidConfiguration("A load balancer must keep at least one subnet");
    }

    /// <summary>A zone means the default VPC's subnet in it.</summary>
    private JsonObject EnableZones(JsonObject input)
    {
        var record = Find(input).Record;
        var (_, subnets) = Placement(input.Texts("AvailabilityZones"), []);
        UseSubnets(record, [.. record.Subnets.Union(subnets, StringComparer.Ordinal)]);
        return new JsonObject { ["AvailabilityZones"] = record.Zones.ToJson() };
    }

    private JsonObject DisableZones(JsonObject input)
    {
        var record = Find(input).Record;
        var (_, subnets) = Placement(input.Texts("AvailabilityZones"), []);
        List<string> rest = [.. record.Subnets.Except(subnets, StringComparer.Ordinal)];
        if (rest.Count == 0) throw ElbErrors.InvalidConfiguration("A load balancer must keep at least one availability zone");
        UseSubnets(record, rest);
        return new JsonObject { ["AvailabilityZones"] = record.Zones.ToJson() };
    }

    private JsonObject UseSubnets(LoadBalancerRecord record, List<string> subnets)
    {
        record.Subnets = subnets;
        record.Zones = ZonesOf(subnets);
        Save();
        return new JsonObject { ["Subnets"] = subnets.ToJson() };
    }

    private static IReadOnlyList<string> InstanceIds(JsonObject input) =>
        [.. input.Structures("Instances").Select(instance => instance.Required("InstanceId")).Distinct(StringComparer.Ordinal)];
}
