using System.Net;
using System.Net.Sockets;
using SyncStorage.LocalCloud.Core;
using SyncStorage.TestSupport;

namespace SyncStorage.LocalCloud.Tests.Elb;

[Category(Categories.Emulator)]
public class ElbServiceTests
{
    [Test]
    public async Task Create_Described_HasWhatAwsAlwaysGives()
    {
        await using var elb = new ElbHarness();

        var created = await elb.Service.CallAsync("CreateLoadBalancer", ElbHarness.Create("lb", elb.Port));
        var described = (await elb.Service.CallAsync("DescribeLoadBalancers", """{"LoadBalancerNames":["lb"]}"""))["LoadBalancerDescriptions"]![0]!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That((string)created["DNSName"]!, Does.Match("^lb-[0-9]+\\.us-east-1\\.elb\\.localhost$"));
            Assert.That((string)described["DNSName"]!, Is.EqualTo((string)created["DNSName"]!));
            Assert.That(described["HealthCheck"]!.ToJsonString(), Is.EqualTo("""{"Target":"TCP:8000","Interval":30,"Timeout":5,"UnhealthyThreshold":2,"HealthyThreshold":10}"""));
            Assert.That(described["AvailabilityZones"]!.ToJsonString(), Is.EqualTo("""["us-east-1a","us-east-1b"]"""));
            Assert.That((string)described["VPCId"]!, Is.EqualTo(CloudContext.VpcId));
            Assert.That((string)described["Scheme"]!, Is.EqualTo("internet-facing"));
            Assert.That(described["SourceSecurityGroup"]!.ToJsonString(), Is.EqualTo("""{"OwnerAlias":"000000000000","GroupName":"name of sg-1"}"""));
            Assert.That(elb.Groups.InUse("sg-1"), Is.True);
            Assert.That(elb.Groups.InUse("sg-2"), Is.False);
        }
    }

    [Test]
    public async Task Create_SameAgain_GivesTheSameName_OtherwiseIsRefused()
    {
        await using var elb = new ElbHarness();
        var first = await elb.Service.CallAsync("CreateLoadBalancer", ElbHarness.Create("lb", elb.Port));

        var again = await elb.Service.CallAsync("CreateLoadBalancer", ElbHarness.Create("lb", elb.Port));
        var different = await elb.Service.ErrorOfAsync("CreateLoadBalancer", ElbHarness.Create("lb", elb.Port, 8001));

        Assert.That((string)again["DNSName"]!, Is.EqualTo((string)first["DNSName"]!));
        Assert.That(different, Is.EqualTo("DuplicateLoadBalancerName"));
    }

    [Test]
    public async Task Create_PortInUse_IsRefusedAndLeavesNothing()
    {
        await using var elb = new ElbHarness();
        using var taken = new TcpListener(IPAddress.Loopback, elb.Port);
        taken.Start();

        var failure = Assert.ThrowsAsync<AwsException>(() => elb.Service.CallAsync("CreateLoadBalancer", ElbHarness.Create("lb", elb.Port)));

        var thrown = (await failure)!;
        Assert.That(thrown.Code, Is.EqualTo("InvalidConfigurationRequest"));
        Assert.That(thrown.Message, Does.Contain($"Port {elb.Port} is in use on this machine"));
        Assert.That(await elb.Service.ErrorOfAsync("DescribeLoadBalancers", """{"LoadBalancerNames":["lb"]}"""), Is.EqualTo("LoadBalancerNotFound"));
    }

    [TestCase("\"lb\"", "\"-lb\"", "ValidationError")]
    [TestCase("\"lb\"", "\"a234567890123456789012345678901234\"", "ValidationError")]
    [TestCase("sg-1", "sg-9", "InvalidSecurityGroup")]
    [TestCase("subnet-0b00000000000000b", "subnet-1", "SubnetNotFound")]
    [TestCase("\"HTTP\"", "\"HTTPS\"", "ValidationError")]
    [TestCase("\"HTTP\"", "\"HTTPS\",\"SSLCertificateId\":\"arn:aws:iam::000000000000:server-certificate/none\"", "CertificateNotFound")]
    [TestCase("\"HTTP\"", "\"HTTP\",\"SSLCertificateId\":\"arn:aws:iam::000000000000:server-certificate/none\"", "InvalidConfigurationRequest")]
    [TestCase("\"HTTP\"", "\"TCP\",\"InstanceProtocol\":\"SSL\"", "UnsupportedProtocol")]
    [TestCase("\"HTTP\"", "\"HTTP\",\"InstanceProtocol\":\"TCP\"", "InvalidConfigurationRequest")]
    [TestCase("\"HTTP\"", "\"UDP\"", "UnsupportedProtocol")]
    [TestCase("\"Subnets\"", "\"Other\"", "ValidationError")]
    public async Task Create_BadMember_IsRefusedWithAwsCode(string good, string bad, string code)
    {
        await using var elb = new ElbHarness();

        Assert.That(await elb.Service.ErrorOfAsync("CreateLoadBalancer", ElbHarness.Create("lb", elb.Port).Replace(good, bad, StringComparison.Ordinal)), Is.EqualTo(code));
    }

    [TestCase("ConfigureHealthCheck", """{"LoadBalancerName":"no","HealthCheck":{}}""", "LoadBalancerNotFound")]
    [TestCase("ConfigureHealthCheck", """{"LoadBalancerName":"lb","HealthCheck":{"Target":"HTTP:80","Interval":10,"Timeout":5,"UnhealthyThreshold":2,"HealthyThreshold":2}}""", "ValidationError")]
    [TestCase("ConfigureHealthCheck", """{"LoadBalancerName":"lb","HealthCheck":{"Target":"TCP:80","Interval":5,"Timeout":5,"UnhealthyThreshold":2,"HealthyThreshold":2}}""", "ValidationError")]
    [TestCase("ConfigureHealthCheck", """{"LoadBalancerName":"lb","HealthCheck":{"Target":"TCP:80","Interval":10,"Timeout":5,"UnhealthyThreshold":1,"HealthyThreshold":2}}""", "ValidationError")]
    [TestCase("RegisterInstancesWithLoadBalancer", """{"LoadBalancerName":"lb","Instances":[{"InstanceId":"i-9"}]}""", "InvalidInstance")]
    [TestCase("DeregisterInstancesFromLoadBalancer", """{"LoadBalancerName":"lb","Instances":[{"InstanceId":"i-9"}]}""", "InvalidInstance")]
    [TestCase("DescribeInstanceHealth", """{"LoadBalancerName":"lb","Instances":[{"InstanceId":"i-9"}]}""", "InvalidInstance")]
    [TestCase("ModifyLoadBalancerAttributes", """{"LoadBalancerName":"lb","LoadBalancerAttributes":{"ConnectionDraining":{"Enabled":true,"Timeout":3601}}}""", "ValidationError")]
    [TestCase("ModifyLoadBalancerAttributes", """{"LoadBalancerName":"lb","LoadBalancerAttributes":{"AccessLog":{"Enabled":true}}}""", "InvalidConfigurationRequest")]
    [TestCase("ModifyLoadBalancerAttributes", """{"LoadBalancerName":"lb","LoadBalancerAttributes":{"AdditionalAttributes":[{"Key":"x","Value":"y"}]}}""", "LoadBalancerAttributeNotFound")]
    [TestCase("DescribeLoadBalancerAttributes", """{"LoadBalancerName":"no"}""", "LoadBalancerNotFound")]
    [TestCase("AddTags", """{"LoadBalancerNames":["lb"],"Tags":[{"Key":"a","Value":"1"},{"Key":"a","Value":"2"}]}""", "DuplicateTagKeys")]
    [TestCase("ApplySecurityGroupsToLoadBalancer", """{"LoadBalancerName":"lb","SecurityGroups":["sg-9"]}""", "InvalidSecurityGroup")]
    [TestCase("DisableAvailabilityZonesForLoadBalancer", """{"LoadBalancerName":"lb","AvailabilityZones":["us-east-1a","us-east-1b"]}""", "InvalidConfigurationRequest")]
    [TestCase("EnableAvailabilityZonesForLoadBalancer", """{"LoadBalancerName":"lb","AvailabilityZones":["us-west-1a"]}""", "ValidationError")]
    [TestCase("DetachLoadBalancerFromSubnets", """{"LoadBalancerName":"lb","Subnets":["subnet-0a00000000000000a","subnet-0b00000000000000b"]}""", "InvalidConfigurationRequest")]
    public async Task Call_WhatAwsRefuses_IsRefusedWithItsCode(string operation, string input, string code)
    {
        await using var elb = new ElbHarness();
        await elb.Service.CallAsync("CreateLoadBalancer", ElbHarness.Create("lb", elb.Port));

        Assert.That(await elb.Service.ErrorOfAsync(operation, input), Is.EqualTo(code));
    }

    [Test]
    public async Task Zones_EnabledAndDisabled_MeanTheirSubnets()
    {
        await using var elb = new ElbHarness();
        await elb.Service.CallAsync("CreateLoadBalancer", ElbHarness.Create("lb", elb.Port));

        var enabled = await elb.Service.CallAsync("EnableAvailabilityZonesForLoadBalancer", """{"LoadBalancerName":"lb","AvailabilityZones":["us-east-1c"]}""");
        var disabled = await elb.Service.CallAsync("DisableAvailabilityZonesForLoadBalancer", """{"LoadBalancerName":"lb","AvailabilityZones":["us-east-1a"]}""");

        var described = (await elb.Service.CallAsync("DescribeLoadBalancers", "{}"))["LoadBalancerDescriptions"]![0]!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(enabled["AvailabilityZones"]!.ToJsonString(), Is.EqualTo("""["us-east-1a","us-east-1b","us-east-1c"]"""));
            Assert.That(disabled["AvailabilityZones"]!.ToJsonString(), Is.EqualTo("""["us-east-1b","us-east-1c"]"""));
            Assert.That(described["Subnets"]!.ToJsonString(), Is.EqualTo("""["subnet-0b00000000000000b","subnet-0c00000000000000c"]"""));
        }
    }

    [Test]
    public async Task Attributes_PartlyModified_KeepTheRest()
    {
        await using var elb = new ElbHarness();
        await elb.Service.CallAsync("CreateLoadBalancer", ElbHarness.Create("lb", elb.Port));

        await elb.Service.CallAsync("ModifyLoadBalancerAttributes", """{"LoadBalancerName":"lb","LoadBalancerAttributes":{"ConnectionDraining":{"Enabled":true,"Timeout":30}}}""");
        var answer = await elb.Service.CallAsync("ModifyLoadBalancerAttributes", """{"LoadBalancerName":"lb","LoadBalancerAttributes":{"ConnectionSettings":{"IdleTimeout":40}}}""");
        var all = (await elb.Service.CallAsync("DescribeLoadBalancerAttributes", """{"LoadBalancerName":"lb"}"""))["LoadBalancerAttributes"]!;

        Assert.That(answer["LoadBalancerAttributes"]!.ToJsonString(), Is.EqualTo("""{"ConnectionSettings":{"IdleTimeout":40}}"""));
        Assert.That(all["ConnectionDraining"]!.ToJsonString(), Is.EqualTo("""{"Enabled":true,"Timeout":30}"""));
    }

    [Test]
    public async Task Listeners_AddedAndDeleted_OpenAndCloseTheirPorts()
    {
        await using var elb = new ElbHarness();
        await elb.Service.CallAsync("CreateLoadBalancer", ElbHarness.Create("lb", elb.Port));
        var second = ElbHarness.FreePort();
        var input = $$"""{"LoadBalancerName":"lb","Listeners":[{"Protocol":"HTTP","LoadBalancerPort":{{second}},"InstancePort":8000}]}""";

        await elb.Service.CallAsync("CreateLoadBalancerListeners", input);
        await elb.Service.CallAsync("CreateLoadBalancerListeners", input);
        var different = await elb.Service.ErrorOfAsync("CreateLoadBalancerListeners", input.Replace("8000", "8001", StringComparison.Ordinal));
        using var open = await elb.Client.GetAsync(new Uri($"http://127.0.0.1:{second}/"));
        await elb.Service.CallAsync("DeleteLoadBalancerListeners", $$"""{"LoadBalancerName":"lb","LoadBalancerPorts":[{{second}}]}""");

        Assert.That(different, Is.EqualTo("DuplicateListener"));
        Assert.That(open.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(async () => await elb.Client.GetAsync(new Uri($"http://127.0.0.1:{second}/")), Throws.InstanceOf<HttpRequestException>());
    }

    [Test]
    public async Task Listener_ReplacedWhileARequestIsUnderWay_TakesOthersAtOnceAndAnswersThatOneToo()
    {
        await using var elb = new ElbHarness();
        await using var old = new RawBackend("127.0.0.1");
        await using var other = new RawBackend("127.0.0.1");
        var arrived = new TaskCompletionSource();
        var answer = new TaskCompletionSource();
        old.Answer = async (head, _) =>
        {
            if (!head.StartsWith("GET /slow", StringComparison.Ordinal)) return RawBackend.Response("200 OK", "old");
            arrived.SetResult();
            await answer.Task;
            return RawBackend.Response("200 OK", "slow");
        };
        other.Answer = (_, _) => Task.FromResult(RawBackend.Response("200 OK", "other"));
        await elb.CreateAsync(old.Port, $"HTTP:{old.Port}/health");
        elb.Instances.Run("i-1", old.Address);
        await elb.RegisterAsync("i-1");
        await elb.WaitForAsync("i-1", "InService");
        var slow = elb.Client.GetStringAsync(elb.Url("/slow"));
        await arrived.Task;

        await elb.Service.CallAsync("DeleteLoadBalancerListeners", $$"""{"LoadBalancerName":"lb","LoadBalancerPorts":[{{elb.Port}}]}""");
        await elb.Service.CallAsync("CreateLoadBalancerListeners", $$"""{"LoadBalancerName":"lb","Listeners":[{"Protocol":"HTTP","LoadBalancerPort":{{elb.Port}},"InstancePort":{{other.Port}}}]}""");
        var quick = await elb.Client.GetStringAsync(elb.Url());
        answer.SetResult();

        Assert.That(quick, Is.EqualTo("other"));
        Assert.That(await slow, Is.EqualTo("slow"));
    }

    [Test]
    public async Task Delete_LoadBalancer_FreesItsPortAndIsRepeatable()
    {
        await using var elb = new ElbHarness();
        await elb.Service.CallAsync("CreateLoadBalancer", ElbHarness.Create("lb", elb.Port));

        await elb.Service.CallAsync("DeleteLoadBalancer", """{"LoadBalancerName":"lb"}""");
        await elb.Service.CallAsync("DeleteLoadBalancer", """{"LoadBalancerName":"lb"}""");

        Assert.That(elb.Groups.InUse("sg-1"), Is.False);
        await elb.Service.CallAsync("CreateLoadBalancer", ElbHarness.Create("lb", elb.Port));
    }

    [Test]
    public async Task Instance_UnhealthyStoppedAndTerminated_LeavesServiceAndComesBack()
    {
        await using var elb = new ElbHarness();
        await using var backend = new RawBackend("127.91.2.1");
        await elb.CreateAsync(backend.Port, $"HTTP:{backend.Port}/health");
        elb.Instances.Run("i-1", backend.Address);
        await elb.RegisterAsync("i-1");
        await elb.WaitForAsync("i-1", "InService");

        backend.Healthy = false;
        await Eventually.TrueAsync(async () => (await elb.HealthAsync("i-1")).Description.StartsWith("Instance has failed", StringComparison.Ordinal), "it is out");
        using var refused = await elb.Client.GetAsync(elb.Url());
        backend.Healthy = true;
        await elb.WaitForAsync("i-1", "InService");
        elb.Instances.Stop("i-1");
        await Eventually.TrueAsync(async () => (await elb.HealthAsync("i-1")).Description == "Instance is in stopped state.", "it is stopped");
        elb.Instances.Terminate("i-1");
        await Eventually.TrueAsync(
            async () => (await elb.Service.CallAsync("DescribeInstanceHealth", """{"LoadBalancerName":"lb"}"""))["InstanceStates"]!.AsArray().Count == 0,
            "a terminated instance is forgotten");

        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
    }
}
