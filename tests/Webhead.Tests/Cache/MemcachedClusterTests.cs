using System.Net;
using System.Net.Sockets;
using System.Text;
using SyncStorage.TestSupport;
using SyncStorage.Webhead.Cache;
using SyncStorage.Webhead.Tests.Fixtures;

namespace SyncStorage.Webhead.Tests.Cache;

[TestFixture]
[Category(Categories.Processes)]
internal sealed class MemcachedClusterTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Test]
    public void ParseNodes_NamesAndAddresses_PrefersAddresses()
    {
        var nodes = MemcachedCluster.ParseNodes("12\na.example.com|10.0.0.1|11211 b.example.com||11212\n");

        Assert.That(nodes, Is.EqualTo((CacheAddress[])[new("10.0.0.1", 11211), new("b.example.com", 11212)]));
    }

    [Test]
    public async Task Commands_PlainMemcached_DoWhatTheySay()
    {
        await using var memcached = await Memcached.StartAsync();
        using var cluster = new MemcachedCluster(new CacheAddress(memcached.Address.ToString(), memcached.Port), TimeProvider.System);
        var large = Enumerable.Range(0, 100_000).Select(number => (byte)number).ToArray();

        var missing = await cluster.GetAsync("k", None);
        var added = await cluster.AddAsync("k", large, Hour, None);
        var again = await cluster.AddAsync("k", [1], Hour, None);
        var entry = (await cluster.GetAsync("k", None))!;
        var replaced = await cluster.ReplaceAsync("k", [2], entry.Unique, Hour, None);
        var stale = await cluster.ReplaceAsync("k", [3], entry.Unique, Hour, None);
        await cluster.DeleteAsync("k", None);
        await cluster.DeleteAsync("k", None);
        await cluster.PingAsync(None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(missing, Is.Null);
            Assert.That((added, again, replaced, stale), Is.EqualTo((true, false, true, false)));
            Assert.That(entry.Value, Is.EqualTo(large));
            Assert.That(await cluster.GetAsync("k", None), Is.Null);
        }
    }

    [Test]
    public async Task Get_ConfigurationEndpoint_UsesItsNodes()
    {
        await using var one = await Memcached.StartAsync();
        await using var two = await Memcached.StartAsync();
        using var endpoint = new TcpListener(IPAddress.Loopback, 0);
        endpoint.Start();
        var list = $"1\none|{one.Address}|{one.Port} two|{two.Address}|{two.Port}\n";
        var answering = AnswerAsync(endpoint, $"CONFIG cluster 0 {list.Length}\r\n{list}\r\nEND\r\n");
        using var cluster = new MemcachedCluster(new CacheAddress("127.0.0.1", ((IPEndPoint)endpoint.LocalEndpoint).Port), TimeProvider.System);

        for (var i = 0; i < 50; i++) await cluster.AddAsync($"key{i}", [1], Hour, None);

        await answering;
        Assert.That(await CountAsync(one) + await CountAsync(two), Is.EqualTo(50));
        Assert.That(await CountAsync(one), Is.InRange(5, 45), "both nodes have their share");
    }

    [Test]
    public async Task Get_NodeRestarted_GoesOnWithIt()
    {
        await using var memcached = await Memcached.StartAsync();
        using var cluster = new MemcachedCluster(new CacheAddress(memcached.Address.ToString(), memcached.Port), TimeProvider.System);
        await cluster.AddAsync("k", [1], Hour, None);

        await memcached.StopAsync();
        await memcached.RunAsync();

        Assert.That(await cluster.GetAsync("k", None), Is.Null);
    }

    [Test]
    public async Task Get_NobodyThere_SaysUnavailable()
    {
        var address = Loopback.NextAddress();
        using var cluster = new MemcachedCluster(new CacheAddress(address.ToString(), Loopback.FreePort(address)), TimeProvider.System);

        await Assert.ThatAsync(() => cluster.GetAsync("k", None), Throws.TypeOf<CacheUnavailableException>());
    }

    private static async Task AnswerAsync(TcpListener endpoint, string answer)
    {
        using var client = await endpoint.AcceptSocketAsync();
        var buffer = new byte[100];
        await client.ReceiveAsync(buffer);
        await client.SendAsync(Encoding.ASCII.GetBytes(answer));
    }

    private static async Task<int> CountAsync(Memcached memcached)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(memcached.Address, memcached.Port);
        await client.GetStream().WriteAsync("stats\r\n"u8.ToArray());
        using var reader = new StreamReader(client.GetStream());
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.Split(' ') is ["STAT", "curr_items", var count]) return int.Parse(count, System.Globalization.CultureInfo.InvariantCulture);
        }

        return -1;
    }
}
