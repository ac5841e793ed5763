using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Services.Ec2.Rules;
using SyncStorage.LocalCloud.Services.Ec2.State;

namespace SyncStorage.LocalCloud.Services.Ec2.Instances;

/// <summary>A checked <c>RunInstances</c>.</summary>
internal sealed partial class LaunchRequest
{
    private const int MostUserDataBytes = 16 * 1024;

    private readonly JsonObject input;

    private LaunchRequest(JsonObject input) => this.input = input;

    public required ImageRecord Image { get; init; }

    public required string InstanceType { get; init; }

    public required int Count { get; init; }

    public required int SubnetIndex { get; init; }

    public required List<string> GroupIds { get; init; }

    public required ProfileFacts? Profile { get; init; }

    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Tags { get; init; }

    public required bool TerminateOnShutdown { get; init; }

    public JsonObject Input => input;

    public string? ClientToken => input.Text("ClientToken") is { Length: > 0 } token ? token : null;

    public JsonObject? RootVolume => input.Parts("BlockDeviceMappings") is [var first, ..] ? first.Part("Ebs") : null;

    /// <summary>Of everything that makes two requests with one token the same request.</summary>
    public static string Fingerprint(JsonObject input)
    {
        var members = input.Where(member => member.Key is not "ClientToken" and not "DryRun").OrderBy(member => member.Key, StringComparer.Ordinal);
        var text = string.Join('\n', members.Select(member => $"{member.Key}={member.Value?.ToJsonString()}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>Checks a request as AWS does.</summary>
    /// <exception cref="AwsException">What is wrong.</exception>
    public static LaunchRequest Read(JsonObject input, Ec2State state, CloudContext context, IInstanceProfiles profiles, DateTimeOffset now)
    {
        var network = Network(input);
        var image = Available(state, input.Needed("ImageId"), now);
        var type = input.Text("InstanceType") ?? "m1.small";
        CheckType(type, image);
        CheckUserData(input.Text("UserData"));
        if (input.Text("KeyName") is { } key && !state.KeyPairs.Exists(pair => pair.Name == key)) throw Ec2Errors.KeyPairNotFound(key);
        return new LaunchRequest(input)
        {
            Image = image,
            InstanceType = type,
            Count = CountOf(input),
            SubnetIndex = Subnet(input, network, context),
            GroupIds = Groups(input, network, state),
            Profile = ProfileOf(input.Part("IamInstanceProfile"), profiles),
            Tags = TagRules.Specified(input, "instance", "volume", "network-interface"),
            TerminateOnShutdown = IsTerminate(input.Text("InstanceInitiatedShutdownBehavior") ?? "stop"),
        };
    }

    public static bool IsTerminate(string behavior) => behavior switch
    {
        "stop" => false,
        "terminate" => true,
        _ => throw Ec2Errors.InvalidParameterValue($"Value ({behavior}) for parameter instanceInitiatedShutdownBehavior is invalid. Valid values: stop, terminate"),
    };

    /// <summary>Refuses user data that is not base64 or too long.</summary>
    public static void CheckUserData(string? encoded)
    {
        if (string.IsNullOrEmpty(encoded)) return;
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var length)) throw Ec2Errors.InvalidParameterValue("Invalid BASE64 encoding of user data.");
        if (length > MostUserDataBytes) throw Ec2Errors.InvalidParameterValue($"User data is limited to {MostUserDataBytes} bytes");
    }

    public static void CheckType(string type, ImageRecord image)
    {
        if (!TypeName().IsMatch(type)) throw Ec2Errors.InvalidParameterValue($"Invalid value '{type}' for InstanceType.");
        var architecture = ArchitectureOf(type);
        if (architecture != image.Architecture)
            throw Ec2Errors.InvalidParameterValue($"The architecture '{architecture}' of the specified instance type does not match the architecture '{image.Architecture}' of the specified AMI. Specify an instance type and an AMI that have matching architectures, and try again.");
    }

    /// <summary>Graviton families have a g after their generation, as in <c>t4g</c>, <c>c7gn</c>.</summary>
    public static string ArchitectureOf(string type) => Graviton().IsMatch(type) || type.StartsWith("a1.", StringComparison.Ordinal) ? "arm64" : "x86_64";

    private static JsonObject? Network(JsonObject input)
    {
        var interfaces = input.Parts("NetworkInterfaces");
        if (interfaces.Count == 0) return null;
        if (interfaces.Count > 1) throw Ec2Errors.InvalidParameterValue("One network interface an instance is supported here.");
        if (input.Text("SubnetId") is not null || input.Texts("SecurityGroupIds").Count > 0)
            throw Ec2Errors.InvalidParameterCombination("Network interfaces and an instance-level subnet ID or security groups may not be specified on the same request");
        return interfaces[0];
    }

    private static ImageRecord Available(Ec2State state, string id, DateTimeOffset now)
    {
        if (!Ids.IsWellFormed("ami", id)) throw Ec2Errors.ImageMalformed(id);
        var image = state.Images.Find(image => image.Id == id) ?? throw Ec2Errors.ImageNotFound(id);
        return image.AvailableAt <= now ? image : throw Ec2Errors.ImageUnavailable(id);
    }

    private static int CountOf(JsonObject input)
    {
        var (smallest, largest) = (input.Number("MinCount"), input.Number("MaxCount"));
        if (smallest is null) throw Ec2Errors.MissingParameter("MinCount");
        if (largest is null) throw Ec2Errors.MissingParameter("MaxCount");
        if (smallest < 1 || largest < smallest)
            throw Ec2Errors.InvalidParameterValue($"Value ({largest}) for parameter maxCount is invalid. It must be at least minCount ({smallest}), and that at least 1.");
        return largest.Value;
    }

    private static int Subnet(JsonObject input, JsonObject? network, CloudContext context)
    {
        var zone = input.Part("Placement")?.Text("AvailabilityZone");
        if ((network?.Text("SubnetId") ?? input.Text("SubnetId")) is { } id)
        {
            var index = CloudContext.SubnetIds.ToList().IndexOf(id);
            if (index < 0) throw Ec2Errors.SubnetNotFound(id);
            if (zone is not null && zone != context.Zones[index])
                throw Ec2Errors.InvalidParameterValue($"The availability zone '{zone}' does not match subnet '{id}'");
            return index;
        }

        if (zone is null) return 0;
        var found = context.Zones.ToList().IndexOf(zone);
        return found >= 0 ? found : throw Ec2Errors.InvalidParameterValue($"Invalid availability zone: [{zone}]");
    }

    private static List<string> Groups(JsonObject input, JsonObject? network, Ec2State state)
    {
        var ids = network?.Texts("Groups") ?? input.Texts("SecurityGroupIds");
        var names = input.Texts("SecurityGroups");
        foreach (var id in ids)
        {
            if (!state.Groups.Exists(group => group.Id == id)) throw Ec2Errors.GroupNotFound(id);
        }

        List<string> all =
        [
            .. ids, .. names.Select(name => state.Groups.Find(group => group.Name == name)?.Id ?? throw Ec2Errors.GroupNotFound(name)),
        ];
        return all.Count > 0 ? [.. all.Distinct()] : [state.Groups.Find(group => group.Name == "default")!.Id];
    }

    /// <summary>The instance profile of a request; EC2 does not know it before it has heard of it from IAM, nor without a role.</summary>
    public static ProfileFacts? ProfileOf(JsonObject? profile, IInstanceProfiles profiles)
    {
        // Clients that have no profile to name may send an empty name.
        var (name, arn) = (profile?.Text("Name"), profile?.Text("Arn"));
        if (name is null && arn is null) return null;
        if (name is not null && arn is not null)
            throw Ec2Errors.InvalidParameterCombination("The parameter 'iamInstanceProfile.name' may not be used in combination with 'iamInstanceProfile.arn'");
        var wanted = name ?? arn?[(arn.LastIndexOf('/') + 1)..] ?? "";
        if (profiles.Find(wanted) is not { IsKnownToEc2: true } known || (arn is not null && arn != known.Arn))
            throw Ec2Errors.InvalidParameterValue($"Value ({name ?? arn}) for parameter iamInstanceProfile.{(name is null ? "arn" : "name")} is invalid. Invalid IAM Instance Profile {(name is null ? "ARN" : "name")}");
        return known.Role is not null ? known : throw Ec2Errors.InvalidParameterValue($"IAM Instance Profile \"{known.Arn}\" has no associated IAM Roles");
    }

    [GeneratedRegex(@"^[a-z][a-z0-9-]*\.[a-z0-9-]+$")]
    private static partial Regex TypeName();

    [GeneratedRegex(@"^[a-z]+\d+g[a-z]*\.")]
    private static partial Regex Graviton();
}
