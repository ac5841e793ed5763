using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.RDS;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Security;
using SyncStorage.TestSupport;
using DeleteDBInstanceRequest = Amazon.RDS.Model.DeleteDBInstanceRequest;
using Tag = Amazon.EC2.Model.Tag;

namespace SyncStorage.LocalCloud.Tests.Security;

/// <summary>What a restricted user may do.</summary>
[Category(Categories.Emulator)]
internal sealed class AuthorizerTests
{
    private const string Place = """{"Effect": "Allow", "Action": ["ec2:RunInstances", "ec2:CreateSecurityGroup"], "Resource": ["arn:aws:ec2:*::image/*", "arn:aws:ec2:*:*:subnet/*", "arn:aws:ec2:*:*:network-interface/*", "arn:aws:ec2:*:*:vpc/*", "arn:aws:ec2:*:*:security-group/*"]}""";
    private const string Tagged = """{"Effect": "Allow", "Action": ["ec2:RunInstances", "ec2:CreateTags"], "Resource": ["arn:aws:ec2:*:*:instance/*", "arn:aws:ec2:*:*:volume/*"], "Condition": {"StringEquals": {"aws:RequestTag/Cluster": "sync2"}}}""";
    private const string Untagged = """{"Effect": "Allow", "Action": "ec2:RunInstances", "Resource": "arn:aws:ec2:*:*:volume/*"}""";
    private const string Pass = """{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::*:role/sync2-webhead", "Condition": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}}""";
    private const string End = """{"Effect": "Allow", "Action": "ec2:TerminateInstances", "Resource": "*", "Condition": {"StringEquals": {"aws:ResourceTag/Cluster": "sync2"}}}""";

    private LocalCloudFixture cloud = null!;

    [SetUp]
    public async Task StartCloud() => cloud = await LocalCloudFixture.StartAsync();

    [TearDown]
    public async Task StopCloud() => await cloud.DisposeAsync();

    [Test]
    public async Task RunInstances_EachThingThatTakesPart_IsAskedAbout()
    {
        await cloud.MakeProfileAsync("sync2-webhead");
        await cloud.MakeProfileAsync("sync2-admin");
        using var user = Ec2($"{Place}, {Tagged}, {Untagged}, {Pass}");

        var launched = await user.RunInstancesAsync(Launch("sync2", "sync2-webhead"));
        var otherTag = await RefusalAsync(() => user.RunInstancesAsync(Launch("sync3", "sync2-webhead")));
        var otherRole = await RefusalAsync(() => user.RunInstancesAsync(Launch("sync2", "sync2-admin")));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(launched.Reservation.Instances, Has.Count.EqualTo(1));
            Assert.That(otherTag, Does.Contain("UnauthorizedOperation").And.Contain("ec2:RunInstances on resource: arn:aws:ec2:us-east-1:000000000000:instance/*"));
            Assert.That(otherRole, Does.Contain("iam:PassRole on resource: arn:aws:iam::000000000000:role/sync2-admin"));
        }
    }

    [Test]
    public async Task TerminateInstances_TagsOfTheInstance_Decide()
    {
        var ours = (await cloud.Ec2().RunInstancesAsync(Launch("sync2", null))).Reservation.Instances[0].InstanceId;
        var theirs = (await cloud.Ec2().RunInstancesAsync(Launch("sync3", null))).Reservation.Instances[0].InstanceId;
        using var user = Ec2(End);

        var refusal = await RefusalAsync(() => user.TerminateInstancesAsync(new TerminateInstancesRequest { InstanceIds = [ours, theirs] }));
        var ended = await user.TerminateInstancesAsync(new TerminateInstancesRequest { InstanceIds = [ours] });

        Assert.That(refusal, Does.Contain($"instance/{theirs}"));
        Assert.That(ended.TerminatingInstances, Has.Count.EqualTo(1));
    }

    [TestCase("db0-final-1", null, "DBInstanceNotFound")]
    [TestCase("other-final-1", null, "rds:CreateDBSnapshot on resource: arn:aws:rds:us-east-1:000000000000:snapshot:other-final-1")]
    [TestCase(null, true, "DBInstanceNotFound")]
    public async Task DeleteDBInstance_FinalSnapshot_WantsTheRightToMakeIt(string? snapshot, bool? skip, string expected)
    {
        const string Delete = """{"Effect": "Allow", "Action": "rds:DeleteDBInstance", "Resource": "*"}""";
        const string Snapshot = """{"Effect": "Allow", "Action": "rds:CreateDBSnapshot", "Resource": ["arn:aws:rds:*:*:db:db0", "arn:aws:rds:*:*:snapshot:db0-*"]}""";
        using var user = new AmazonRDSClient(User(skip == true ? Delete : $"{Delete}, {Snapshot}"), cloud.Configure(new AmazonRDSConfig()));

        var refusal = await RefusalAsync(() => user.DeleteDBInstanceAsync(new DeleteDBInstanceRequest { DBInstanceIdentifier = "db0", FinalDBSnapshotIdentifier = snapshot, SkipFinalSnapshot = skip }));

        Assert.That(refusal, Does.Contain(expected));
    }

    [TestCase(true, "NoSuchKey")]
    [TestCase(false, "AccessDenied")]
    public async Task GetObject_Missing_IsToldOnlyToWhoMayList(bool mayList, string code)
    {
        await cloud.S3().PutBucketAsync(new PutBucketRequest { BucketName = "bucket" });
        var list = mayList ? """, {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::bucket"}""" : "";
        using var user = new AmazonS3Client(User("""{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/config/*"}""" + list), cloud.Configure(new AmazonS3Config { ForcePathStyle = true }));

        var missing = await RefusalAsync(() => user.GetObjectAsync(new GetObjectRequest { BucketName = "bucket", Key = "config/current.json" }));
        var other = await RefusalAsync(() => user.GetObjectAsync(new GetObjectRequest { BucketName = "bucket", Key = "state/lock.json" }));

        Assert.That((missing!.Split(':')[0], other!.Split(':')[0]), Is.EqualTo((code, "AccessDenied")));
    }

    [Test]
    public async Task InstanceRole_Changed_DecidesFromThenOn()
    {
        const string Read = """{"Effect": "Allow", "Action": "ssm:GetParameter", "Resource": "*"}""";
        await cloud.Ssm().PutParameterAsync(new PutParameterRequest { Name = "/a", Value = "x", Type = ParameterType.String });
        await cloud.MakeProfileAsync("web", Read);
        var issued = cloud.Services.GetRequiredService<ICredentialStore>().IssueFor("i-1", "web");
        using var instance = new AmazonSimpleSystemsManagementClient(issued.AccessKeyId, issued.SecretAccessKey, issued.SessionToken, cloud.Configure(new AmazonSimpleSystemsManagementConfig()));

        await instance.GetParameterAsync(new GetParameterRequest { Name = "/a" });
        await cloud.Iam().PutRolePolicyAsync(new() { RoleName = "web", PolicyName = "denied", PolicyDocument = LocalCloudFixture.Policy(Read.Replace("Allow", "Deny", StringComparison.Ordinal)) });
        var refusal = await RefusalAsync(() => instance.GetParameterAsync(new GetParameterRequest { Name = "/a" }));

        Assert.That(refusal, Does.StartWith("AccessDeniedException").And.EndWith("with an explicit deny in an identity-based policy"));
    }

    [Test]
    public async Task RunInstances_FreshProfile_IsUnknownForTenSeconds()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var slow = await LocalCloudFixture.StartAsync(timeScale: 1, time);
        await slow.MakeProfileAsync("sync2-webhead");

        var early = await RefusalAsync(() => slow.Ec2().RunInstancesAsync(Launch("sync2", "sync2-webhead")));
        time.Advance(TimeSpan.FromSeconds(10));
        var unknown = await RefusalAsync(() => slow.Ec2().RunInstancesAsync(Launch("sync2", "nobody")));
        var later = slow.Services.GetRequiredService<IInstanceProfiles>().Find("sync2-webhead");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(new[] { early, unknown }, Is.All.StartsWith("InvalidParameterValue: Value (").And.All.EndsWith("Invalid IAM Instance Profile name"));
            Assert.That((later!.IsKnownToEc2, later.Arn), Is.EqualTo((true, "arn:aws:iam::000000000000:instance-profile/sync2-webhead")));
        }
    }

    private AmazonEC2Client Ec2(string statements) => new(User(statements), cloud.Configure(new AmazonEC2Config()));

    private BasicAWSCredentials User(string statements)
    {
        var made = cloud.Services.GetRequiredService<CredentialStore>().Restricted("tester", LocalCloudFixture.Policy(statements));
        return new BasicAWSCredentials(made.AccessKeyId, made.SecretAccessKey);
    }

    private RunInstancesRequest Launch(string cluster, string? profile) => new()
    {
        ImageId = cloud.Services.GetRequiredService<IBaseImages>().ImageId("x86_64"),
        MinCount = 1,
        MaxCount = 1,
        InstanceType = "t3.micro",
        IamInstanceProfile = profile is null ? null : new IamInstanceProfileSpecification { Name = profile },
        TagSpecifications = [new TagSpecification { ResourceType = Amazon.EC2.ResourceType.Instance, Tags = [new Tag("Cluster", cluster)] }],
    };

    private static async Task<string?> RefusalAsync(Func<Task> call)
    {
        try
        {
            await call();
            return null;
        }
        catch (AmazonServiceException refusal)
        {
            return $"{refusal.ErrorCode}: {refusal.Message}";
        }
    }
}
