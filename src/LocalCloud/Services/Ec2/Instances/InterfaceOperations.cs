using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Services.Ec2.Rules;
using SyncStorage.LocalCloud.Services.Ec2.State;

namespace SyncStorage.LocalCloud.Services.Ec2.Instances;

/// <summary>Network interfaces: each instance has one. (What other services run here has no interface that EC2 would know.)</summary>
internal sealed class InterfaceOperations(CloudContext context, Ec2Store store)
{
    private static readonly string[] FilterNames =
    [
        "network-interface-id", "attachment.instance-id", "attachment.status", "availability-zone", "description", "group-id", "group-name", "interface-type",
        "mac-address", "owner-id", "private-dns-name", "private-ip-address", "addresses.private-ip-address", "requester-id", "requester-managed",
        "source-dest-check", "status", "subnet-id", "vpc-id",
    ];

    public void AddTo(Handlers handlers) => handlers.Add("DescribeNetworkInterfaces", Describe);

    private JsonObject Describe(JsonObject input) => store.Read(state =>
    {
        var attached = state.Instances.Where(instance => instance.Exists).ToList();
        var ids = input.Texts("NetworkInterfaceIds");
        foreach (var id in ids)
        {
            if (!attached.Exists(instance => instance.InterfaceId == id))
                throw new AwsException("InvalidNetworkInterfaceID.NotFound", $"The networkInterface ID '{id}' does not exist");
        }

        var matching = new Filters(input).Knowing(FilterNames).Apply(
            attached.Where(instance => ids.Count == 0 || ids.Contains(instance.InterfaceId)),
            (instance, name) => Values(state, instance, name),
            instance => state.TagsOf(instance.InterfaceId));
        var (page, next) = Paging.Cut(matching, input);
        return new JsonObject { ["NetworkInterfaces"] = page.ToArray(instance => View(state, instance)) }.WithNext(next);
    });

    private IEnumerable<string?>? Values(Ec2State state, InstanceRecord instance, string filter) => filter switch
    {
        "network-interface-id" => [instance.InterfaceId],
        "attachment.instance-id" => [instance.Id],
        "attachment.status" => ["attached"],
        "availability-zone" => [instance.Zone],
        "group-id" => instance.GroupIds,
        "group-name" => instance.GroupIds.Select(id => state.Groups.Find(group => group.Id == id)?.Name),
        "interface-type" => ["interface"],
        "mac-address" => [InstanceView.MacAddress(instance)],
        "owner-id" => [context.AccountId],
        "private-dns-name" => [InstanceView.DnsName(instance)],
        "private-ip-address" or "addresses.private-ip-address" => [instance.Address],
        "requester-managed" => ["false"],
        "source-dest-check" => [instance.SourceDestCheck ? "true" : "false"],
        "status" => ["in-use"],
        "subnet-id" => [instance.SubnetId],
        "vpc-id" => [CloudContext.VpcId],

        // What an interface of an instance does not have.
        "description" or "requester-id" => [],
        _ => null,
    };

    private JsonObject View(Ec2State state, InstanceRecord instance) => new()
    {
        ["NetworkInterfaceId"] = instance.InterfaceId,
        ["Attachment"] = new JsonObject
        {
            ["AttachmentId"] = InstanceView.AttachmentId(instance),
            ["AttachTime"] = instance.LaunchTime.ToIso(),
            ["DeleteOnTermination"] = true,
            ["DeviceIndex"] = 0,
            ["NetworkCardIndex"] = 0,
            ["InstanceId"] = instance.Id,
            ["InstanceOwnerId"] = context.AccountId,
            ["Status"] = "attached",
        },
        ["AvailabilityZone"] = instance.Zone,
        ["Description"] = "",
        ["Groups"] = InstanceView.Groups(state, instance),
        ["InterfaceType"] = "interface",
        ["Ipv6Addresses"] = new JsonArray(),
        ["MacAddress"] = InstanceView.MacAddress(instance),
        ["OwnerId"] = context.AccountId,
        ["PrivateDnsName"] = InstanceView.DnsName(instance),
        ["PrivateIpAddress"] = instance.Address,
        ["PrivateIpAddresses"] = InstanceView.Addresses(instance),
        ["RequesterManaged"] = false,
        ["SourceDestCheck"] = instance.SourceDestCheck,
        ["Status"] = "in-use",
        ["SubnetId"] = instance.SubnetId,
        ["TagSet"] = state.TagList(instance.InterfaceId),
        ["VpcId"] = CloudContext.VpcId,
    };
}
