using System.Globalization;
using System.Net;
using System.Text;
using Amazon.S3;
using Amazon.S3.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Local;
using SyncStorage.Pipeline.Settings;
using SyncStorage.Pipeline.State;
using SyncStorage.Pipeline.Tests.Rollout;

namespace SyncStorage.Pipeline.Tests.Aws;

/// <summary>The cluster's bucket in memory, with conditional writes.</summary>
internal sealed class MemoryBucket : NoClients, IDisposable
{
    private readonly SortedDictionary<string, (string Text, string ETag)> objects = new(StringComparer.Ordinal);
    private readonly AwsConnection connection;
    private int writes;

    public MemoryBucket(TimeProvider time)
    {
        S3 = (IAmazonS3)FakeFleetCloud.Calls.To(typeof(IAmazonS3), Answer);
        var settings = TestSettings.Local with { Aws = new AwsSettings { AccountId = "111111111111", Region = "eu-west-1" } };
        connection = new AwsConnection(new CurrentEnvironment(() => new LoadedEnvironment("test", "test.json", settings)), new NoLocalCloud());
        connection.OpenAsync(CancellationToken.None).GetAwaiter().GetResult();
        Bucket = new ClusterBucket(this, connection, TestSettings.Names, time);
        Objects = new StateObjects(Bucket);
    }

    public ClusterBucket Bucket { get; }

    public AwsConnection Connection => connection;

    public StateObjects Objects { get; }

    public IReadOnlyCollection<string> Keys => objects.Keys;

    /// <summary>The next write arrives, and its writer learns that its condition failed: an attempt's answer was lost, and it was tried again.</summary>
    public bool LoseNextAnswer { get; set; }

    public override IAmazonS3 S3 { get; }

    public string TextOf(string key) => objects[key].Text;

    public void Put(string key, string text) => objects[key] = (text, (++writes).ToString(CultureInfo.InvariantCulture));

    public void Dispose() => connection.Dispose();

    private object Answer(object request)
    {
        switch (request)
        {
            case GetObjectRequest get:
                var (text, etag) = objects.TryGetValue(get.Key, out var found) ? found : throw new AmazonS3Exception("none") { ErrorCode = "NoSuchKey", StatusCode = HttpStatusCode.NotFound };
                return new GetObjectResponse { ResponseStream = new MemoryStream(Encoding.UTF8.GetBytes(text)), ETag = etag };
            case PutObjectRequest put:
                objects.TryGetValue(put.Key, out var before);
                if (put.IfNoneMatch == "*" && before.ETag is not null || put.IfMatch is not null && put.IfMatch != before.ETag) throw ConditionFailed();
                Put(put.Key, put.ContentBody);
                if (!LoseNextAnswer) return new PutObjectResponse { ETag = objects[put.Key].ETag };
                LoseNextAnswer = false;
                throw ConditionFailed();
            case ListObjectsV2Request list:
                return new ListObjectsV2Response { S3Objects = [.. objects.Keys.Where(key => key.StartsWith(list.Prefix, StringComparison.Ordinal)).Select(key => new S3Object { Key = key })] };
            default:
                throw new NotSupportedException(request.GetType().Name);
        }
    }

    private static AmazonS3Exception ConditionFailed() => new("condition") { ErrorCode = "PreconditionFailed", StatusCode = HttpStatusCode.PreconditionFailed };

    private sealed class NoLocalCloud : ILocalCloud
    {
        public Task<LocalCloudEndpoint> EnsureRunningAsync(LocalCloudSettings settings, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<LocalCloudEndpoint?> FindAsync(LocalCloudSettings settings, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
