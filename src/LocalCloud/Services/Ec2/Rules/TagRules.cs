using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Services.Ec2.State;

namespace SyncStorage.LocalCloud.Services.Ec2.Rules;

/// <summary>Tags of whatever has an id.</summary>
internal static class TagRules
{
    private const int MostTags = 50;

    private static readonly SortedDictionary<string, string> None = new(StringComparer.Ordinal);

    public static IReadOnlyDictionary<string, string> TagsOf(this Ec2State state, string id) => state.Tags.GetValueOrDefault(id, None);

    public static JsonArray TagList(this Ec2State state, string id) =>
        state.TagsOf(id).ToArray(tag => new JsonObject { ["Key"] = tag.Key, ["Value"] = tag.Value });

    /// <summary>Reads <c>TagSpecifications</c>: the tags for each resource type, checked.</summary>
    /// <param name="input">The request.</param>
    /// <param name="types">The resource types that the operation makes.</param>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Specified(JsonObject input, params ReadOnlySpan<string> types)
    {
        var result = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        foreach (var specification in input.Parts("TagSpecifications"))
        {
            var type = specification.Needed("ResourceType");
            if (!types.Contains(type)) throw Ec2Errors.InvalidParameterValue($"'{type}' is not a valid taggable resource type for this operation.");
            if (!result.TryAdd(type, Read(specification))) throw Ec2Errors.InvalidParameterValue($"Duplicate resource type '{type}' in tag specifications.");
        }

        return result;
    }

    /// <summary>Reads and checks <c>Tags</c>.</summary>
    public static IReadOnlyDictionary<string, string> Read(JsonObject input)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in input.Parts("Tags"))
        {
            var (key, value) = (tag.Text("Key") ?? "", tag.Text("Value") ?? "");
            if (key.Length is 0 or > 128)
                throw Ec2Errors.InvalidParameterValue("Tag key length must be between 1 and 128 characters.");
            if (value.Length > 256) throw Ec2Errors.InvalidParameterValue($"Tag value exceeds the maximum length of 256 characters (key '{key}').");
            if (key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase))
                throw Ec2Errors.InvalidParameterValue("Tag keys starting with 'aws:' are reserved for internal use");
            if (!tags.TryAdd(key, value)) throw Ec2Errors.InvalidParameterValue($"Duplicate tag key '{key}' specified.");
        }

        return tags;
    }

    /// <summary>Adds or overwrites.</summary>
    public static void SetTags(this Ec2State state, string id, IReadOnlyDictionary<string, string> tags)
    {
        if (tags.Count == 0) return;
        var merged = new SortedDictionary<string, string>(state.Tags.GetValueOrDefault(id, None), StringComparer.Ordinal);
        foreach (var (key, value) in tags) merged[key] = value;
        if (merged.Count > MostTags) throw new AwsException("TagLimitExceeded", $"You have reached the maximum of {MostTags} tags on this resource.");
        state.Tags[id] = merged;
    }

    /// <summary>The type of the resource with this id, or null if there is none.</summary>
    public static string? ResourceType(this Ec2State state, string id) => id[..Math.Max(0, id.IndexOf('-'))] switch
    {
        "i" when state.Instances.Exists(instance => instance.Id == id) => "instance",
        "ami" when state.Images.Exists(image => image.Id == id) => "image",
        "snap" when state.Snapshots.Exists(snapshot => snapshot.Id == id) => "snapshot",
        "vol" when state.Volumes.Exists(volume => volume.Id == id) => "volume",
        "sg" when state.Groups.Exists(group => group.Id == id) => "security-group",
        "sgr" when state.Groups.Exists(group => group.Rules.Exists(rule => rule.Id == id)) => "security-group-rule",
        "key" when state.KeyPairs.Exists(pair => pair.Id == id) => "key-pair",
        "vpc" when id == CloudContext.VpcId => "vpc",
        "subnet" when CloudContext.SubnetIds.Contains(id) => "subnet",
        "eni" when state.Instances.Exists(instance => instance.InterfaceId == id && instance.Exists) => "network-interface",
        _ => null,
    };

    /// <summary>The error of an id that names nothing.</summary>
    public static AwsException NotFound(string id) => id[..Math.Max(0, id.IndexOf('-'))] switch
    {
        "i" => Ec2Errors.InstanceNotFound(id),
        "ami" => Ec2Errors.ImageNotFound(id),
        "snap" => Ec2Errors.SnapshotNotFound(id),
        "vol" => Ec2Errors.VolumeNotFound(id),
        "sg" => Ec2Errors.GroupNotFound(id),
        "sgr" => new AwsException("InvalidSecurityGroupRuleId.NotFound", $"The security group rule ID '{id}' does not exist"),
        "key" => Ec2Errors.KeyPairNotFound(id),
        "vpc" => Ec2Errors.VpcNotFound(id),
        "subnet" => Ec2Errors.SubnetNotFound(id),
        _ => Ec2Errors.ResourceNotFound(id),
    };
}
