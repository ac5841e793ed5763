using System.Net;
using System.Net.Sockets;
using System.Text;
using SyncStorage.TestSupport;

namespace SyncStorage.LocalCloud.Tests.Elb;

[Category(Categories.Emulator)]
public class LoadBalancerProxyTests
{
    [Test]
    public async Task Forward_NoInstance_Answers503WithEmptyBody()
    {
        await using var elb = new ElbHarness();
        await elb.CreateAsync(8000, "HTTP:8000/health");

        using var response = await elb.Client.GetAsync(elb.Url());

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.Empty);
    }

    [TestCase("/1.5/12/storage/col?ids=a,b%2Cc&full=1&x==y")]
    [TestCase("/1.5/12/storage/col/%7Babc%7D%7E~?q=%20+%2F")]
    [TestCase("/a/../b/./c//d?%")]
    [TestCase("/%e4%2e%2E/A%41?a=b=c==&&")]
    [TestCase("/a|b^c[d]`e{f}\"?<g>\\h'")]
    public async Task Forward_AnyTarget_ReachesTheInstanceByteForByte(string target)
    {
        await using var elb = new ElbHarness();
        await using var backend = new RawBackend("127.91.1.1");
        await InServiceAsync(elb, "i-1", backend);

        var answer = await RawAsync(elb.Port, $"GET {target} HTTP/1.1\r\nHost: sync0.localhost:8080\r\nConnection: close\r\n\r\n");

        Assert.That(answer, Does.StartWith("HTTP/1.1 200 "));
        Assert.That(backend.Heads.Single(), Does.StartWith($"GET {target} HTTP/1.1\r\n"));
    }

    [Test]
    public async Task Forward_ClientHeaders_HostIsKeptAndForwardedHeadersAreSet()
    {
        await using var elb = new ElbHarness();
        await using var backend = new RawBackend("127.91.1.2");
        await InServiceAsync(elb, "i-1", backend);

        await RawAsync(elb.Port,
            "GET / HTTP/1.1\r\nHost: sync0.localhost:8080\r\nX-Forwarded-For: 203.0.113.7\r\nX-Forwarded-Proto: https\r\nAuthorization: Hawk id=\"a\"\r\n"
            + $"X-Large: {new string('x', 12_000)}\r\nConnection: close\r\n\r\n");

        var lines = backend.Heads.Single().Split("\r\n");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(lines, Does.Contain("Host: sync0.localhost:8080"));
            Assert.That(lines, Does.Contain("X-Forwarded-For: 203.0.113.7, 127.0.0.1"));
            Assert.That(lines, Does.Contain("X-Forwarded-Proto: http"));
            Assert.That(lines, Does.Contain($"X-Forwarded-Port: {elb.Port}"));
            Assert.That(lines, Does.Contain("Authorization: Hawk id=\"a\""));
            Assert.That(lines, Does.Contain($"X-Large: {new string('x', 12_000)}"));
            Assert.That(lines.Where(line => line.StartsWith("traceparent", StringComparison.OrdinalIgnoreCase)), Is.Empty);
        }
    }

    [Test]
    public async Task Forward_LargeBody_ReachesTheInstance()
    {
        await using var elb = new ElbHarness();
        await using var backend = new RawBackend("127.91.1.3") { Answer = (_, body) => Task.FromResult(RawBackend.Response("201 Created", $"{body.Length}")) };
        await InServiceAsync(elb, "i-1", backend);

        using var response = await elb.Client.PostAsync(elb.Url("/items"), new ByteArrayContent(new byte[3_000_000]));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("3000000"));
    }

    [Test]
    public async Task Forward_OneInstanceRefusesConnections_AnotherServesEveryRequest()
    {
        await using var elb = new ElbHarness();
        await using var backend = new RawBackend("127.91.1.4");
        var dying = new RawBackend("127.91.1.5", backend.Port);
        await InServiceAsync(elb, "i-1", backend);
        elb.Instances.Run("i-2", dying.Address);
        await elb.RegisterAsync("i-2");
        await elb.WaitForAsync("i-2", "InService");

        await dying.DisposeAsync();
        List<HttpStatusCode> answers = [];
        for (var i = 0; i < 6; i++)
        {
            using var response = await elb.Client.PostAsync(elb.Url(), new StringContent("body"));
            answers.Add(response.StatusCode);
        }

        Assert.That(answers, Is.All.EqualTo(HttpStatusCode.OK));
        Assert.That(backend.Heads, Has.Count.EqualTo(6));
    }

    [Test]
    public async Task Forward_InstanceClosesWithoutAnswer_Answers504AndDoesNotRepeatTheRequest()
    {
        await using var elb = new ElbHarness();
        await using var backend = new RawBackend("127.91.1.6") { Answer = (_, _) => Task.FromResult("") };
        await InServiceAsync(elb, "i-1", backend);

        using var response = await elb.Client.PostAsync(elb.Url(), new StringContent("body"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.GatewayTimeout));
        Assert.That(backend.Heads, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Forward_InstanceAnswersLaterThanTheIdleTimeout_Answers504()
    {
        await using var elb = new ElbHarness();
        await using var backend = new RawBackend("127.91.1.7") { Answer = (_, _) => new TaskCompletionSource<string>().Task };
        await InServiceAsync(elb, "i-1", backend);
        await elb.Service.CallAsync("ModifyLoadBalancerAttributes",
            """{"LoadBalancerName":"lb","LoadBalancerAttributes":{"ConnectionSettings":{"IdleTimeout":1}}}""");

        using var response = await elb.Client.GetAsync(elb.Url());

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.GatewayTimeout));
    }

    [Test]
    public async Task Forward_OneInstanceBusy_TheOtherGetsTheRequests()
    {
        await using var elb = new ElbHarness();
        var release = new TaskCompletionSource<string>();
        await using var busy = new RawBackend("127.91.1.8") { Answer = (_, _) => release.Task };
        await using var idle = new RawBackend("127.91.1.9", busy.Port);
        await InServiceAsync(elb, "i-1", busy);

        // Two: whoever has read an answer to its end may be back before the load balancer has counted it off.
        var slow = new[] { elb.Client.GetAsync(elb.Url("/slow")), elb.Client.GetAsync(elb.Url("/slow")) };
        await Eventually.TrueAsync(() => busy.Heads.Count == 2, "the slow requests are in flight");
        elb.Instances.Run("i-2", idle.Address);
        await elb.RegisterAsync("i-2");
        await elb.WaitForAsync("i-2", "InService");

        for (var i = 0; i < 5; i++) (await elb.Client.GetAsync(elb.Url())).Dispose();

        release.SetResult(RawBackend.Response("200 OK", "late"));
        foreach (var late in slow) (await late).Dispose();
        Assert.That(idle.Heads, Has.Count.EqualTo(5));
        Assert.That(busy.Heads, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Deregister_RequestInFlight_IsFinishedAndNoNewOneComes()
    {
        await using var elb = new ElbHarness();
        var release = new TaskCompletionSource<string>();
        await using var leaving = new RawBackend("127.91.1.10") { Answer = (_, _) => release.Task };
        await using var staying = new RawBackend("127.91.1.11", leaving.Port);
        await InServiceAsync(elb, "i-1", leaving);
        var slow = elb.Client.GetStringAsync(elb.Url("/slow"));
        await Eventually.TrueAsync(() => leaving.Heads.Count == 1, "the slow request is in flight");
        elb.Instances.Run("i-2", staying.Address);
        await elb.RegisterAsync("i-2");
        await elb.WaitForAsync("i-2", "InService");

        await elb.DeregisterAsync("i-1");
        var whileDraining = await elb.HealthAsync("i-1");
        for (var i = 0; i < 4; i++) (await elb.Client.GetAsync(elb.Url())).Dispose();
        release.SetResult(RawBackend.Response("200 OK", "finished"));
        var answer = await slow;
        await elb.WaitForAsync("i-1", "OutOfService");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(whileDraining, Is.EqualTo(("InService", "N/A", "Instance deregistration currently in progress.")));
            Assert.That(answer, Is.EqualTo("finished"));
            Assert.That(staying.Heads, Has.Count.EqualTo(4));
            Assert.That((await elb.HealthAsync("i-1")).Description, Is.EqualTo("Instance is not currently registered with the LoadBalancer."));
        }
    }

    [Test]
    public async Task Deregister_DrainTimeoutOver_CutsTheRequest()
    {
        await using var elb = new ElbHarness();
        await using var stuck = new RawBackend("127.91.1.12") { Answer = (_, _) => new TaskCompletionSource<string>().Task };
        await InServiceAsync(elb, "i-1", stuck);
        await elb.Service.CallAsync("ModifyLoadBalancerAttributes",
            """{"LoadBalancerName":"lb","LoadBalancerAttributes":{"ConnectionDraining":{"Enabled":true,"Timeout":1}}}""");
        var slow = elb.Client.GetAsync(elb.Url("/slow"));
        await Eventually.TrueAsync(() => stuck.Heads.Count == 1, "the slow request is in flight");

        await elb.DeregisterAsync("i-1");

        using var response = await slow;
        Assert.That((int)response.StatusCode, Is.GreaterThanOrEqualTo(500));
        await elb.WaitForAsync("i-1", "OutOfService");
    }

    [Test]
    public async Task Register_WhileDraining_ComesBackOnceItIsOut()
    {
        await using var elb = new ElbHarness();
        var release = new TaskCompletionSource<string>();
        await using var backend = new RawBackend("127.91.1.13") { Answer = (_, _) => release.Task };
        await InServiceAsync(elb, "i-1", backend);
        var slow = elb.Client.GetStringAsync(elb.Url("/slow"));
        await Eventually.TrueAsync(() => backend.Heads.Count == 1, "the slow request is in flight");
        await elb.DeregisterAsync("i-1");

        await elb.RegisterAsync("i-1");
        var before = await elb.HealthAsync("i-1");
        release.SetResult(RawBackend.Response("200 OK", "finished"));
        await slow;

        Assert.That(before.Description, Is.EqualTo("Instance deregistration currently in progress."));
        await Eventually.TrueAsync(async () => await elb.HealthAsync("i-1") == ("InService", "N/A", "N/A"), "i-1 serves again");
    }

    [Test]
    public async Task Restart_ListenerAndVerdictsComeBack()
    {
        await using var elb = new ElbHarness();
        await using var backend = new RawBackend("127.91.1.14");
        await InServiceAsync(elb, "i-1", backend);

        await elb.RestartAsync();

        Assert.That(await elb.HealthAsync("i-1"), Is.EqualTo(("InService", "N/A", "N/A")));
        Assert.That(await elb.Client.GetStringAsync(elb.Url()), Is.EqualTo("hello"));
    }

    [Test]
    public async Task Probes_StateCantBeSaved_GoOnAndDecide()
    {
        await using var elb = new ElbHarness();
        await using var backend = new RawBackend("127.91.1.16");
        await InServiceAsync(elb, "i-1", backend);
        elb.BreakDisk();

        elb.Instances.Stop("i-1");
        await elb.WaitForAsync("i-1", "OutOfService");
        elb.Instances.Run("i-1", backend.Address);
        await elb.WaitForAsync("i-1", "InService");

        Assert.That(await elb.Client.GetStringAsync(elb.Url()), Is.EqualTo("hello"));
    }

    [Test]
    public async Task Forward_TcpListener_RelaysBytes()
    {
        await using var elb = new ElbHarness();
        await using var backend = new RawBackend("127.91.1.15");
        await elb.Service.CallAsync("CreateLoadBalancer", ElbHarness.Create("lb", elb.Port, backend.Port).Replace("\"HTTP\"", "\"TCP\"", StringComparison.Ordinal));
        await elb.Service.CallAsync("ConfigureHealthCheck", $$"""
            {"LoadBalancerName":"lb","HealthCheck":{"Target":"TCP:{{backend.Port}}","Interval":5,"Timeout":2,"UnhealthyThreshold":2,"HealthyThreshold":2}  }
            """);
        elb.Instances.Run("i-1", backend.Address);
        await elb.RegisterAsync("i-1");
        await elb.WaitForAsync("i-1", "InService");

        var answer = await RawAsync(elb.Port, "GET /raw HTTP/1.1\r\nHost: x\r\n\r\n");

        Assert.That(answer, Does.EndWith("\r\n\r\nhello"));
        Assert.That(backend.Heads.Single(), Is.EqualTo("GET /raw HTTP/1.1\r\nHost: x\r\n\r\n"));
    }

    private static async Task InServiceAsync(ElbHarness elb, string id, RawBackend backend)
    {
        await elb.CreateAsync(backend.Port, $"HTTP:{backend.Port}/health");
        elb.Instances.Run(id, backend.Address);
        await elb.RegisterAsync(id);
        await elb.WaitForAsync(id, "InService");
    }

    private static async Task<string> RawAsync(int port, string request)
    {
        using var client = new TcpClient();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20), TimeProvider.System);
        await client.ConnectAsync(IPAddress.Loopback, port, deadline.Token);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), deadline.Token);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync(deadline.Token);
    }
}
