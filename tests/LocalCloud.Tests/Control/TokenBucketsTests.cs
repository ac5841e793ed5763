using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using SyncStorage.LocalCloud.Control;

namespace SyncStorage.LocalCloud.Tests.Control;

internal sealed class TokenBucketsTests
{
    private readonly FakeTimeProvider time = new();

    [TestCase("ec2", "CreateSecurityGroup", 50)]
    [TestCase("ec2", "RunInstances", 5)]
    [TestCase("ec2", "DescribeInstances", 50)]
    [TestCase("ssm", "GetParameter", 40)]
    public void TryTake_Burst_PassesWhatTheBucketHolds(string service, string operation, int size)
    {
        var buckets = new TokenBuckets(time);

        var passed = Enumerable.Range(0, 2 * size).Count(_ => buckets.TryTake(service, operation, [], speed: 1));

        Assert.That(passed, Is.EqualTo(size));
    }

    [Test]
    public void TryTake_AfterTime_PassesWhatCameBack()
    {
        var buckets = new TokenBuckets(time);
        while (buckets.TryTake("ec2", "CreateSecurityGroup", [], speed: 2)) { }

        time.Advance(TimeSpan.FromSeconds(1));
        var passed = Enumerable.Range(0, 100).Count(_ => buckets.TryTake("ec2", "CreateSecurityGroup", [], speed: 2));

        Assert.That(passed, Is.EqualTo(10));
    }

    [Test]
    public void TryTake_FilteredDescription_HasTheLargerBucket()
    {
        var buckets = new TokenBuckets(time);
        var input = new JsonObject { ["InstanceIds"] = new JsonArray("i-1") };

        var passed = Enumerable.Range(0, 200).Count(_ => buckets.TryTake("ec2", "DescribeInstances", input, speed: 1));

        Assert.That(passed, Is.EqualTo(100));
    }

    [Test]
    public void TryTake_S3_IsNotThrottled()
    {
        var buckets = new TokenBuckets(time);

        Assert.That(Enumerable.Range(0, 1000).All(_ => buckets.TryTake("s3", "PutObject", [], speed: 1)));
    }
}
