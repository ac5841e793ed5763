using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.ElasticLoadBalancing;
using Amazon.ElasticLoadBalancing.Model;
using Amazon.S3;
using Amazon.S3.Model;
using Instance = Amazon.EC2.Model.Instance;

namespace SyncStorage.Resilience.Harness;

/// <summary>A webhead that exists.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Address">Its private address; on LocalCloud this machine's.</param>
/// <param name="Type">Its instance type.</param>
/// <param name="State">EC2's word.</param>
/// <param name="Serving">Whether the load balancer says InService, and it is not on its way out.</param>
internal sealed record SeenWebhead(string Id, string Address, string Type, string State, bool Serving);

/// <summary>What is in a cluster's LocalCloud, asked for over the wire: faults that stand hit these calls, too.</summary>
internal sealed class CloudView(Cluster cluster) : IDisposable
{
    private const string LoadBalancer = "sync2-lb";

    private readonly AmazonEC2Client ec2 = new(cluster.Connection().Credentials, cluster.Configured(new AmazonEC2Config()));
    private readonly AmazonElasticLoadBalancingClient elb = new(cluster.Connection().Credentials, cluster.Configured(new AmazonElasticLoadBalancingConfig()));
    private readonly AmazonS3Client s3 = new(cluster.Connection().Credentials, cluster.Configured(new AmazonS3Config { ForcePathStyle = true }));

    /// <summary>The instances of a role that are not terminated or on their way there.</summary>
    public async Task<IReadOnlyList<string>> InstancesAsync(string role) => [.. (await DescribeAsync(role)).Select(instance => instance.InstanceId)];

    /// <summary>The webheads that are not terminated or on their way there.</summary>
    public async Task<IReadOnlyList<SeenWebhead>> WebheadsAsync()
    {
        var instances = await DescribeAsync("webhead");
        if (instances.Count == 0) return [];
        var serving = (await HealthAsync()).Where(one => one.State == "InService" && one.Description?.Contains("deregistration", StringComparison.OrdinalIgnoreCase) != true)
            .Select(one => one.InstanceId).ToHashSet();
        return [.. instances.Select(instance => new SeenWebhead(instance.InstanceId, instance.PrivateIpAddress, instance.InstanceType.Value, instance.State.Name.Value, serving.Contains(instance.InstanceId)))];
    }

    /// <summary>Ends a webhead behind everybody's back, as a broken machine does, and waits until the load balancer has seen it.</summary>
    public async Task BreakAsync(string id)
    {
        await ec2.TerminateInstancesAsync(new TerminateInstancesRequest { InstanceIds = [id] });
        while ((await WebheadsAsync()).Any(webhead => webhead.Id == id) || (await HealthAsync()).Exists(one => one.InstanceId == id && one.State == "InService"))
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
    }

    /// <summary>The cluster's images that have not passed a boot test.</summary>
    public async Task<IReadOnlyList<string>> UnverifiedImagesAsync() =>
    [
        .. ((await ec2.DescribeImagesAsync(new DescribeImagesRequest { Owners = ["self"] })).Images ?? [])
            .Where(image => image.Tags?.Exists(tag => tag.Key == "Verified") != true).Select(image => image.ImageId),
    ];

    /// <summary>Makes the image of a release say something else about itself.</summary>
    public async Task TagImageAsync(string release, string key, string value)
    {
        var images = (await ec2.DescribeImagesAsync(new DescribeImagesRequest { Owners = ["self"], Filters = [new Amazon.EC2.Model.Filter("tag:Release", [release])] })).Images ?? [];
        await ec2.CreateTagsAsync(new CreateTagsRequest { Resources = [.. images.Select(image => image.ImageId)], Tags = [new Amazon.EC2.Model.Tag(key, value)] });
    }

    /// <summary>The keys below a prefix.</summary>
    public async Task<IReadOnlyList<string>> KeysAsync(string prefix) =>
        [.. ((await s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Cluster.Bucket, Prefix = prefix })).S3Objects ?? []).Select(item => item.Key)];

    /// <summary>Writes an object.</summary>
    public Task PutAsync(string key, Stream content) =>
        s3.PutObjectAsync(new PutObjectRequest { BucketName = Cluster.Bucket, Key = key, InputStream = content });

    /// <summary>What runs have left that is temporary: builders, admin instances, bake objects.</summary>
    public async Task<IReadOnlyList<string>> TemporaryAsync() =>
        [.. await InstancesAsync("builder"), .. await InstancesAsync("admin"), .. await KeysAsync("bake/")];

    public void Dispose()
    {
        ec2.Dispose();
        elb.Dispose();
        s3.Dispose();
    }

    private async Task<List<Instance>> DescribeAsync(string role)
    {
        var request = new DescribeInstancesRequest
        {
            Filters = [new Amazon.EC2.Model.Filter("tag:Role", [role]), new Amazon.EC2.Model.Filter("instance-state-name", ["pending", "running", "stopping", "stopped"])],
        };
        return [.. ((await ec2.DescribeInstancesAsync(request)).Reservations ?? []).SelectMany(reservation => reservation.Instances)];
    }

    private async Task<List<Amazon.ElasticLoadBalancing.Model.InstanceState>> HealthAsync() =>
        (await elb.DescribeInstanceHealthAsync(new DescribeInstanceHealthRequest { LoadBalancerName = LoadBalancer })).InstanceStates ?? [];
}
