using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Hosting;
using SyncStorage.LocalCloud.Services;

namespace SyncStorage.LocalCloud.Security.Access;

/// <summary>The tags that a resource has, as its own service tells them.</summary>
internal sealed class TagLookup(ServiceRegistry services)
{
    private static readonly Caller Nobody = new("", "", null);

    /// <summary>The tags; none where there is no such resource.</summary>
    /// <param name="service">The model's name.</param>
    /// <param name="id">An EC2 id, a load balancer's name, a parameter's name, the ARN of a database or cache resource, or <c>role/…</c>, <c>instance-profile/…</c>.</param>
    public IReadOnlyList<KeyValuePair<string, string>> Of(string service, string id) => service switch
    {
        "ec2" => Read(service, "DescribeTags", new JsonObject { ["Filters"] = new JsonArray(new JsonObject { ["Name"] = "resource-id", ["Values"] = new JsonArray(id) }) }, "Tags"),
        "elb" => Read(service, "DescribeTags", new JsonObject { ["LoadBalancerNames"] = new JsonArray(id) }, "Tags", output => output.Structures("TagDescriptions") is [var first, ..] ? first : null),
        "rds" or "elasticache" => Read(service, "ListTagsForResource", new JsonObject { ["ResourceName"] = id }, "TagList"),
        "ssm" => Read(service, "ListTagsForResource", new JsonObject { ["ResourceType"] = "Parameter", ["ResourceId"] = id }, "TagList"),
        "iam" when id.Split('/', 2) is ["role", var role] => Read(service, "ListRoleTags", new JsonObject { ["RoleName"] = role }, "Tags"),
        "iam" when id.Split('/', 2) is ["instance-profile", var profile] => Read(service, "ListInstanceProfileTags", new JsonObject { ["InstanceProfileName"] = profile }, "Tags"),
        _ => [],
    };

    private IReadOnlyList<KeyValuePair<string, string>> Read(string service, string operation, JsonObject input, string member, Func<JsonObject, JsonObject?>? part = null)
    {
        var handler = services.Handler(services.Models[service].Operations[operation])!;
        try
        {
            // These handlers look at what they have in memory, and have answered when they return.
            var output = handler(new ApiCall(service, operation, input, Nobody, "", Stream.Null), CancellationToken.None).GetAwaiter().GetResult().Output;
            return (part is null ? output : part(output))?.Tags(member) ?? [];
        }
        catch (AwsException)
        {
            // What does not exist has no tags; the call itself will say so.
            return [];
        }
    }
}
