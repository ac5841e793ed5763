using Amazon.S3;
using Amazon.S3.Model;
using SyncStorage.TestSupport;

namespace SyncStorage.LocalCloud.Tests.Services.S3;

[Category(Categories.Emulator)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class S3BucketTests : IAsyncDisposable
{
    private const string Bucket = "sync2-bucket";

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
    public async Task Settings_PutThenRead_AreWhatWasPut()
    {
        await s3.PutPublicAccessBlockAsync(new PutPublicAccessBlockRequest
        {
            BucketName = Bucket,
            PublicAccessBlockConfiguration = new PublicAccessBlockConfiguration { BlockPublicAcls = true, RestrictPublicBuckets = true },
        });
        await s3.PutBucketEncryptionAsync(new PutBucketEncryptionRequest
        {
            BucketName = Bucket,
            ServerSideEncryptionConfiguration = new ServerSideEncryptionConfiguration
            {
                ServerSideEncryptionRules = [new ServerSideEncryptionRule { ServerSideEncryptionByDefault = new ServerSideEncryptionByDefault { ServerSideEncryptionAlgorithm = ServerSideEncryptionMethod.AES256 }, BucketKeyEnabled = true }],
            },
        });
        await s3.PutLifecycleConfigurationAsync(new PutLifecycleConfigurationRequest
        {
            BucketName = Bucket,
            Configuration = new LifecycleConfiguration
            {
                Rules = [new LifecycleRule { Id = "bake", Status = LifecycleRuleStatus.Enabled, Filter = new LifecycleFilter { LifecycleFilterPredicate = new LifecyclePrefixPredicate { Prefix = "bake/" } }, Expiration = new LifecycleRuleExpiration { Days = 1 } }],
            },
        });
        await s3.PutBucketTaggingAsync(new PutBucketTaggingRequest { BucketName = Bucket, TagSet = [new Tag { Key = "Cluster", Value = "sync2" }] });
        await s3.PutBucketVersioningAsync(new PutBucketVersioningRequest { BucketName = Bucket, VersioningConfig = new S3BucketVersioningConfig { Status = VersionStatus.Enabled } });

        var access = (await s3.GetPublicAccessBlockAsync(new GetPublicAccessBlockRequest { BucketName = Bucket })).PublicAccessBlockConfiguration;
        var encryption = (await s3.GetBucketEncryptionAsync(new GetBucketEncryptionRequest { BucketName = Bucket })).ServerSideEncryptionConfiguration;
        var lifecycle = (await s3.GetLifecycleConfigurationAsync(new GetLifecycleConfigurationRequest { BucketName = Bucket })).Configuration;
        var tags = (await s3.GetBucketTaggingAsync(new GetBucketTaggingRequest { BucketName = Bucket })).TagSet;
        var versioning = (await s3.GetBucketVersioningAsync(new GetBucketVersioningRequest { BucketName = Bucket })).VersioningConfig;
        using (Assert.EnterMultipleScope())
        {
            Assert.That((access.BlockPublicAcls, access.BlockPublicPolicy, access.RestrictPublicBuckets), Is.EqualTo((true, false, true)));
            Assert.That(encryption.ServerSideEncryptionRules[0].BucketKeyEnabled, Is.True);
            Assert.That(lifecycle.Rules[0].Id, Is.EqualTo("bake"));
            Assert.That(lifecycle.Rules[0].Expiration.Days, Is.EqualTo(1));
            Assert.That(tags[0].Value, Is.EqualTo("sync2"));
            Assert.That(versioning.Status, Is.EqualTo(VersionStatus.Enabled));
        }
    }

    [Test]
    public async Task Settings_OfAFreshBucket_AreAwsDefaults()
    {
        var access = (await s3.GetPublicAccessBlockAsync(new GetPublicAccessBlockRequest { BucketName = Bucket })).PublicAccessBlockConfiguration;
        var encryption = (await s3.GetBucketEncryptionAsync(new GetBucketEncryptionRequest { BucketName = Bucket })).ServerSideEncryptionConfiguration;
        var tags = (await Assert.ThrowsAsync<AmazonS3Exception>(() => s3.GetBucketTaggingAsync(new GetBucketTaggingRequest { BucketName = Bucket })))!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(access.BlockPublicPolicy, Is.True);
            Assert.That(encryption.ServerSideEncryptionRules[0].ServerSideEncryptionByDefault.ServerSideEncryptionAlgorithm, Is.EqualTo(ServerSideEncryptionMethod.AES256));
            Assert.That(tags.ErrorCode, Is.EqualTo("NoSuchTagSet"));
        }
    }

    [Test]
    public async Task DeleteBucket_WithObjects_IsRefusedUntilEmpty()
    {
        await s3.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = "a", ContentBody = "a" });

        var refused = (await Assert.ThrowsAsync<AmazonS3Exception>(() => s3.DeleteBucketAsync(Bucket)))!;
        await s3.DeleteObjectAsync(Bucket, "a");
        await s3.DeleteBucketAsync(Bucket);

        var gone = (await Assert.CatchAsync<AmazonS3Exception>(() => s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Bucket })))!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(refused.ErrorCode, Is.EqualTo("BucketNotEmpty"));
            Assert.That(gone.ErrorCode, Is.EqualTo("NoSuchBucket"));
        }
    }

    [TestCase("..")]
    [TestCase("Upper")]
    [TestCase("192.168.5.4")]
    [TestCase("a")]
    public async Task CreateBucket_NameThatS3Forbids_IsRefused(string name)
    {
        var refused = (await Assert.CatchAsync<AmazonS3Exception>(() => s3.PutBucketAsync(new PutBucketRequest { BucketName = name })))!;

        Assert.That(Directory.GetDirectories(Path.Combine(cloud.StateDirectory, "s3")), Has.Length.EqualTo(1), refused.ErrorCode);
    }

    [Test]
    public async Task ListObjectsV2_DelimiterAndPages_GiveEachKeyOnce()
    {
        string[] keys = ["bake/1/log.txt", "bake/1/result.json", "bake/2/log.txt", "config/1.json", "config/2.json", "root.txt"];
        foreach (var key in keys) await s3.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = key, ContentBody = key });

        var (found, prefixes, pages) = (new List<string>(), new List<string>(), 0);
        var request = new ListObjectsV2Request { BucketName = Bucket, Delimiter = "/", MaxKeys = 1 };
        ListObjectsV2Response page;
        do
        {
            page = await s3.ListObjectsV2Async(request);
            found.AddRange((page.S3Objects ?? []).Select(item => item.Key));
            prefixes.AddRange(page.CommonPrefixes ?? []);
            request.ContinuationToken = page.NextContinuationToken;
            pages++;
        }
        while (page.IsTruncated == true && pages < 10);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(prefixes, Is.EqualTo(["bake/", "config/"]));
            Assert.That(found, Is.EqualTo(["root.txt"]));
            Assert.That(pages, Is.EqualTo(3));
        }
    }

    [Test]
    public async Task Versioning_DeleteAndReadOldVersion_StillGivesIt()
    {
        await s3.PutBucketVersioningAsync(new PutBucketVersioningRequest { BucketName = Bucket, VersioningConfig = new S3BucketVersioningConfig { Status = VersionStatus.Enabled } });
        var first = await s3.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = "k", ContentBody = "1" });
        await s3.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = "k", ContentBody = "2" });

        await s3.DeleteObjectAsync(Bucket, "k");

        using var old = await s3.GetObjectAsync(new GetObjectRequest { BucketName = Bucket, Key = "k", VersionId = first.VersionId });
        var versions = await s3.ListVersionsAsync(new ListVersionsRequest { BucketName = Bucket });
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await new StreamReader(old.ResponseStream).ReadToEndAsync(), Is.EqualTo("1"));
            Assert.That(versions.Versions, Has.Count.EqualTo(3));
            Assert.That(await Assert.ThrowsAsync<NoSuchKeyException>(() => s3.GetObjectAsync(Bucket, "k")), Is.Not.Null);
        }
    }
}
