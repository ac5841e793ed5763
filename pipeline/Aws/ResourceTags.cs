namespace SyncStorage.Pipeline.Aws;

/// <summary>
/// The tags by which a cluster's resources are known: AWS itself is the state. Keys and values are the same everywhere;
/// only each service's own tag type differs.
/// </summary>
public sealed class ResourceTags
{
    /// <summary>The product's value of the tag <c>Product</c>.</summary>
    public const string ProductName = "syncstorage";

    private readonly SortedDictionary<string, string> values;

    private ResourceTags(SortedDictionary<string, string> values) => this.values = values;

    /// <summary>The tags as pairs, sorted by key.</summary>
    public IReadOnlyDictionary<string, string> Values => values;

    /// <summary>The tags that every resource of a role carries.</summary>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="role">E.g. <c>webhead</c>, <c>dbnode</c>, <c>builder</c>.</param>
    public static ResourceTags Of(string cluster, string role) => new(new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["Product"] = ProductName,
        ["Cluster"] = cluster,
        ["Role"] = role,
    });

    /// <summary>Whether observed tags say that a resource belongs to the cluster.</summary>
    public static bool AreOurs(IReadOnlyDictionary<string, string> observed, string cluster)
    {
        ArgumentNullException.ThrowIfNull(observed);
        return observed.GetValueOrDefault("Product") == ProductName && observed.GetValueOrDefault("Cluster") == cluster;
    }

    /// <summary>These tags and one more, or one with another value.</summary>
    public ResourceTags With(string key, string value) => new(new SortedDictionary<string, string>(values, StringComparer.Ordinal) { [key] = value });

    /// <summary>The tags that are missing from, or differ in, what was observed.</summary>
    public ResourceTags Missing(IReadOnlyDictionary<string, string> observed)
    {
        ArgumentNullException.ThrowIfNull(observed);
        return new ResourceTags(new SortedDictionary<string, string>(
            values.Where(tag => observed.GetValueOrDefault(tag.Key) != tag.Value).ToDictionary(), StringComparer.Ordinal));
    }

    /// <summary>EC2's filters for whatever belongs to a cluster.</summary>
    public static List<Amazon.EC2.Model.Filter> Filters(string cluster) => [new("tag:Product", [ProductName]), new("tag:Cluster", [cluster])];

    /// <summary>EC2's form.</summary>
    public List<Amazon.EC2.Model.Tag> ToEc2() => [.. values.Select(tag => new Amazon.EC2.Model.Tag(tag.Key, tag.Value))];

    /// <summary>The load balancer's form.</summary>
    public List<Amazon.ElasticLoadBalancing.Model.Tag> ToElb() =>
        [.. values.Select(tag => new Amazon.ElasticLoadBalancing.Model.Tag { Key = tag.Key, Value = tag.Value })];

    /// <summary>RDS's form.</summary>
    public List<Amazon.RDS.Model.Tag> ToRds() => [.. values.Select(tag => new Amazon.RDS.Model.Tag { Key = tag.Key, Value = tag.Value })];

    /// <summary>ElastiCache's form.</summary>
    public List<Amazon.ElastiCache.Model.Tag> ToElastiCache() =>
        [.. values.Select(tag => new Amazon.ElastiCache.Model.Tag { Key = tag.Key, Value = tag.Value })];

    /// <summary>The Parameter Store's form.</summary>
    public List<Amazon.SimpleSystemsManagement.Model.Tag> ToSsm() =>
        [.. values.Select(tag => new Amazon.SimpleSystemsManagement.Model.Tag { Key = tag.Key, Value = tag.Value })];

    /// <summary>IAM's form.</summary>
    public List<Amazon.IdentityManagement.Model.Tag> ToIam() =>
        [.. values.Select(tag => new Amazon.IdentityManagement.Model.Tag { Key = tag.Key, Value = tag.Value })];

    /// <summary>CloudWatch's form.</summary>
    public List<Amazon.CloudWatch.Model.Tag> ToCloudWatch() =>
        [.. values.Select(tag => new Amazon.CloudWatch.Model.Tag { Key = tag.Key, Value = tag.Value })];

    /// <summary>S3's form.</summary>
    public List<Amazon.S3.Model.Tag> ToS3() => [.. values.Select(tag => new Amazon.S3.Model.Tag { Key = tag.Key, Value = tag.Value })];
}
