using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Services.Ec2.Instances;
using SyncStorage.LocalCloud.Services.Ec2.Machines;
using SyncStorage.LocalCloud.Services.Ec2.Rules;

namespace SyncStorage.LocalCloud.Services.Ssm.Commands;

/// <summary>The instances whose agent registered.</summary>
internal sealed class ManagedInstances(CloudContext context, CommandRequest request)
{
    private const string AgentVersion = "3.3.2299.0";

    public JsonObject Describe(JsonObject input)
    {
        var filters = input.Parts("Filters").Select(filter => (Key: filter.Needed("Key"), Values: filter.Texts("Values")))
            .Concat(input.Parts("InstanceInformationFilterList").Select(filter => (Key: filter.Needed("key"), Values: filter.Texts("valueSet"))))
            .ToList();
        if (filters.Find(filter => !IsKnown(filter.Key)) is { Key: { } unknown }) throw CommandErrors.InvalidFilterKey(unknown);
        var matching = request.Online().Where(facts => filters.TrueForAll(filter => Matches(facts, filter.Key, filter.Values)));
        var (page, next) = Paging.Cut(matching, input, smallest: 5, largest: 50);
        return new JsonObject { ["InstanceInformationList"] = page.ToArray(View) }.WithNext(next);
    }

    private static bool IsKnown(string key) =>
        key is "InstanceIds" or "PingStatus" or "PlatformTypes" or "AgentVersion" or "IamRole" or "ResourceType" or "tag-key"
        || key.StartsWith("tag:", StringComparison.Ordinal);

    private static bool Matches(MetadataFacts facts, string key, IReadOnlyList<string> values) => key switch
    {
        "InstanceIds" => values.Contains(facts.Instance.Id),
        "PingStatus" => values.Contains("Online"),
        "PlatformTypes" => values.Contains("Linux"),
        "AgentVersion" => values.Contains(AgentVersion),
        "IamRole" => facts.Instance.Profile is { } role && values.Contains(role),
        "ResourceType" => values.Contains("EC2Instance"),
        "tag-key" => values.Any(facts.Tags.ContainsKey),
        _ => facts.Tags.TryGetValue(key[4..], out var value) && values.Contains(value),
    };

    private JsonObject View(MetadataFacts facts) => new()
    {
        ["InstanceId"] = facts.Instance.Id,
        ["PingStatus"] = "Online",
        ["LastPingDateTime"] = context.Time.GetUtcNow().ToIso(),
        ["AgentVersion"] = AgentVersion,
        ["IsLatestVersion"] = true,
        ["PlatformType"] = "Linux",
        ["PlatformName"] = "Amazon Linux",
        ["PlatformVersion"] = "2023",
        ["ResourceType"] = "EC2Instance",
        ["IPAddress"] = facts.Instance.Address,
        ["ComputerName"] = InstanceView.DnsName(facts.Instance),
        ["SourceId"] = facts.Instance.Id,
        ["SourceType"] = "AWS::EC2::Instance",
    };
}
