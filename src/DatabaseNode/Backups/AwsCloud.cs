using System.Globalization;
using System.Net;
using Amazon;
using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using SyncStorage.DatabaseNode.Settings;
using Ec2Tag = Amazon.EC2.Model.Tag;
using ResourceType = Amazon.EC2.ResourceType;
using RestoreRequest = SyncStorage.DatabaseNode.Settings.RestoreRequest;

namespace SyncStorage.DatabaseNode.Backups;

/// <summary>AWS, with the instance's own credentials.</summary>
internal sealed class AwsCloud(NodeSettings settings) : ICloud, IDisposable
{
    private const string Role = "dbnode";

    private readonly Lazy<AmazonS3Client> s3 = new(() => new AmazonS3Client(Configure(new AmazonS3Config { ForcePathStyle = settings.EndpointUrl is not null }, settings)));

    private readonly Lazy<AmazonSimpleSystemsManagementClient> ssm = new(() => new AmazonSimpleSystemsManagementClient(Configure(new AmazonSimpleSystemsManagementConfig(), settings)));

    // A snapshot that is asked for twice is two: whoever asks looks what there is, and asks again.
    private readonly Lazy<AmazonEC2Client> ec2 = new(() => new AmazonEC2Client(Configure(new AmazonEC2Config { MaxErrorRetry = 0 }, settings)));

    public async Task<Secret> ReadSecretAsync(string parameter, CancellationToken cancellationToken)
    {
        var answer = await ssm.Value.GetParameterAsync(new GetParameterRequest { Name = parameter, WithDecryption = true }, cancellationToken);
        return new Secret(answer.Parameter.Value);
    }

    public Task PutAsync(string key, Stream content, CancellationToken cancellationToken) => s3.Value.PutObjectAsync(
        new PutObjectRequest { BucketName = settings.Bucket, Key = key, InputStream = content, AutoCloseStream = false }, cancellationToken);

    public async Task<Stream?> GetAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            return (await s3.Value.GetObjectAsync(new GetObjectRequest { BucketName = settings.Bucket, Key = key }, cancellationToken)).ResponseStream;
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    public async Task<string> CreateSnapshotAsync(IReadOnlyDictionary<string, string> tags, CancellationToken cancellationToken)
    {
        var all = new Dictionary<string, string>(tags)
        {
            ["Product"] = "syncstorage",
            ["Cluster"] = settings.Cluster,
            ["Role"] = Role,
            ["Name"] = $"{settings.Cluster}-{settings.Node}",
            [SnapshotTags.Node] = settings.Node,
        };
        var answer = await ec2.Value.CreateSnapshotAsync(
            new CreateSnapshotRequest
            {
                VolumeId = settings.VolumeId,
                Description = $"{settings.Cluster}-{settings.Node}",
                TagSpecifications = [new TagSpecification { ResourceType = ResourceType.Snapshot, Tags = [.. all.Select(tag => new Ec2Tag(tag.Key, tag.Value))] }],
            },
            cancellationToken);
        return answer.Snapshot.SnapshotId;
    }

    public async Task<IReadOnlyList<NodeSnapshot>> SnapshotsAsync(CancellationToken cancellationToken)
    {
        var request = new DescribeSnapshotsRequest
        {
            OwnerIds = ["self"],
            Filters = [new("tag:Cluster", [settings.Cluster]), new($"tag:{SnapshotTags.Node}", [settings.Node]), new($"tag:{SnapshotTags.Kind}", [SnapshotTags.Automatic])],
        };
        var found = new List<NodeSnapshot>();
        do
        {
            var page = await ec2.Value.DescribeSnapshotsAsync(request, cancellationToken);
            found.AddRange((page.Snapshots ?? []).Where(snapshot => snapshot.State != SnapshotState.Error).Select(snapshot => new NodeSnapshot(snapshot.SnapshotId, TakenAt(snapshot), TagOf(snapshot, SnapshotTags.Timeline) ?? "")));
            request.NextToken = page.NextToken;
        }
        while (!string.IsNullOrEmpty(request.NextToken));
        return found;
    }

    public async Task DeleteSnapshotAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            await ec2.Value.DeleteSnapshotAsync(new DeleteSnapshotRequest { SnapshotId = id }, cancellationToken);
        }
        catch (AmazonEC2Exception exception) when (exception.ErrorCode == "InvalidSnapshot.NotFound")
        {
            // Gone already.
        }
    }

    public void Dispose()
    {
        if (s3.IsValueCreated) s3.Value.Dispose();
        if (ssm.IsValueCreated) ssm.Value.Dispose();
        if (ec2.IsValueCreated) ec2.Value.Dispose();
    }

    private static string? TagOf(Snapshot snapshot, string key) => (snapshot.Tags ?? []).Find(tag => tag.Key == key)?.Value;

    private static DateTimeOffset TakenAt(Snapshot snapshot) => DateTimeOffset.TryParseExact(
        TagOf(snapshot, SnapshotTags.TakenAt), RestoreRequest.TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
        ? time
        : new DateTimeOffset(snapshot.StartTime!.Value.ToUniversalTime(), TimeSpan.Zero);

    private static T Configure<T>(T config, NodeSettings settings)
        where T : ClientConfig
    {
        config.AuthenticationRegion = settings.Region;
        config.Timeout = TimeSpan.FromSeconds(100);
        if (settings.EndpointUrl is { } endpoint) config.ServiceURL = endpoint.ToString();
        else config.RegionEndpoint = RegionEndpoint.GetBySystemName(settings.Region);
        return config;
    }
}
