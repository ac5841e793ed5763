using Amazon.Runtime;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;

namespace SyncStorage.Pipeline.Tests.Aws;

public sealed class OwnershipTests
{
    [Test]
    public void Require_OursByTags_Passes() =>
        Assert.That(() => Ownership.Require("database sync2-db0", ResourceTags.Of("sync2", "dbnode").Values, "sync2"), Throws.Nothing);

    [Test]
    public void Require_TagsOfAnotherCluster_Refuses()
    {
        var tags = ResourceTags.Of("sync2-b", "dbnode").Values;

        Assert.That(
            () => Ownership.Require("database sync2-db0", tags, "sync2"),
            Throws.TypeOf<PipelineException>().With.Property("Code").EqualTo(ErrorCode.NotOurs));
    }

    [TestCase("CacheSubnetGroupAlreadyExists")]
    [TestCase("InvalidGroup.Duplicate")]
    public async Task UnlessExists_Exists_IsNoError(string code)
    {
        var made = await AwsErrors.UnlessExistsAsync(() => throw new AmazonServiceException("exists") { ErrorCode = code });

        Assert.That(made, Is.False);
    }

    [Test]
    public async Task UnlessExists_BucketOfSomebodyElse_Fails()
    {
        var creating = AwsErrors.UnlessExistsAsync(() => throw new AmazonServiceException("taken") { ErrorCode = "BucketAlreadyExists" });

        await Assert.ThrowsAsync<AmazonServiceException>(() => creating);
    }
}
