using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Services.Ec2.Rules;
using SyncStorage.LocalCloud.Services.Ec2.State;

namespace SyncStorage.LocalCloud.Services.Ec2.Instances;

/// <summary>One attribute of one instance a call.</summary>
internal sealed class AttributeOperations(Ec2Store store)
{
    private static readonly string[] Modifiable =
    [
        "InstanceType", "UserData", "DisableApiTermination", "DisableApiStop", "InstanceInitiatedShutdownBehavior", "SourceDestCheck", "EbsOptimized", "Groups",
    ];

    public void AddTo(Handlers handlers)
    {
        handlers.Add("ModifyInstanceAttribute", Modify);
        handlers.Add("DescribeInstanceAttribute", Describe);
    }

    private JsonObject Modify(JsonObject input) => store.Change(state =>
    {
        var instance = InstanceQueries.Named(state, [input.Needed("InstanceId")])[0];
        if (!instance.Exists) throw Ec2Errors.IncorrectState(instance.Id, instance.State.Name());
        if (input.Text("Attribute") is { } attribute)
        {
            var name = char.ToUpperInvariant(attribute[0]) + attribute[1..];
            if (!Modifiable.Contains(name)) throw Unsupported(attribute);
            Set(state, instance, name, new JsonObject { ["Value"] = input.Text("Value") });
            return new JsonObject();
        }

        var named = Modifiable.Where(input.ContainsKey).ToList();
        if (named.Count != 1)
            throw Ec2Errors.InvalidParameterCombination(named.Count == 0 ? "No attributes specified." : "Fields for multiple attribute types specified: " + string.Join(", ", named));
        Set(state, instance, named[0], named[0] == "Groups" ? input : input.Part(named[0])!);
        return new JsonObject();
    });

    private static void Set(Ec2State state, InstanceRecord instance, string attribute, JsonObject value)
    {
        switch (attribute)
        {
            case "InstanceType":
                NeedsStopped(instance);
                var image = state.Images.Find(image => image.Id == instance.ImageId);
                if (image is not null) LaunchRequest.CheckType(value.Needed("Value"), image);
                instance.InstanceType = value.Needed("Value");
                break;
            case "UserData":
                NeedsStopped(instance);
                LaunchRequest.CheckUserData(value.Text("Value"));
                instance.UserData = value.Text("Value");
                break;
            case "DisableApiTermination":
                instance.DisableApiTermination = value.Flag("Value") ?? false;
                break;
            case "DisableApiStop":
                instance.DisableApiStop = value.Flag("Value") ?? false;
                break;
            case "InstanceInitiatedShutdownBehavior":
                instance.TerminateOnShutdown = LaunchRequest.IsTerminate(value.Needed("Value"));
                break;
            case "SourceDestCheck":
                instance.SourceDestCheck = value.Flag("Value") ?? true;
                break;
            case "EbsOptimized":
                NeedsStopped(instance);
                instance.EbsOptimized = value.Flag("Value") ?? false;
                break;
            case "Groups":
                SetGroups(state, instance, value.Texts("Groups"));
                break;
            default:
                throw Unsupported(attribute);
        }
    }

    private static void SetGroups(Ec2State state, InstanceRecord instance, IReadOnlyList<string> ids)
    {
        if (ids.Count == 0) throw Ec2Errors.InvalidParameterValue("An instance needs at least one security group.");
        foreach (var id in ids)
        {
            if (!state.Groups.Exists(group => group.Id == id)) throw Ec2Errors.GroupNotFound(id);
        }

        instance.GroupIds = [.. ids.Distinct()];
    }

    private static void NeedsStopped(InstanceRecord instance)
    {
        if (instance.State != InstanceState.Stopped) throw Ec2Errors.IncorrectState(instance.Id, instance.State.Name());
    }

    private JsonObject Describe(JsonObject input) => store.Read(state =>
    {
        var instance = InstanceQueries.Named(state, [input.Needed("InstanceId")])[0];
        var attribute = input.Needed("Attribute");
        var (name, value) = attribute switch
        {
            "instanceType" => ("InstanceType", Value(instance.InstanceType)),
            "userData" => ("UserData", instance.UserData is { } data ? Value(data) : []),
            "disableApiTermination" => ("DisableApiTermination", Value(instance.DisableApiTermination)),
            "disableApiStop" => ("DisableApiStop", Value(instance.DisableApiStop)),
            "instanceInitiatedShutdownBehavior" => ("InstanceInitiatedShutdownBehavior", Value(instance.TerminateOnShutdown ? "terminate" : "stop")),
            "rootDeviceName" => ("RootDeviceName", Value(InstanceView.RootDevice)),
            "sourceDestCheck" => ("SourceDestCheck", Value(instance.SourceDestCheck)),
            "ebsOptimized" => ("EbsOptimized", Value(instance.EbsOptimized)),
            "enaSupport" => ("EnaSupport", Value(true)),
            "groupSet" => ("Groups", InstanceView.Groups(state, instance)),
            "blockDeviceMapping" => ("BlockDeviceMappings", (JsonNode)InstanceView.BlockDevices(state, instance)),
            _ => throw Unsupported(attribute),
        };
        return new JsonObject { ["InstanceId"] = instance.Id, [name] = value };
    });

    private static JsonObject Value(JsonNode value) => new() { ["Value"] = value };

    private static Core.AwsException Unsupported(string attribute) =>
        Ec2Errors.InvalidParameterValue($"Value ({attribute}) for parameter attribute is invalid. Unknown attribute.");
}
