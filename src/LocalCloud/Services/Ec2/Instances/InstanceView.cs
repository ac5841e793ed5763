using System.Globalization;
using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Services.Ec2.Rules;
using SyncStorage.LocalCloud.Services.Ec2.State;

namespace SyncStorage.LocalCloud.Services.Ec2.Instances;

/// <summary>Instances as responses show them.</summary>
internal sealed class InstanceView(CloudContext context)
{
    public const string RootDevice = "/dev/xvda";

    public JsonObject Reservation(Ec2State state, string id, IEnumerable<InstanceRecord> instances) => new()
    {
        ["ReservationId"] = id,
        ["OwnerId"] = context.AccountId,
        ["Groups"] = new JsonArray(),
        ["Instances"] = instances.ToArray(instance => Instance(state, instance)),
    };

    public JsonObject Instance(Ec2State state, InstanceRecord instance)
    {
        var view = new JsonObject
        {
            ["InstanceId"] = instance.Id,
            ["ImageId"] = instance.ImageId,
            ["State"] = State(instance.State),
            ["PrivateDnsName"] = instance.Exists ? DnsName(instance) : "",
            ["PublicDnsName"] = "",
            ["StateTransitionReason"] = instance.TransitionReason,
            ["AmiLaunchIndex"] = instance.LaunchIndex,
            ["ProductCodes"] = new JsonArray(),
            ["InstanceType"] = instance.InstanceType,
            ["LaunchTime"] = instance.LaunchTime.ToIso(),
            ["Placement"] = new JsonObject { ["AvailabilityZone"] = instance.Zone, ["GroupName"] = "", ["Tenancy"] = "default" },
            ["Monitoring"] = new JsonObject { ["State"] = instance.DetailedMonitoring ? "enabled" : "disabled" },
            ["Architecture"] = instance.Architecture,
            ["BlockDeviceMappings"] = instance.Exists ? BlockDevices(state, instance) : [],
            ["ClientToken"] = instance.ClientToken ?? "",
            ["EbsOptimized"] = instance.EbsOptimized,
            ["EnaSupport"] = true,
            ["Hypervisor"] = "xen",
            ["NetworkInterfaces"] = instance.Exists ? new JsonArray(Interface(state, instance)) : [],
            ["RootDeviceName"] = RootDevice,
            ["RootDeviceType"] = "ebs",
            ["SecurityGroups"] = instance.Exists ? Groups(state, instance) : [],
            ["Tags"] = state.TagList(instance.Id),
            ["VirtualizationType"] = "hvm",
            ["MetadataOptions"] = MetadataOptions(instance),
            ["PlatformDetails"] = "Linux/UNIX",
            ["UsageOperation"] = "RunInstances",
            ["UsageOperationUpdateTime"] = instance.LaunchTime.ToIso(),
            ["BootMode"] = "uefi-preferred",
            ["CurrentInstanceBootMode"] = instance.Architecture == "arm64" ? "uefi" : "legacy-bios",
        };
        if (instance.KeyName is { } key) view["KeyName"] = key;
        if (instance.ReasonCode is { } code) view["StateReason"] = new JsonObject { ["Code"] = code, ["Message"] = instance.ReasonMessage };
        if (instance.Profile is { } profile)
            view["IamInstanceProfile"] = new JsonObject { ["Arn"] = instance.ProfileArn ?? $"arn:aws:iam::{context.AccountId}:instance-profile/{profile}", ["Id"] = instance.ProfileId ?? "" };
        if (!instance.Exists) return view;
        view["SourceDestCheck"] = instance.SourceDestCheck;
        view["SubnetId"] = instance.SubnetId;
        view["VpcId"] = CloudContext.VpcId;
        view["PrivateIpAddress"] = instance.Address;
        return view;
    }

    public static JsonObject State(InstanceState state) => new() { ["Code"] = state.Code(), ["Name"] = state.Name() };

    public static string DnsName(InstanceRecord instance) =>
        string.Create(CultureInfo.InvariantCulture, $"ip-{instance.Address.Replace('.', '-')}.ec2.internal");

    public static JsonArray Groups(Ec2State state, InstanceRecord instance) => instance.GroupIds.ToArray(id => new JsonObject
    {
        ["GroupId"] = id,
        ["GroupName"] = state.Groups.Find(group => group.Id == id)?.Name ?? "",
    });

    public static JsonArray BlockDevices(Ec2State state, InstanceRecord instance) =>
        state.Volumes.Where(volume => volume.InstanceId == instance.Id).ToArray(volume => new JsonObject
        {
            ["DeviceName"] = volume.Device ?? RootDevice,
            ["Ebs"] = new JsonObject
            {
                ["AttachTime"] = (volume.Attached ?? volume.Created).ToIso(),
                ["DeleteOnTermination"] = volume.DeleteOnTermination,
                ["Status"] = "attached",
                ["VolumeId"] = volume.Id,
            },
        });

    private JsonObject Interface(Ec2State state, InstanceRecord instance) => new()
    {
        ["NetworkInterfaceId"] = instance.InterfaceId,
        ["OwnerId"] = context.AccountId,
        ["Status"] = "in-use",
        ["Description"] = "",
        ["InterfaceType"] = "interface",
        ["MacAddress"] = MacAddress(instance),
        ["SubnetId"] = instance.SubnetId,
        ["VpcId"] = CloudContext.VpcId,
        ["PrivateIpAddress"] = instance.Address,
        ["PrivateDnsName"] = DnsName(instance),
        ["SourceDestCheck"] = instance.SourceDestCheck,
        ["Groups"] = Groups(state, instance),
        ["Ipv6Addresses"] = new JsonArray(),
        ["PrivateIpAddresses"] = Addresses(instance),
        ["Attachment"] = new JsonObject
        {
            ["AttachmentId"] = AttachmentId(instance),
            ["AttachTime"] = instance.LaunchTime.ToIso(),
            ["DeleteOnTermination"] = true,
            ["DeviceIndex"] = 0,
            ["NetworkCardIndex"] = 0,
            ["Status"] = "attached",
        },
    };

    /// <summary>Derived from the interface's id, so that it stays the same.</summary>
    public static string AttachmentId(InstanceRecord instance) => "eni-attach-" + instance.InterfaceId[4..];

    public static JsonArray Addresses(InstanceRecord instance) => new(new JsonObject
    {
        ["Primary"] = true,
        ["PrivateIpAddress"] = instance.Address,
        ["PrivateDnsName"] = DnsName(instance),
    });

    /// <summary>Derived from the id, so that it stays the same.</summary>
    public static string MacAddress(InstanceRecord instance)
    {
        var digits = instance.InterfaceId[^10..];
        return $"02:{digits[..2]}:{digits[2..4]}:{digits[4..6]}:{digits[6..8]}:{digits[8..]}";
    }

    private static JsonObject MetadataOptions(InstanceRecord instance) => new()
    {
        ["State"] = instance.State == InstanceState.Pending ? "pending" : "applied",
        ["HttpTokens"] = instance.MetadataTokensRequired ? "required" : "optional",
        ["HttpPutResponseHopLimit"] = instance.MetadataHopLimit,
        ["HttpEndpoint"] = instance.MetadataEnabled ? "enabled" : "disabled",
        ["HttpProtocolIpv6"] = "disabled",
        ["InstanceMetadataTags"] = instance.MetadataTags ? "enabled" : "disabled",
    };
}
