using System.Text.Json.Nodes;
using Handler = System.Func<SyncStorage.LocalCloud.Core.ApiCall, System.Threading.CancellationToken, System.Threading.Tasks.Task<SyncStorage.LocalCloud.Core.ApiResult>>;

namespace SyncStorage.LocalCloud.Services.S3;

/// <summary>S3: buckets and objects, on files below the state directory.</summary>
internal sealed partial class S3Service : IAwsService
{
    private readonly CloudContext cloud;
    private readonly S3Store store;

    public S3Service(CloudContext cloud)
    {
        this.cloud = cloud;
        store = new S3Store(cloud);
        Operations = new Dictionary<string, Handler>(StringComparer.Ordinal)
        {
            ["ListBuckets"] = Now(ListBuckets),
            ["CreateBucket"] = Now(CreateBucket),
            ["HeadBucket"] = OnBucket(HeadBucket),
            ["DeleteBucket"] = OnBucket(DeleteBucket),
            ["GetBucketLocation"] = OnBucket(GetBucketLocation),
            ["PutPublicAccessBlock"] = OnBucket(PutPublicAccessBlock),
            ["GetPublicAccessBlock"] = OnBucket(GetPublicAccessBlock),
            ["PutBucketEncryption"] = OnBucket(PutBucketEncryption),
            ["GetBucketEncryption"] = OnBucket(GetBucketEncryption),
            ["PutBucketLifecycleConfiguration"] = OnBucket(PutBucketLifecycle),
            ["GetBucketLifecycleConfiguration"] = OnBucket(GetBucketLifecycle),
            ["PutBucketTagging"] = OnBucket(PutBucketTagging),
            ["GetBucketTagging"] = OnBucket(GetBucketTagging),
            ["PutBucketVersioning"] = OnBucket(PutBucketVersioning),
            ["GetBucketVersioning"] = OnBucket(GetBucketVersioning),
            ["ListObjects"] = OnBucket(ListObjects),
            ["ListObjectsV2"] = OnBucket(ListObjectsV2),
            ["ListObjectVersions"] = OnBucket(ListObjectVersions),
            ["GetObject"] = OnBucket((bucket, call) => Read(bucket, call, withBody: true)),
            ["HeadObject"] = OnBucket((bucket, call) => Read(bucket, call, withBody: false)),
            ["DeleteObject"] = OnBucket(DeleteObject),
            ["DeleteObjects"] = OnBucket(DeleteObjects),
            ["PutObject"] = OnBucket(PutObjectAsync),
            ["CopyObject"] = OnBucket(CopyObjectAsync),
            ["CreateMultipartUpload"] = OnBucket(CreateMultipartUpload),
            ["UploadPart"] = OnBucket(UploadPartAsync),
            ["CompleteMultipartUpload"] = OnBucket(CompleteMultipartUploadAsync),
            ["AbortMultipartUpload"] = OnBucket(AbortMultipartUpload),
            ["ListParts"] = OnBucket(ListParts),
        };
    }

    string IAwsService.Name => "s3";

    public IReadOnlyDictionary<string, Handler> Operations { get; }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(bool keepProcesses, CancellationToken cancellationToken) => Task.CompletedTask;

    private static Handler Now(Func<ApiCall, ApiResult> handle) => (call, _) => Task.FromResult(handle(call));

    private Handler OnBucket(Func<Bucket, ApiCall, ApiResult> handle) => OnBucket((bucket, call, _) =>
    {
        lock (bucket.Gate) return Task.FromResult(handle(bucket, call));
    });

    private Handler OnBucket(Func<Bucket, ApiCall, CancellationToken, Task<ApiResult>> handle) => (call, cancellationToken) =>
    {
        if (call.Input.Text("ExpectedBucketOwner") is { } owner && owner != cloud.AccountId) throw new AwsException("AccessDenied", "Access Denied", 403);
        return handle(Find(call.Input.Text("Bucket")!), call, cancellationToken);
    };

    private Bucket Find(string name) => store.Find(name) ?? throw S3Errors.NoSuchBucket;

    private JsonObject Owner() => new() { ["ID"] = cloud.AccountId.PadLeft(64, '0') };
}

internal static class S3Extensions
{
    /// <summary>Adds S3.</summary>
    public static IServiceCollection AddS3(this IServiceCollection services) => services.AddSingleton<IAwsService, S3Service>();
}
