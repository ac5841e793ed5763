using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Security.Policies;
using SyncStorage.LocalCloud.Services;

namespace SyncStorage.LocalCloud.Security.Access;

/// <summary>What EC2 asks: a launch is allowed only if each thing that takes part in it is.</summary>
internal static class Ec2Access
{
    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        ["i"] = "instance",
        ["ami"] = "image",
        ["snap"] = "snapshot",
        ["sg"] = "security-group",
        ["sgr"] = "security-group-rule",
        ["vol"] = "volume",
        ["eni"] = "network-interface",
        ["subnet"] = "subnet",
        ["vpc"] = "vpc",
    };

    private static readonly string[] IdMembers = ["InstanceId", "ImageId", "SnapshotId", "GroupId", "VolumeId"];

    public static IEnumerable<AccessQuestion> Of(AccessKeys call, IInstanceProfiles profiles) => call.Call.Operation switch
    {
        "RunInstances" => Launch(call, profiles),
        "CreateSecurityGroup" => [.. Made(call, "security-group"), call.Ask("ec2:CreateSecurityGroup", Existing(call, call.Input.Text("VpcId") ?? CloudContext.VpcId))],
        "CreateKeyPair" or "ImportKeyPair" => Made(call, "key-pair"),
        "DeleteKeyPair" => [call.Ask(Action(call), call.Arn("ec2", $"key-pair/{call.Input.Text("KeyName") ?? "*"}"))],
        "CreateImage" => [Known(call, call.Input.Text("InstanceId") ?? ""), .. Made(call, "image", "snapshot")],
        "CreateVolume" => [.. Made(call, "volume"), .. call.Input.Text("SnapshotId") is { } snapshot ? new[] { Known(call, snapshot) } : []],
        "CreateSnapshot" => [Known(call, call.Input.Text("VolumeId") ?? ""), .. Made(call, "snapshot")],
        "CreateTags" or "DeleteTags" => call.Input.Texts("Resources").Select(id => Known(call, id, call.Input.Tags("Tags"))),
        "AssociateIamInstanceProfile" or "ReplaceIamInstanceProfileAssociation" =>
            [call.Input.Text("InstanceId") is { } id ? Known(call, id) : call.Ask(Action(call), call.Arn("ec2", "instance/*")), .. PassRole(call, profiles)],
        var operation when operation.StartsWith("Describe", StringComparison.Ordinal) => [call.Ask(Action(call), "*")],
        _ => Named(call),
    };

    private static string Action(AccessKeys call) => $"ec2:{call.Call.Operation}";

    private static IEnumerable<AccessQuestion> Launch(AccessKeys call, IInstanceProfiles profiles)
    {
        var input = call.Input;
        var type = input.Text("InstanceType") ?? "m1.small";
        var profile = input.Structure("IamInstanceProfile") is { } named ? Find(profiles, named)?.Arn : null;
        var more = new Dictionary<string, string>
        {
            ["ec2:InstanceType"] = type,
            ["ec2:MetadataHttpTokens"] = input.Structure("MetadataOptions")?.Text("HttpTokens") ?? "optional",
        };
        if (profile is not null) more["ec2:InstanceProfile"] = profile;
        foreach (var question in Made(call, more, "instance", "volume", "network-interface")) yield return question;
        yield return Known(call, input.Text("ImageId") ?? "");
        var attached = input.Structures("NetworkInterfaces") is [var only, ..] ? only : input;
        yield return Known(call, attached.Text("SubnetId") ?? CloudContext.SubnetIds[0]);
        List<string> groups = [.. attached.Texts("Groups"), .. attached.Texts("SecurityGroupIds")];
        foreach (var group in groups) yield return Known(call, group);
        if (groups.Count == 0) yield return call.Ask("ec2:RunInstances", ArnOf(call, "security-group", "*"));
        if (input.Text("KeyName") is { } key) yield return call.Ask("ec2:RunInstances", call.Arn("ec2", $"key-pair/{key}"));
        foreach (var question in PassRole(call, profiles)) yield return question;
    }

    /// <summary>What does not exist yet, with the tags that it gets; giving them is an action of its own.</summary>
    private static IEnumerable<AccessQuestion> Made(AccessKeys call, params IReadOnlyList<string> types) => Made(call, new Dictionary<string, string>(), types);

    private static IEnumerable<AccessQuestion> Made(AccessKeys call, Dictionary<string, string> more, params IReadOnlyList<string> types)
    {
        var created = new Dictionary<string, string> { ["ec2:CreateAction"] = call.Call.Operation };
        foreach (var type in types)
        {
            var tags = call.Input.Structures("TagSpecifications").Where(specification => specification.Text("ResourceType") == type).SelectMany(specification => specification.Tags("Tags")).ToList();
            yield return call.Ask(Action(call), ArnOf(call, type, "*"), requested: tags, more: more);
            if (tags.Count > 0) yield return call.Ask("ec2:CreateTags", ArnOf(call, type, "*"), requested: tags, more: created);
        }
    }

    private static IEnumerable<AccessQuestion> PassRole(AccessKeys call, IInstanceProfiles profiles)
    {
        if (call.Input.Structure("IamInstanceProfile") is { } named && Find(profiles, named)?.RoleArn is { } role)
            yield return call.Ask("iam:PassRole", role, more: new Dictionary<string, string> { ["iam:PassedToService"] = "ec2.amazonaws.com" });
    }

    private static ProfileFacts? Find(IInstanceProfiles profiles, JsonObject named) => (named.Text("Name") ?? named.Text("Arn")?.Split('/')[^1]) is { } name ? profiles.Find(name) : null;

    private static IEnumerable<AccessQuestion> Named(AccessKeys call)
    {
        List<string> ids =
        [
            .. call.Input.Texts("InstanceIds"),
            .. IdMembers.Select(name => call.Input.Text(name)).OfType<string>(),
        ];
        return ids.Count > 0 ? ids.Select(id => Known(call, id)) : [call.Ask(Action(call), "*")];
    }

    private static AccessQuestion Known(AccessKeys call, string id, IReadOnlyList<KeyValuePair<string, string>>? requested = null) =>
        call.Ask(Action(call), Existing(call, id), ("ec2", id), requested);

    private static string Existing(AccessKeys call, string id) => Types.GetValueOrDefault(id.Split('-')[0]) is { } type ? ArnOf(call, type, id) : call.Arn("ec2", $"*/{id}");

    // Images and snapshots may be shared between accounts: their names have none.
    private static string ArnOf(AccessKeys call, string type, string id) =>
        type is "image" or "snapshot" ? call.PublicArn("ec2", $"{type}/{id}") : call.Arn("ec2", $"{type}/{id}");
}
