using System.Text.Json.Nodes;
using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.Runtime;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SyncStorage.LocalCloud.Control;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Tests.Security;
using SyncStorage.TestSupport;

namespace SyncStorage.LocalCloud.Tests.Control;

[Category(Categories.Emulator)]
internal sealed class CallFaultsTests
{
    private LocalCloudFixture cloud = null!;
    private FaultInjector faults = null!;

    [SetUp]
    public async Task StartCloud()
    {
        cloud = await LocalCloudFixture.StartAsync();
        faults = cloud.Services.GetRequiredService<FaultInjector>();
    }

    [TearDown]
    public async Task StopCloud() => await cloud.DisposeAsync();

    [Test]
    public async Task Stale_GroupJustMade_IsNotKnownToOtherCallsAtFirst()
    {
        faults.Add([new FaultRule(FaultKind.Stale, "ec2", DelayMilliseconds: 600_000)]);
        var ec2 = cloud.Ec2();
        var made = await ec2.CreateSecurityGroupAsync(new CreateSecurityGroupRequest { GroupName = "late", Description = "late", VpcId = CloudContext.VpcId });

        var byId = await Assert.CatchAsync<AmazonEC2Exception>(() => ec2.DescribeSecurityGroupsAsync(new DescribeSecurityGroupsRequest { GroupIds = [made.GroupId] }));
        var all = await ec2.DescribeSecurityGroupsAsync(new DescribeSecurityGroupsRequest());
        faults.Clear();
        var later = await ec2.DescribeSecurityGroupsAsync(new DescribeSecurityGroupsRequest { GroupIds = [made.GroupId] });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(byId!.ErrorCode, Is.EqualTo("InvalidGroup.NotFound"));
            Assert.That(all.SecurityGroups.Select(group => group.GroupName), Does.Not.Contain("late").And.Contain("default"));
            Assert.That(later.SecurityGroups.Single().GroupName, Is.EqualTo("late"));
        }
    }

    [Test]
    public async Task Stale_InstanceJustLaunched_HidesItsReservation()
    {
        faults.Add([new FaultRule(FaultKind.Stale, DelayMilliseconds: 600_000)]);
        var ec2 = cloud.Ec2();
        var image = cloud.Services.GetRequiredService<IBaseImages>().ImageId("x86_64");
        await ec2.RunInstancesAsync(new RunInstancesRequest { ImageId = image, MinCount = 1, MaxCount = 1, InstanceType = "t3.micro" });

        var hidden = await ec2.DescribeInstancesAsync(new DescribeInstancesRequest());
        faults.Clear();
        var shown = await ec2.DescribeInstancesAsync(new DescribeInstancesRequest());

        Assert.That((hidden.Reservations?.Count ?? 0, shown.Reservations.Count), Is.EqualTo((0, 1)));
    }

    [Test]
    public async Task ExpiredCredentials_AreReportedAsEachProtocolDoes()
    {
        faults.Add([new FaultRule(FaultKind.ExpiredCredentials, Count: null)]);

        var ec2 = await Assert.CatchAsync<AmazonEC2Exception>(() => cloud.Ec2().DescribeInstancesAsync(new DescribeInstancesRequest()));
        var ssm = await Assert.CatchAsync<AmazonSimpleSystemsManagementException>(() => cloud.Ssm().GetParameterAsync(new GetParameterRequest { Name = "/a" }));

        Assert.That((ec2!.ErrorCode, ssm!.ErrorCode), Is.EqualTo(("RequestExpired", "ExpiredTokenException")));
    }

    [Test]
    public async Task TokenBuckets_MoreLaunchesThanTheBucketHolds_AreThrottled()
    {
        faults.Add([new FaultRule(FaultKind.TokenBuckets, Speed: 0.001)]);
        var ec2 = cloud.Ec2();
        var failures = new List<string>();

        for (var i = 0; i < 6; i++)
        {
            // Refused for its image, but only once it has its token.
            var refused = await Assert.CatchAsync<AmazonEC2Exception>(() =>
                ec2.RunInstancesAsync(new RunInstancesRequest { ImageId = "ami-00000000000000000", MinCount = 1, MaxCount = 1, InstanceType = "t3.micro" }));
            failures.Add(refused!.ErrorCode);
        }

        Assert.That(failures, Is.EqualTo([.. Enumerable.Repeat("InvalidAMIID.NotFound", 5), "RequestLimitExceeded"]));
    }

    [Test]
    public async Task HookAfter_ChangingCall_IsAskedOnceItIsCarriedOut()
    {
        var ssm = cloud.Ssm();
        string? seen = null;
        await using var hook = await HookAsync(async () =>
        {
            seen = (await ssm.GetParameterAsync(new GetParameterRequest { Name = "/a" })).Parameter.Value;
            return 200;
        });
        faults.Add([new FaultRule(FaultKind.HookAfter, "ssm", Mutating: true, Url: new Uri(hook.Urls.First()))]);

        await ssm.PutParameterAsync(new PutParameterRequest { Name = "/a", Value = "x", Type = ParameterType.String });

        Assert.That((seen, faults.Rules.Count), Is.EqualTo(("x", 0)));
    }

    [Test]
    public async Task HookBefore_AnswersBadly_TheCallIsNeverCarriedOut()
    {
        var ssm = cloud.Ssm();
        await using var hook = await HookAsync(() => Task.FromResult(410));
        faults.Add([new FaultRule(FaultKind.HookBefore, "ssm", "PutParameter", Count: null, Url: new Uri(hook.Urls.First()))]);

        var broken = await Assert.CatchAsync(() => ssm.PutParameterAsync(new PutParameterRequest { Name = "/a", Value = "x", Type = ParameterType.String }));

        Assert.That(broken, Is.Not.InstanceOf<AmazonServiceException>().Or.Property("ErrorCode").Null);
        Assert.That(async () => await ssm.GetParameterAsync(new GetParameterRequest { Name = "/a" }), Throws.InstanceOf<ParameterNotFoundException>());
    }

    [Test]
    public async Task Stale_AnswerWithListsOfNames_IsGivenAsItIs()
    {
        faults.Add([new FaultRule(FaultKind.Stale)]);
        using var around = new CallFaults(faults, [], TimeProvider.System);
        var call = new ApiCall("elb", "DescribeLoadBalancers", [], new Caller("AKIA", "arn:aws:iam::000000000000:user/a", null), "r", Stream.Null);
        var answer = """{"LoadBalancerDescriptions": [{"LoadBalancerName": "old", "Subnets": ["subnet-1", "subnet-2"], "Instances": [{"InstanceId": "i-1"}]}]}""";

        var seen = await around.AroundAsync(call, "query", () => Task.FromResult(new ApiResult(JsonNode.Parse(answer)!.AsObject())), CancellationToken.None);

        Assert.That(JsonNode.DeepEquals(seen.Output, JsonNode.Parse(answer)));
    }

    // As AWS documents each, and as its SDKs know it.
    [TestCase("ec2", "ec2", "RequestLimitExceeded", 503, "RequestExpired", 400, "InternalError")]
    [TestCase("elb", "query", "Throttling", 400, "ExpiredToken", 403, "InternalFailure")]
    [TestCase("rds", "query", "Throttling", 400, "ExpiredToken", 403, "InternalFailure")]
    [TestCase("elasticache", "query", "Throttling", 400, "ExpiredToken", 403, "InternalFailure")]
    [TestCase("sts", "query", "Throttling", 400, "ExpiredToken", 403, "InternalFailure")]
    [TestCase("ssm", "json", "ThrottlingException", 400, "ExpiredTokenException", 400, "InternalServerError")]
    [TestCase("s3", "s3", "SlowDown", 503, "ExpiredToken", 400, "InternalError")]
    public async Task Around_ThrottledThenExpiredThenBroken_AnswersAsThatServiceDoes(
        string service, string protocol, string throttling, int throttlingStatus, string expired, int expiredStatus, string broken)
    {
        faults.Add([new FaultRule(FaultKind.Throttle), new FaultRule(FaultKind.ExpiredCredentials), new FaultRule(FaultKind.Error)]);
        using var around = new CallFaults(faults, [], TimeProvider.System);
        var call = new ApiCall(service, "DescribeThings", [], new Caller("AKIA", "arn:aws:iam::000000000000:user/a", null), "r", Stream.Null);
        var answers = new List<(string Code, int Status)>();

        for (var i = 0; i < 3; i++)
        {
            var error = await Assert.CatchAsync<AwsException>(() => around.AroundAsync(call, protocol, () => Task.FromResult(new ApiResult([])), CancellationToken.None));
            answers.Add((error!.Code, error.Status));
        }

        Assert.That(answers, Is.EqualTo([(throttling, throttlingStatus), (expired, expiredStatus), (broken, 500)]));
    }

    [TestCase("""{"kind": "hook-after"}""", TestName = "Control_HookWithoutUrl_IsRefused")]
    [TestCase("""{"kind": "hook-after", "url": "http://192.0.2.1/"}""", TestName = "Control_HookElsewhere_IsRefused")]
    [TestCase("""[{"kind": "error"}, {"kind": "never-boots", "tag": "webhead"}]""", TestName = "Control_TagWithoutValue_IsRefusedAndNothingIsAdded")]
    [TestCase("""{"kind": "error", "from": "RunInstances"}""", TestName = "Control_FromWithoutAService_IsRefused")]
    [TestCase("""{"kind": "error", "wrong": 1}""", TestName = "Control_UnknownMember_IsRefused")]
    public async Task Control_MalformedRule_IsRefused(string rule)
    {
        using var http = new SignedHttp(cloud);

        var (status, _) = await http.SendAsync(ControlEndpoint.SigningName, rule, ControlEndpoint.Prefix + "faults");

        Assert.That((status, faults.Rules.Count), Is.EqualTo((400, 0)));
    }

    [Test]
    public async Task DropAfter_CallOfAnInstance_IsCarriedOutAndDroppedToo()
    {
        faults.Add([new FaultRule(FaultKind.HookAfter, Url: new Uri("http://127.0.0.1:9/")), new FaultRule(FaultKind.DropAfter)]);
        using var around = new CallFaults(faults, [], TimeProvider.System);
        var call = new ApiCall("ssm", "GetParameter", [], new Caller("AKIA", "arn:aws:sts::000000000000:assumed-role/a/i-1", "i-1"), "r", Stream.Null);
        var done = false;

        var dropped = await Assert.CatchAsync(() => around.AroundAsync(call, "json", Execute, CancellationToken.None));

        Assert.That(dropped, Is.TypeOf<ConnectionDroppedException>());
        Assert.That((done, faults.Rules.Single().Kind), Is.EqualTo((true, FaultKind.HookAfter)));

        Task<ApiResult> Execute()
        {
            done = true;
            return Task.FromResult(new ApiResult([]));
        }
    }

    private static async Task<WebApplication> HookAsync(Func<Task<int>> answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async http => http.Response.StatusCode = await answer());
        await app.StartAsync();
        return app;
    }
}
