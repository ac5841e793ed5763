using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Services.Ec2.Machines;
using SyncStorage.LocalCloud.Services.Ec2.Rules;
using SyncStorage.LocalCloud.Services.Ec2.State;

namespace SyncStorage.LocalCloud.Services.Ec2.Instances;

/// <summary>What instances there are, and how they are.</summary>
internal sealed class InstanceQueries(CloudContext context, Ec2Store store, InstanceView view, IInstanceRuntime runtime)
{
    private static readonly string[] FilterNames =
    [
        "instance-id", "instance-state-name", "instance-state-code", "image-id", "instance-type", "vpc-id", "subnet-id", "availability-zone",
        "private-ip-address", "network-interface.addresses.private-ip-address", "instance.group-id", "instance.group-name", "group-id",
        "client-token", "reservation-id", "architecture", "key-name", "iam-instance-profile.arn", "root-device-type", "owner-id",
        "private-dns-name", "launch-time", "virtualization-type", "network-interface.network-interface-id", "block-device-mapping.volume-id",
    ];

    public void AddTo(Handlers handlers)
    {
        handlers.Add("DescribeInstances", Describe);
        handlers.Add("DescribeInstanceStatus", DescribeStatus);
        handlers.Add("GetConsoleOutput", GetConsoleOutput);
    }

    /// <summary>The instances with these ids, in their order. All of them must exist.</summary>
    public static List<InstanceRecord> Named(Ec2State state, IReadOnlyList<string> ids)
    {
        foreach (var id in ids)
        {
            if (!Ids.IsWellFormed("i", id)) throw Ec2Errors.InstanceMalformed(id);
        }

        var missing = ids.Where(id => !state.Instances.Exists(instance => instance.Id == id)).ToList();
        if (missing.Count > 0) throw Ec2Errors.InstanceNotFound(missing);
        return [.. ids.Distinct().Select(id => state.Instances.Find(instance => instance.Id == id)!)];
    }

    private JsonObject Describe(JsonObject input) => store.Read(state =>
    {
        var (page, next) = Paging.Cut(Select(state, input), input);
        return new JsonObject
        {
            ["Reservations"] = page.GroupBy(instance => instance.ReservationId).ToArray(group => view.Reservation(state, group.Key, group)),
        }.WithNext(next);
    });

    private IEnumerable<InstanceRecord> Select(Ec2State state, JsonObject input)
    {
        var ids = input.Texts("InstanceIds");
        if (ids.Count > 0 && input.Number("MaxResults") is not null)
            throw Ec2Errors.InvalidParameterCombination("The parameter instancesSet cannot be used with the parameter maxResults");
        var candidates = ids.Count > 0 ? Named(state, ids) : state.Instances;
        return new Filters(input).Knowing(FilterNames).Apply(candidates, (instance, name) => Values(state, instance, name), instance => state.TagsOf(instance.Id));
    }

    private IEnumerable<string?>? Values(Ec2State state, InstanceRecord instance, string filter) => filter switch
    {
        "instance-id" => [instance.Id],
        "instance-state-name" => [instance.State.Name()],
        "instance-state-code" => [instance.State.Code().ToString(CultureInfo.InvariantCulture)],
        "image-id" => [instance.ImageId],
        "instance-type" => [instance.InstanceType],
        "reservation-id" => [instance.ReservationId],
        "client-token" => [instance.ClientToken],
        "architecture" => [instance.Architecture],
        "key-name" => [instance.KeyName],
        "owner-id" => [context.AccountId],
        "root-device-type" => ["ebs"],
        "virtualization-type" => ["hvm"],
        "launch-time" => [instance.LaunchTime.ToIso()],
        "availability-zone" => [instance.Zone],
        "iam-instance-profile.arn" => [instance.ProfileArn],

        // What a terminated instance has lost.
        _ when !instance.Exists => [],
        "vpc-id" => [CloudContext.VpcId],
        "subnet-id" => [instance.SubnetId],
        "private-ip-address" or "network-interface.addresses.private-ip-address" => [instance.Address],
        "private-dns-name" => [InstanceView.DnsName(instance)],
        "instance.group-id" or "group-id" => instance.GroupIds,
        "instance.group-name" => instance.GroupIds.Select(id => state.Groups.Find(group => group.Id == id)?.Name),
        "network-interface.network-interface-id" => [instance.InterfaceId],
        "block-device-mapping.volume-id" => [instance.VolumeId],
        _ => null,
    };

    private JsonObject DescribeStatus(JsonObject input) => store.Read(state =>
    {
        var ids = input.Texts("InstanceIds");
        var candidates = (ids.Count > 0 ? Named(state, ids) : state.Instances)
            .Where(instance => instance.State == InstanceState.Running || (input.Flag("IncludeAllInstances") ?? false));
        var filters = new Filters(input).Knowing(
            "availability-zone", "instance-state-name", "instance-state-code", "instance-status.status", "system-status.status", "instance-status.reachability", "system-status.reachability");
        var matching = filters.Apply(candidates, (instance, name) => name switch
        {
            "instance-status.status" or "system-status.status" => [Check(instance)],
            "instance-status.reachability" or "system-status.reachability" => [Reachability(instance)],
            _ => Values(state, instance, name),
        }, instance => state.TagsOf(instance.Id));
        var (page, next) = Paging.Cut(matching, input);
        return new JsonObject { ["InstanceStatuses"] = page.ToArray(Status) }.WithNext(next);
    });

    private JsonObject Status(InstanceRecord instance) => new()
    {
        ["InstanceId"] = instance.Id,
        ["AvailabilityZone"] = instance.Zone,
        ["InstanceState"] = InstanceView.State(instance.State),
        ["InstanceStatus"] = Summary(instance),
        ["SystemStatus"] = Summary(instance),
    };

    private JsonObject Summary(InstanceRecord instance) => new()
    {
        ["Status"] = Check(instance),
        ["Details"] = instance.State == InstanceState.Running
            ? new JsonArray(new JsonObject { ["Name"] = "reachability", ["Status"] = Reachability(instance) })
            : [],
    };

    private string Check(InstanceRecord instance) =>
        instance.State != InstanceState.Running ? "not-applicable" : IsChecked(instance) ? "ok" : "initializing";

    private string Reachability(InstanceRecord instance) => IsChecked(instance) ? "passed" : "initializing";

    private bool IsChecked(InstanceRecord instance) => store.Now >= instance.RunningSince + context.Scale.Of(Lifecycle.StatusChecks);

    private JsonObject GetConsoleOutput(JsonObject input) => store.Read(state =>
    {
        var id = input.Needed("InstanceId");
        _ = Named(state, [id]);
        return new JsonObject
        {
            ["InstanceId"] = id,
            ["Timestamp"] = store.Now.ToIso(),
            ["Output"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(runtime.ConsoleOutput(id))),
        };
    });
}
