using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using SyncStorage.LocalCloud.Control;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Processes;
using SyncStorage.LocalCloud.Services.ElastiCache;
using SyncStorage.LocalCloud.Tests.Elb;
using SyncStorage.LocalCloud.Tests.Rds;
using SyncStorage.TestSupport;

namespace SyncStorage.LocalCloud.Tests.ElastiCache;

/// <summary>The service on real memcached nodes.</summary>
[Category(Categories.Processes)]
public class MemcachedTests
{
    private const string Endpoint = "127.90.20.1";
    private string directory = "";
    private ProcessHost processes = null!;
    private FakeAddresses addresses = null!;
    private ElastiCacheService cache = null!;

    [SetUp]
    public void SetUp()
    {
        if (MemcachedEngine.Find() is null) Assert.Ignore("memcached is not installed.");
        directory = Directory.CreateTempSubdirectory("cache-test-").FullName;
        processes = new ProcessHost(TimeProvider.System);
        addresses = new FakeAddresses(20);
        NewService();
    }

    [TearDown]
    public async Task TearDown()
    {
        if (directory.Length == 0) return;
        await cache.StopAsync(keepProcesses: false, CancellationToken.None);
        cache.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    [Test]
    public async Task Create_TwoNodes_ConfigurationEndpointListsThem()
    {
        await CreateAsync(2);

        var answer = await TalkAsync(Endpoint, "config get cluster\r\n");

        const string Text = "2\n127.90.20.2|127.90.20.2|11211 127.90.20.3|127.90.20.3|11211\n";
        Assert.That(answer, Is.EqualTo($"CONFIG cluster 0 {Text.Length}\r\n{Text}\r\nEND\r\n"));
    }

    [Test]
    public async Task ConfigurationEndpoint_OrdinaryCommands_ReachTheFirstNode()
    {
        await CreateAsync(1);

        // The item's data looks like the endpoint's own command, and is none.
        var answer = await TalkAsync(Endpoint, "set k 0 0 20\r\nconfig get cluster\r\n\r\nget k\r\nversion\r\n");

        Assert.That(answer, Does.StartWith("STORED\r\nVALUE k 0 20\r\nconfig get cluster\r\n\r\nEND\r\nVERSION 1."));
        Assert.That(await TalkAsync("127.90.20.2", "get k\r\n"), Is.EqualTo("VALUE k 0 20\r\nconfig get cluster\r\n\r\nEND\r\n"));
    }

    [TestCase(false, ExpectedResult = "SERVER_ERROR object too large for cache")]
    [TestCase(true, ExpectedResult = "STORED")]
    public async Task<string> Item_OfThreeMegabytes_IsStoredWithAParameterGroupThatAllowsIt(bool withGroup)
    {
        if (withGroup)
        {
            await cache.CallAsync("CreateCacheParameterGroup", """{"CacheParameterGroupName":"large","CacheParameterGroupFamily":"memcached1.6","Description":"d"}""");
            await cache.CallAsync("ModifyCacheParameterGroup",
                """{"CacheParameterGroupName":"large","ParameterNameValues":[{"ParameterName":"max_item_size","ParameterValue":"4194304"}]}""");
        }

        await CreateAsync(1, withGroup ? "large" : null);
        var answer = await TalkAsync("127.90.20.2", $"set k 0 0 3000000\r\n{new string('x', 3_000_000)}\r\n");

        return answer.Split("\r\n")[0];
    }

    [Test]
    public async Task Modify_MoreNodesThenFewer_TheListFollowsWithNewVersions()
    {
        await CreateAsync(1);

        await cache.CallAsync("ModifyCacheCluster", """{"CacheClusterId":"c","NumCacheNodes":2,"ApplyImmediately":true}""");
        await cache.IdleAsync();
        var grown = await TalkAsync(Endpoint, "config get cluster\r\n");
        await cache.CallAsync("ModifyCacheCluster", """{"CacheClusterId":"c","NumCacheNodes":1,"CacheNodeIdsToRemove":["0001"],"ApplyImmediately":true}""");
        await cache.IdleAsync();
        var shrunk = await TalkAsync(Endpoint, "config get cluster\r\n");

        Assert.That(grown, Does.Contain("\r\n2\n127.90.20.2|127.90.20.2|11211 127.90.20.3|127.90.20.3|11211\n"));
        Assert.That(shrunk, Does.Contain("\r\n3\n127.90.20.3|127.90.20.3|11211\n"));
    }

    [Test]
    public async Task Break_NodesLost_AreBackEmptyUnderTheSameConfiguration()
    {
        await CreateAsync(1);
        await TalkAsync(Endpoint, "set k 0 0 1\r\nv\r\n");
        var before = await TalkAsync(Endpoint, "config get cluster\r\n");
        var lost = Process();

        var broken = cache.Break(FaultKind.CacheLoss, "c", TimeSpan.Zero);
        await cache.IdleAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(broken);
            Assert.That(processes.IsAlive(lost), Is.False);
            Assert.That(await TalkAsync(Endpoint, "get k\r\n"), Is.EqualTo("END\r\n"));
            Assert.That(await TalkAsync(Endpoint, "config get cluster\r\n"), Is.EqualTo(before));
        }
    }

    [Test]
    public async Task Restart_ProcessesKept_AreAdoptedWithTheirItems()
    {
        await CreateAsync(1);
        await TalkAsync(Endpoint, "set k 0 0 1\r\nv\r\n");

        await cache.StopAsync(keepProcesses: true, CancellationToken.None);
        NewService();
        await cache.StartAsync(CancellationToken.None);
        await cache.IdleAsync();

        Assert.That(await TalkAsync(Endpoint, "get k\r\n"), Is.EqualTo("VALUE k 0 1\r\nv\r\nEND\r\n"));
    }

    [Test]
    public async Task Restart_NodeThatNobodyHasOnRecord_IsReplaced()
    {
        await CreateAsync(1);
        var process = Process();
        await cache.StopAsync(keepProcesses: true, CancellationToken.None);
        var file = new StateFile<ElastiCacheState>(directory, "elasticache");
        var state = file.Load();
        state.Clusters["c"].Nodes[0].Process = null;
        file.Save(state);

        NewService();
        await cache.StartAsync(CancellationToken.None);
        await cache.IdleAsync();

        Assert.That(processes.IsAlive(process), Is.False);
        Assert.That(await TalkAsync(Endpoint, "set k 0 0 1\r\nv\r\n"), Is.EqualTo("STORED\r\n"));
    }

    [Test]
    public async Task Node_Killed_IsStartedAgain()
    {
        await CreateAsync(1);
        var process = Process();

        Signals.SendTo(process.Pid, Signals.Kill);
        await Eventually.TrueAsync(() => Process() != process && processes.IsAlive(Process()), "another node runs");

        Assert.That(await TalkAsync(Endpoint, "set k 0 0 1\r\nv\r\n"), Is.EqualTo("STORED\r\n"));
    }

    [Test]
    public async Task Delete_Cluster_LeavesNoProcessAndNoAddress()
    {
        await CreateAsync(2);
        var process = Process();

        await cache.CallAsync("DeleteCacheCluster", """{"CacheClusterId":"c"}""");
        await Eventually.TrueAsync(async () => await cache.ErrorOfAsync("DescribeCacheClusters", """{"CacheClusterId":"c"}""") == "CacheClusterNotFound", "it is gone");

        Assert.That(processes.IsAlive(process), Is.False);
        Assert.That(addresses.Owners, Is.Empty);
        Assert.That(async () => await TalkAsync(Endpoint, "version\r\n"), Throws.InstanceOf<SocketException>());
    }

    private void NewService()
    {
        var context = new CloudContext(directory, "us-east-1", "000000000000", new Uri("http://127.0.0.1:4599"), new TimeScale(0), TimeProvider.System);
        cache = new ElastiCacheService(context, new MemcachedEngine(context, processes), addresses, new FakeGroups("sg-1"), NullLogger<ElastiCacheService>.Instance);
    }

    private async Task CreateAsync(int nodes, string? parameterGroup = null)
    {
        var input = new JsonObject { ["CacheClusterId"] = "c", ["Engine"] = "memcached", ["CacheNodeType"] = "cache.t3.micro", ["NumCacheNodes"] = nodes };
        if (parameterGroup is not null) input["CacheParameterGroupName"] = parameterGroup;
        await cache.CallAsync("CreateCacheCluster", input.ToJsonString());
        await cache.IdleAsync();
        var cluster = (await cache.CallAsync("DescribeCacheClusters", """{"CacheClusterId":"c"}"""))["CacheClusters"]![0]!;
        Assert.That((string)cluster["CacheClusterStatus"]!, Is.EqualTo("available"));
    }

    private ProcessHandle Process() => new StateFile<ElastiCacheState>(directory, "elasticache").Load().Clusters["c"].Nodes[0].Process!;

    /// <summary>Says something, ends its side, and gives all that is answered.</summary>
    private static async Task<string> TalkAsync(string address, string text)
    {
        using var client = new TcpClient();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10), TimeProvider.System);
        await client.ConnectAsync(IPAddress.Parse(address), 11211, deadline.Token);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(text), deadline.Token);
        client.Client.Shutdown(SocketShutdown.Send);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        return await reader.ReadToEndAsync(deadline.Token);
    }
}
