using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Services.Ec2.Instances;
using SyncStorage.LocalCloud.Services.Ec2.Rules;
using SyncStorage.LocalCloud.Services.Ec2.State;

namespace SyncStorage.LocalCloud.Services.Ec2.Machines;

/// <summary>What the metadata endpoint serves: texts by path, and listings of what is below a path.</summary>
internal sealed class MetadataTree
{
    private readonly SortedDictionary<string, Func<string>> leaves = new(StringComparer.Ordinal);

    public MetadataTree(CloudContext context, ICredentialStore credentials, MetadataFacts facts)
    {
        var instance = facts.Instance;
        Add("meta-data/ami-id", instance.ImageId);
        Add("meta-data/ami-launch-index", $"{instance.LaunchIndex}");
        Add("meta-data/hostname", InstanceView.DnsName(instance));
        Add("meta-data/instance-action", "none");
        Add("meta-data/instance-id", instance.Id);
        Add("meta-data/instance-life-cycle", "on-demand");
        Add("meta-data/instance-type", instance.InstanceType);
        Add("meta-data/local-hostname", InstanceView.DnsName(instance));
        Add("meta-data/local-ipv4", instance.Address);
        Add("meta-data/mac", InstanceView.MacAddress(instance));
        Add("meta-data/placement/availability-zone", instance.Zone);
        Add("meta-data/placement/region", context.Region);
        Add("meta-data/reservation-id", instance.ReservationId);
        Add("meta-data/security-groups", string.Join('\n', facts.GroupNames));
        Add("meta-data/services/domain", "amazonaws.com");
        Add("meta-data/services/partition", "aws");
        AddNetwork(context, facts);
        if (facts.PublicKey is { } publicKey)
        {
            Add("meta-data/public-keys", $"0={instance.KeyName}");
            Add("meta-data/public-keys/0/openssh-key", publicKey);
        }

        Add("dynamic/instance-identity/document", Identity(context, facts));
        if (instance.MetadataTags)
        {
            foreach (var (key, value) in facts.Tags) Add($"meta-data/tags/instance/{key}", value);
        }

        if (instance.Profile is not null) AddProfile(context, credentials, instance);
        if (instance.UserData is { Length: > 0 } encoded) leaves["user-data"] = () => System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(encoded));
    }

    /// <summary>The text at a path (without version), a listing, or null if there is nothing.</summary>
    public string? Read(string path)
    {
        if (leaves.TryGetValue(path.TrimEnd('/'), out var leaf)) return leaf();
        var prefix = path.Length == 0 || path.EndsWith('/') ? path : path + "/";
        var below = leaves.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)).Select(key =>
        {
            var rest = key[prefix.Length..];
            var slash = rest.IndexOf('/');
            return slash < 0 ? rest : rest[..(slash + 1)];
        }).Distinct().ToList();

        // What has a text of its own and more below it is listed as a folder.
        below.RemoveAll(name => below.Contains(name + "/"));
        return below.Count > 0 ? string.Join('\n', below) : null;
    }

    private void Add(string path, string text) => leaves[path] = () => text;

    private void AddNetwork(CloudContext context, MetadataFacts facts)
    {
        var instance = facts.Instance;
        var prefix = $"meta-data/network/interfaces/macs/{InstanceView.MacAddress(instance)}";
        Add($"{prefix}/interface-id", instance.InterfaceId);
        Add($"{prefix}/local-ipv4s", instance.Address);
        Add($"{prefix}/owner-id", context.AccountId);
        Add($"{prefix}/security-group-ids", string.Join('\n', instance.GroupIds));
        Add($"{prefix}/subnet-id", instance.SubnetId);
        Add($"{prefix}/vpc-id", CloudContext.VpcId);
    }

    /// <summary>Credentials are those of the profile's role, and minted when they are asked for.</summary>
    private void AddProfile(CloudContext context, ICredentialStore credentials, InstanceRecord instance)
    {
        var profile = instance.Profile!;
        Add("meta-data/iam/info", new JsonObject
        {
            ["Code"] = "Success",
            ["LastUpdated"] = context.Time.GetUtcNow().ToIso(),
            ["InstanceProfileArn"] = instance.ProfileArn,
            ["InstanceProfileId"] = instance.ProfileId,
        }.ToJsonString());
        if (credentials.RoleOf(profile) is not { } role) return;
        leaves[$"meta-data/iam/security-credentials/{role}"] = () =>
        {
            var issued = credentials.IssueFor(instance.Id, profile);
            return new JsonObject
            {
                ["Code"] = "Success",
                ["LastUpdated"] = context.Time.GetUtcNow().ToIso(),
                ["Type"] = "AWS-HMAC",
                ["AccessKeyId"] = issued.AccessKeyId,
                ["SecretAccessKey"] = issued.SecretAccessKey,
                ["Token"] = issued.SessionToken,
                ["Expiration"] = issued.Expires.ToIso(),
            }.ToJsonString();
        };
    }

    private static string Identity(CloudContext context, MetadataFacts facts) => new JsonObject
    {
        ["accountId"] = context.AccountId,
        ["architecture"] = facts.Instance.Architecture,
        ["availabilityZone"] = facts.Instance.Zone,
        ["imageId"] = facts.Instance.ImageId,
        ["instanceId"] = facts.Instance.Id,
        ["instanceType"] = facts.Instance.InstanceType,
        ["pendingTime"] = facts.Instance.LaunchTime.ToIso(),
        ["privateIp"] = facts.Instance.Address,
        ["region"] = context.Region,
        ["version"] = "2017-09-30",
    }.ToJsonString();
}
