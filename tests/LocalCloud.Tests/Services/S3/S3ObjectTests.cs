using System.Net;
using System.Text;
using Amazon.S3;
using Amazon.S3.Model;
using SyncStorage.TestSupport;

namespace SyncStorage.LocalCloud.Tests.Services.S3;

[Category(Categories.Emulator)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class S3ObjectTests : IAsyncDisposable
{
    private const string Bucket = "sync2-000000000000-us-east-1";

    private LocalCloudFixture cloud = null!;
    private AmazonS3Client s3 = null!;

    [SetUp]
    public async Task StartAsync()
    {
        cloud = await LocalCloudFixture.StartAsync();
        s3 = cloud.S3();
        await s3.PutBucketAsync(new PutBucketRequest { BucketName = Bucket });
    }

    public async ValueTask DisposeAsync()
    {
        if (cloud is not null) await cloud.DisposeAsync();
    }

    [Test]
    public async Task PutObject_ThenGet_GivesContentMetadataAndTag()
    {
        var put = await s3.PutObjectAsync(new PutObjectRequest
        {
            BucketName = Bucket,
            Key = "config/1 & ü.json",
            ContentBody = "{\"a\": 1}",
            ContentType = "application/json",
            Metadata = { ["release"] = "0.1.0" },
        });

        using var got = await s3.GetObjectAsync(new GetObjectRequest { BucketName = Bucket, Key = "config/1 & ü.json" });
        using var reader = new StreamReader(got.ResponseStream);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await reader.ReadToEndAsync(), Is.EqualTo("{\"a\": 1}"));
            Assert.That(got.ETag, Is.EqualTo(put.ETag).And.EqualTo("\"42b7b4f2921788ea14dac5566e6f06d0\""));
            Assert.That(got.Headers.ContentType, Is.EqualTo("application/json"));
            Assert.That(got.Metadata["release"], Is.EqualTo("0.1.0"));
            Assert.That(got.ServerSideEncryptionMethod, Is.EqualTo(ServerSideEncryptionMethod.AES256));
        }
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(65_536)]
    [TestCase(3_000_001)]
    public async Task PutObject_StreamOfAnySize_RoundTrips(int bytes)
    {
        var content = new byte[bytes];
        new Random(bytes).NextBytes(content);

        await s3.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = "blob", InputStream = new MemoryStream(content) });

        using var got = await s3.GetObjectAsync(new GetObjectRequest { BucketName = Bucket, Key = "blob" });
        using var copy = new MemoryStream();
        await got.ResponseStream.CopyToAsync(copy);
        Assert.That(copy.ToArray(), Is.EqualTo(content));
    }

    [Test]
    public async Task PutObject_IfNoneMatchAny_SecondIsRefused()
    {
        await s3.PutObjectAsync(Lock("first", ifNoneMatch: "*"));

        var refused = (await Assert.ThrowsAsync<AmazonS3Exception>(() => s3.PutObjectAsync(Lock("second", ifNoneMatch: "*"))))!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(refused.ErrorCode, Is.EqualTo("PreconditionFailed"));
            Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.PreconditionFailed));
            Assert.That(await ReadAsync("lock"), Is.EqualTo("first"));
        }
    }

    [Test]
    public async Task PutObject_IfMatch_OnlyTheCurrentTagWins()
    {
        var first = await s3.PutObjectAsync(Lock("first"));
        var second = await s3.PutObjectAsync(Lock("second", ifMatch: first.ETag));

        var refused = (await Assert.ThrowsAsync<AmazonS3Exception>(() => s3.PutObjectAsync(Lock("third", ifMatch: first.ETag))))!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(second.ETag, Is.Not.EqualTo(first.ETag));
            Assert.That(refused.ErrorCode, Is.EqualTo("PreconditionFailed"));
            Assert.That(await ReadAsync("lock"), Is.EqualTo("second"));
        }
    }

    [Test]
    public async Task PutObject_IfMatchWithoutObject_IsNoSuchKey()
    {
        var refused = (await Assert.ThrowsAsync<AmazonS3Exception>(() => s3.PutObjectAsync(Lock("x", ifMatch: "\"abc\""))))!;

        Assert.That(refused.ErrorCode, Is.EqualTo("NoSuchKey"));
    }

    [Test]
    public async Task PutObject_ManyAtOnceIfNoneMatchAny_ExactlyOneWins()
    {
        var attempts = Enumerable.Range(0, 16).Select(async number =>
        {
            try
            {
                await s3.PutObjectAsync(Lock($"holder {number}", ifNoneMatch: "*"));
                return true;
            }
            catch (AmazonS3Exception exception) when (exception.ErrorCode == "PreconditionFailed")
            {
                return false;
            }
        });

        var outcomes = await Task.WhenAll(attempts);

        Assert.That(outcomes.Count(won => won), Is.EqualTo(1));
    }

    [Test]
    public async Task GetObject_Missing_IsNoSuchKey()
    {
        var missing = (await Assert.ThrowsAsync<NoSuchKeyException>(() => s3.GetObjectAsync(Bucket, "nothing")))!;
        var head = (await Assert.ThrowsAsync<AmazonS3Exception>(() => s3.GetObjectMetadataAsync(Bucket, "nothing")))!;
        var bucket = (await Assert.CatchAsync<AmazonS3Exception>(() => s3.GetObjectAsync("other-bucket", "nothing")))!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(missing.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
            Assert.That(head.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
            Assert.That(bucket.ErrorCode, Is.EqualTo("NoSuchBucket"));
        }
    }

    [Test]
    public async Task GetObject_Range_GivesThatPart()
    {
        await s3.PutObjectAsync(Lock("0123456789"));

        using var middle = await s3.GetObjectAsync(new GetObjectRequest { BucketName = Bucket, Key = "lock", ByteRange = new ByteRange(2, 4) });
        using var reader = new StreamReader(middle.ResponseStream);
        var outside = (await Assert.ThrowsAsync<AmazonS3Exception>(() =>
            s3.GetObjectAsync(new GetObjectRequest { BucketName = Bucket, Key = "lock", ByteRange = new ByteRange(10, 20) })))!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await reader.ReadToEndAsync(), Is.EqualTo("234"));
            Assert.That(middle.ContentRange, Is.EqualTo("bytes 2-4/10"));
            Assert.That(outside.ErrorCode, Is.EqualTo("InvalidRange"));
        }
    }

    [Test]
    public async Task GetObject_IfNoneMatchCurrentTag_IsNotModified()
    {
        var put = await s3.PutObjectAsync(Lock("x"));

        var answer = (await Assert.ThrowsAsync<AmazonS3Exception>(() =>
            s3.GetObjectAsync(new GetObjectRequest { BucketName = Bucket, Key = "lock", EtagToNotMatch = put.ETag })))!;

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
    }

    [Test]
    public async Task Presigned_PutThenGet_WorkWithoutCredentials()
    {
        using var http = new HttpClient();
        var put = Presign(HttpVerb.PUT, TimeSpan.FromMinutes(15));
        var get = Presign(HttpVerb.GET, TimeSpan.FromMinutes(15));

        using var stored = await http.PutAsync(put, new ByteArrayContent(Encoding.UTF8.GetBytes("result")));
        var read = await http.GetStringAsync(get);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(stored.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(read, Is.EqualTo("result"));
        }
    }

    [Test]
    public async Task Presigned_ForAnotherKey_IsRefused()
    {
        using var http = new HttpClient();
        var url = Presign(HttpVerb.GET, TimeSpan.FromMinutes(15)).ToString().Replace("/lock?", "/other?", StringComparison.Ordinal);

        using var answer = await http.GetAsync(new Uri(url));

        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain("SignatureDoesNotMatch"));
    }

    [Test]
    public async Task DeleteObjects_SomeMissing_AllAreGone()
    {
        foreach (var key in new[] { "a", "b" }) await s3.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = key, ContentBody = key });

        var deleted = await s3.DeleteObjectsAsync(new DeleteObjectsRequest
        {
            BucketName = Bucket,
            Objects = [new KeyVersion { Key = "a" }, new KeyVersion { Key = "b" }, new KeyVersion { Key = "never" }],
        });

        var rest = await s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Bucket });
        using (Assert.EnterMultipleScope())
        {
            Assert.That(deleted.DeletedObjects.Select(item => item.Key), Is.EqualTo(["a", "b", "never"]));
            Assert.That(rest.KeyCount, Is.Zero);
        }
    }

    [Test]
    public async Task CopyObject_ToAnotherKey_KeepsContentAndType()
    {
        await s3.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = "lock", ContentBody = "x", ContentType = "text/x-lock" });

        await s3.CopyObjectAsync(new CopyObjectRequest { SourceBucket = Bucket, SourceKey = "lock", DestinationBucket = Bucket, DestinationKey = "copy" });

        using var copy = await s3.GetObjectAsync(Bucket, "copy");
        Assert.That(copy.Headers.ContentType, Is.EqualTo("text/x-lock"));
    }

    [Test]
    public async Task MultipartUpload_TwoParts_AreOneObject()
    {
        var upload = await s3.InitiateMultipartUploadAsync(new InitiateMultipartUploadRequest { BucketName = Bucket, Key = "big" });
        var first = new byte[5 * 1024 * 1024];
        var parts = new List<PartETag>();
        foreach (var (number, content) in new[] { (1, first), (2, "end"u8.ToArray()) })
        {
            var part = await s3.UploadPartAsync(new UploadPartRequest
            {
                BucketName = Bucket,
                Key = "big",
                UploadId = upload.UploadId,
                PartNumber = number,
                InputStream = new MemoryStream(content),
                PartSize = content.Length,
            });
            parts.Add(new PartETag(number, part.ETag));
        }

        var done = await s3.CompleteMultipartUploadAsync(new CompleteMultipartUploadRequest { BucketName = Bucket, Key = "big", UploadId = upload.UploadId, PartETags = parts });

        var head = await s3.GetObjectMetadataAsync(Bucket, "big");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(head.ContentLength, Is.EqualTo(first.Length + 3));
            Assert.That(done.ETag, Does.EndWith("-2\""));
        }
    }

    [Test]
    public async Task Restart_ObjectsAndBuckets_AreStillThere()
    {
        var put = await s3.PutObjectAsync(Lock("kept"));

        await cloud.RestartAsync(keepProcesses: false);

        var head = await s3.GetObjectMetadataAsync(Bucket, "lock");
        Assert.That(head.ETag, Is.EqualTo(put.ETag));
    }

    private static PutObjectRequest Lock(string content, string? ifMatch = null, string? ifNoneMatch = null) =>
        new() { BucketName = Bucket, Key = "lock", ContentBody = content, IfMatch = ifMatch, IfNoneMatch = ifNoneMatch };

    private Uri Presign(HttpVerb verb, TimeSpan validity) => new(s3.GetPreSignedURL(new GetPreSignedUrlRequest
    {
        BucketName = Bucket,
        Key = "lock",
        Verb = verb,
        Protocol = Protocol.HTTP,
        Expires = TimeProvider.System.GetUtcNow().UtcDateTime + validity,
    }));

    private async Task<string> ReadAsync(string key)
    {
        using var got = await s3.GetObjectAsync(Bucket, key);
        using var reader = new StreamReader(got.ResponseStream);
        return await reader.ReadToEndAsync();
    }
}
