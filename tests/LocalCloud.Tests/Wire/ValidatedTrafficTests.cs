using System.Text;
using System.Text.Json.Nodes;
using Amazon.Route53;
using Amazon.Route53.Model;
using Amazon.S3.Model;
using Amazon.SecurityToken.Model;
using Amazon.SimpleSystemsManagement.Model;
using SyncStorage.TestSupport;

namespace SyncStorage.LocalCloud.Tests.Wire;

/// <summary>
/// Compares traffic with botocore's models. Our clients and LocalCloud share their shapes, so agreement between them would
/// prove nothing. The name puts it behind the other fixtures: what they recorded is judged too.
/// </summary>
[Category(Categories.Emulator)]
internal sealed class ValidatedTrafficTests
{
    [Test]
    public async Task Traffic_OfThisSession_IsWhatTheOfficialModelsSay()
    {
        await using var cloud = await LocalCloudFixture.StartAsync();
        await WideTraffic.Ec2Async(cloud);
        await WideTraffic.LoadBalancingAsync(cloud);
        await WideTraffic.DataAsync(cloud);
        await WideTraffic.NamesAsync(cloud);
        var own = await RecordAsync();

        var verdict = await BotocoreValidator.JudgeAsync([own, .. Directory.EnumerateFiles(Recordings.Folder).Where(file => file != own)]);

        await TestContext.Out.WriteLineAsync(verdict.ToJsonString(new() { WriteIndented = true }));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(BotocoreValidator.Problems(verdict), Is.Empty);
            foreach (var operation in new[] { "ec2.DescribeImages", "elb.DescribeLoadBalancers", "rds.DescribeDBInstances", "elasticache.DescribeCacheParameters", "s3.PutObject", "route53.ChangeResourceRecordSets", "ssm.PutParameter", "sts.GetCallerIdentity", "service-quotas.GetServiceQuota" })
                Assert.That(verdict["operations"]![operation], Is.Not.Null, operation);
        }
    }

    // Each change makes a recording that no AWS would have given: the validator must notice every one.
    private static IEnumerable<TestCaseData> Doctored()
    {
        yield return Case("sts", "UnknownElement", call => EditBody(call, "responseBody", text => text.Replace("<Arn>", "<Surprise>x</Surprise><Arn>", StringComparison.Ordinal)));
        yield return Case("sts", "MissingWrapper", call => EditBody(call, "responseBody", text => text.Replace("GetCallerIdentityResult", "Other", StringComparison.Ordinal)));
        yield return Case("sts", "UnknownParameter", call => EditBody(call, "requestBody", text => text + "&Surprise=1"));
        yield return Case("sts", "UnknownOperation", call => EditBody(call, "requestBody", text => text.Replace("GetCallerIdentity", "GetNobody", StringComparison.Ordinal)));
        yield return Case("ssm", "WrongType", call => EditBody(call, "responseBody", text => text.Replace("\"Version\":1", "\"Version\":\"1\"", StringComparison.Ordinal)));
        yield return Case("ssm", "MissingRequired", call => EditBody(call, "requestBody", text => text.Replace("\"Name\":\"/a\",", "", StringComparison.Ordinal)));
        yield return Case("ssm", "UnknownEnum", call => EditBody(call, "requestBody", text => text.Replace("SecureString", "SecretString", StringComparison.Ordinal)));
        yield return Case("ssm", "UnlistedError", call =>
        {
            call["status"] = 400;
            EditBody(call, "responseBody", _ => """{"__type": "NoSuchErrorOfAws", "message": "x"}""");
        });
        yield return Case("s3", "UnknownElement", call => EditBody(call, "responseBody", text => text.Replace("<KeyCount>", "<Surprise/><KeyCount>", StringComparison.Ordinal)));

        yield return Case("route53", "UnknownElement", call => EditBody(call, "responseBody", text => text.Replace("<ChangeInfo>", "<Surprise/><ChangeInfo>", StringComparison.Ordinal)));
        yield return Case("route53", "MissingMember", call => EditBody(call, "responseBody", text => text.Replace("ChangeInfo>", "Other>", StringComparison.Ordinal)));
        yield return Case("route53", "WrongOrder", call => EditBody(call, "requestBody", text => text.Replace("<TTL>300</TTL>", "", StringComparison.Ordinal).Replace("<Name>", "<TTL>300</TTL><Name>", StringComparison.Ordinal)));
        yield return Case("route53", "UnknownEnum", call => EditBody(call, "requestBody", text => text.Replace("UPSERT", "INSERT", StringComparison.Ordinal)));

        static TestCaseData Case(string scope, string what, Action<JsonObject> edit) => new TestCaseData(scope, edit).SetArgDisplayNames(scope, what);
    }

    [TestCaseSource(nameof(Doctored))]
    public async Task Traffic_Doctored_IsNoticed(string scope, Action<JsonObject> edit)
    {
        var calls = (await File.ReadAllLinesAsync(await RecordAsync())).Select(line => JsonNode.Parse(line)!.AsObject()).ToList();
        var call = calls.Last(candidate => (string?)candidate["scope"] == scope);
        var before = call.ToJsonString();

        edit(call);

        Assert.That(call.ToJsonString(), Is.Not.EqualTo(before), "The edit found nothing to change.");
        var file = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"doctored-{Guid.NewGuid():N}.jsonl");
        try
        {
            await File.WriteAllTextAsync(file, call.ToJsonString() + "\n");
            Assert.That(BotocoreValidator.Problems(await BotocoreValidator.JudgeAsync([file])), Has.Count.EqualTo(1));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<string> RecordAsync()
    {
        await using var cloud = await LocalCloudFixture.StartAsync();
        await cloud.Sts().GetCallerIdentityAsync(new GetCallerIdentityRequest());
        var s3 = cloud.S3();
        await s3.PutBucketAsync(new PutBucketRequest { BucketName = "bucket" });
        await s3.PutObjectAsync(new PutObjectRequest { BucketName = "bucket", Key = "a/b", ContentBody = "x" });
        await s3.GetObjectAsync(new GetObjectRequest { BucketName = "bucket", Key = "a/b" });
        await Assert.CatchAsync(() => s3.GetObjectAsync(new GetObjectRequest { BucketName = "bucket", Key = "nothing" }));
        await s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = "bucket", Delimiter = "/" });
        var ssm = cloud.Ssm();
        await Assert.CatchAsync(() => ssm.GetParameterAsync(new GetParameterRequest { Name = "/nothing" }));
        await ssm.PutParameterAsync(new PutParameterRequest { Name = "/a", Value = "x", Type = Amazon.SimpleSystemsManagement.ParameterType.SecureString });
        var names = cloud.Own(new AmazonRoute53Client(cloud.Credentials, cloud.Configure(new AmazonRoute53Config())));
        var zone = (await names.CreateHostedZoneAsync(new CreateHostedZoneRequest { Name = "sync.test", CallerReference = "1" })).HostedZone.Id.Split('/')[^1];
        var record = new ResourceRecordSet { Name = "a.sync.test", Type = RRType.A, TTL = 300, ResourceRecords = [new ResourceRecord { Value = "192.0.2.1" }] };
        await names.ChangeResourceRecordSetsAsync(new ChangeResourceRecordSetsRequest
        {
            HostedZoneId = zone,
            ChangeBatch = new ChangeBatch { Changes = [new Change { Action = ChangeAction.UPSERT, ResourceRecordSet = record }] },
        });
        return cloud.Options.RecordFile!;
    }

    private static void EditBody(JsonObject call, string which, Func<string, string> edit) =>
        call[which] = Convert.ToBase64String(Encoding.UTF8.GetBytes(edit(Encoding.UTF8.GetString(Convert.FromBase64String((string)call[which]!)))));
}
