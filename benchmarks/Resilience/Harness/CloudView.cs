using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.S3;
using Amazon.S3.Model;

namespace SyncStorage.Resilience.Harness;

/// <summary>What is in a cluster's LocalCloud, asked for over the wire.</summary>
internal sealed class CloudView(Cluster cluster) : IDisposable
{
    private readonly AmazonEC2Client ec2 = new(cluster.Connection().Credentials, cluster.Configured(new AmazonEC2Config()));
    private readonly AmazonS3Client s3 = new(cluster.Connection().Credentials, cluster.Configured(new AmazonS3Config { ForcePathStyle = true }));

    /// <summary>The instances of a role that are not terminated or on their way there.</summary>
    public async Task<IReadOnlyList<string>> InstancesAsync(string role)
    {
        var request = new DescribeInstancesRequest
        {
            Filters = [new Amazon.EC2.Model.Filter("tag:Role", [role]), new Amazon.EC2.Model.Filter("instance-state-name", ["pending", "running", "stopping", "stopped"])],
        };
        return [.. ((await ec2.DescribeInstancesAsync(request)).Reservations ?? []).SelectMany(reservation => reservation.Instances).Select(instance => instance.InstanceId)];
    }

    /// <summary>The cluster's images that have not passed a boot test.</summary>
    public async Task<IReadOnlyList<string>> UnverifiedImagesAsync() =>
    [
        .. ((await ec2.DescribeImagesAsync(new DescribeImagesRequest { Owners = ["self"] })).Images ?? [])
            .Where(image => image.Tags?.Exists(tag => tag.Key == "Verified") != true).Select(image => image.ImageId),
    ];

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
        s3.Dispose();
    }
}
