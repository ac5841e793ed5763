using System.Text.Json.Nodes;
using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.Runtime;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using Microsoft.Extensions.DependencyInjection;
using SyncStorage.LocalCloud.Control;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Services.Ec2.Faults;
using SyncStorage.LocalCloud.Tests.Security;
using SyncStorage.TestSupport;

namespace SyncStorage.LocalCloud.Tests.Control;

internal sealed class FaultInjectorTests
{
    [Test]
    public void Take_CountAndSkip_HitJustThoseCalls()
    {
        var faults = new FaultInjector();
        faults.Add([new FaultRule(FaultKind.Throttle, "ec2", "RunInstances", Count: 2, Skip: 1)]);

        var hits = Enumerable.Range(0, 5).Select(_ => faults.Take("ec2", "RunInstances") is not null).ToList();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(hits, Is.EqualTo([false, true, true, false, false]));
            Assert.That(faults.Rules, Is.Empty);
        }
    }

    [Test]
    public void Take_OtherOperation_PassesAndKeepsTheRule()
    {
        var faults = new FaultInjector();
        faults.Add([new FaultRule(FaultKind.Error, "ec2")]);

        Assert.That((faults.Take("elb", "DescribeTags"), faults.Rules.Count), Is.EqualTo(((FaultRule?)null, 1)));
    }

    [Test]
    public void Take_FromTheSecondCallOfAnother_SleepsUntilThatHasCome()
    {
        var faults = new FaultInjector();
        faults.Add([new FaultRule(FaultKind.Error, "ec2", Count: null, From: "elb:RegisterInstancesWithLoadBalancer", FromCall: 2), new FaultRule(FaultKind.DiskFull, From: "ec2:*")]);
        bool Hits(string service, string operation, string? instance = null) => faults.Take(service, operation, instance) is not null;
        var instances = new InstanceFaults(faults);

        var early = (instances.OnBoot("i-1", new Dictionary<string, string>()).Kind, Hits("ec2", "DescribeInstances"), Hits("elb", "RegisterInstancesWithLoadBalancer"), Hits("ec2", "RunInstances"));
        var spared = (Hits("elb", "RegisterInstancesWithLoadBalancer", "i-1"), Hits("ec2", "RunInstances"));
        var late = (Hits("elb", "RegisterInstancesWithLoadBalancer"), Hits("ec2", "RunInstances"), instances.OnBoot("i-1", new Dictionary<string, string>()).Kind);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(early, Is.EqualTo((BootFaultKind.None, false, false, false)));
            Assert.That(spared, Is.EqualTo((false, false)), "calls of instances wake nothing");
            Assert.That(late, Is.EqualTo((false, true, BootFaultKind.DiskFull)));
        }
    }

    [Test]
    public void Take_OfOneInstance_PassesAllOthers()
    {
        var faults = new FaultInjector();
        faults.Add([new FaultRule(FaultKind.Error, "s3", Count: null, Instance: "i-2")]);

        var hits = new[] { null, "i-1", "i-2" }.Select(caller => faults.Take("s3", "GetObject", caller) is not null);

        Assert.That(hits, Is.EqualTo([false, false, true]));
    }

    [Test]
    public void InstanceFaults_TagAndZone_HitOnlyWhatIsMeant()
    {
        var faults = new FaultInjector();
        faults.Add([new FaultRule(FaultKind.NeverBoots, Tag: "Role=webhead"), new FaultRule(FaultKind.NoCapacity, Count: null, Zone: "us-east-1b")]);
        var instances = new InstanceFaults(faults);
        BootFaultKind Boot(string role) => instances.OnBoot("i-1", new Dictionary<string, string> { ["Role"] = role }).Kind;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(faults.Take("ec2", "RunInstances"), Is.Null, "no call is hit");
            Assert.That((Boot("builder"), Boot("webhead"), Boot("webhead")), Is.EqualTo((BootFaultKind.None, BootFaultKind.NeverBoots, BootFaultKind.None)));
            Assert.That((instances.LacksCapacity("us-east-1a", "t3.micro"), instances.LacksCapacity("us-east-1b", "t3.micro")), Is.EqualTo((false, true)));
        }
    }

    [Test]
    [Category(Categories.Emulator)]
    public async Task Control_CapacityFault_RefusesTheLaunch()
    {
        await using var cloud = await LocalCloudFixture.StartAsync();
        using var http = new SignedHttp(cloud);
        var (status, _) = await http.SendAsync(ControlEndpoint.SigningName, """{"kind": "no-capacity", "zone": "us-east-1a"}""", ControlEndpoint.Prefix + "faults");
        var image = cloud.Services.GetRequiredService<IBaseImages>().ImageId("x86_64");
        var request = new RunInstancesRequest { ImageId = image, MinCount = 1, MaxCount = 1, SubnetId = CloudContext.SubnetIds[0] };

        var refused = await Assert.CatchAsync<AmazonEC2Exception>(() => cloud.Ec2().RunInstancesAsync(request));

        Assert.That((status, refused!.ErrorCode), Is.EqualTo((200, "InsufficientInstanceCapacity")));
    }

    [Test]
    [Category(Categories.Emulator)]
    public async Task Control_ErrorThenDropAfter_ReachTheClient()
    {
        await using var cloud = await LocalCloudFixture.StartAsync();
        using var http = new SignedHttp(cloud);
        await http.SendAsync(ControlEndpoint.SigningName, """
            [{"service": "ssm", "operation": "PutParameter", "kind": "error", "code": "InternalServerError", "status": 500},
             {"service": "ssm", "operation": "PutParameter", "kind": "drop-after"}]
            """, ControlEndpoint.Prefix + "faults");
        var ssm = cloud.Ssm();
        Task Put() => ssm.PutParameterAsync(new PutParameterRequest { Name = "/a", Value = "x", Type = ParameterType.String });

        var first = await Assert.CatchAsync<AmazonSimpleSystemsManagementException>(Put);
        var second = await Assert.CatchAsync(Put);

        var kept = await ssm.GetParameterAsync(new GetParameterRequest { Name = "/a" });
        var (_, rules) = await http.SendAsync(ControlEndpoint.SigningName, "", ControlEndpoint.Prefix + "faults", method: HttpMethod.Get);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(first!.ErrorCode, Is.EqualTo("InternalServerError"));
            Assert.That(second, Is.Not.InstanceOf<AmazonServiceException>().Or.Not.Property("ErrorCode").EqualTo("InternalServerError"));
            Assert.That(kept.Parameter.Value, Is.EqualTo("x"));
            Assert.That(JsonNode.Parse(rules)!.AsArray(), Is.Empty);
        }
    }

    [Test]
    [Category(Categories.Emulator)]
    public async Task Control_Unsigned_IsRefused()
    {
        await using var cloud = await LocalCloudFixture.StartAsync();
        using var http = new HttpClient();

        using var answer = await http.PostAsync(new Uri(cloud.Endpoint, ControlEndpoint.Prefix + "faults"), new StringContent("{}"));

        Assert.That((int)answer.StatusCode, Is.EqualTo(403));
    }
}
