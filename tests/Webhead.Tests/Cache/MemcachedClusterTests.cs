using System.Net;
using System.Net.Sockets;
using System.Text;
using SyncStorage.TestSupport;
using SyncStorage.Webhead.Cache;
using SyncStorage.Webhead.Storage;
using SyncStorage.Webhead.Tests.Fixtures;

namespace SyncStorage.Webhead.Tests.Cache;

[TestFixture]
[Category(Categories.Processes)]
internal sealed class MemcachedClusterTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly CacheUser User = new("h", 1);

    [Test]
    public void ParseNodes_NamesAndAddresses_PrefersAddresses()
    {
        var nodes = NodeDirectory.ParseNodes("12\nb.example.com||11212 a.example.com|10.0.0.1|11211\n");

        Assert.That(nodes, Is.EqualTo((ClusterNode[])[
            new("a.example.com:11211", new CacheAddress("10.0.0.1", 11211)), new("b.example.com:11212", new CacheAddress("b.example.com", 11212))]));
    }

    [Test]
    public async Task Commands_PlainMemcached_DoWhatTheySay()
    {
        await using var memcached = await Memcached.StartAsync();
        using var cluster = NewCluster(memcached);
        var large = Enumerable.Range(0, 300_000).Select(number => (byte)number).ToArray();

        var missing = await cluster.RunAsync(User, CacheCommand.Get("k"));
        var answers = await cluster.RunAsync(User,
            CacheCommand.Add("k", large, Hour), CacheCommand.Add("k", new byte[] { 1 }, Hour), CacheCommand.Get("k"), CacheCommand.Touch("k"));
        var entry = answers[2].Entry!;
        var replaced = await cluster.RunAsync(User, CacheCommand.Replace("k", new byte[] { 2 }, entry, Hour));
        var stale = await cluster.RunAsync(User, CacheCommand.Replace("k", new byte[] { 3 }, entry, Hour));
        var set = await cluster.RunAsync(User, CacheCommand.Set("k", ReadOnlyMemory<byte>.Empty, Hour));
        var empty = await cluster.RunAsync(User, CacheCommand.Get("k"));
        var deleted = await cluster.RunAsync(User, CacheCommand.Delete("k"), CacheCommand.Delete("k"), CacheCommand.Touch("k"));
        var tooLarge = await cluster.RunAsync(User, CacheCommand.Set("k", new byte[3 * 1024 * 1024], Hour), CacheCommand.Get("k"));
        await cluster.PingAsync(None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(missing, Is.EqualTo(new CacheAnswer(CacheOutcome.NotDone)));
            Assert.That((answers[0].Done, answers[1].Done, answers[3].Done), Is.EqualTo((true, false, true)));
            Assert.That(entry.Value, Is.EqualTo(large));
            Assert.That((replaced.Done, stale.Done, set.Done), Is.EqualTo((true, false, true)));
            Assert.That(empty.Entry!.Value, Is.Empty);
            Assert.That(deleted.Select(answer => answer.Done), Is.EqualTo((bool[])[true, false, false]));
            Assert.That(tooLarge.Select(answer => answer.Outcome), Is.EqualTo((CacheOutcome[])[CacheOutcome.Refused, CacheOutcome.NotDone]));
        }
    }

    [Test]
    public async Task Run_ManyAtOnce_EachGetsItsOwnAnswer()
    {
        await using var memcached = await Memcached.StartAsync();
        using var cluster = NewCluster(memcached);

        var values = await Task.WhenAll(Enumerable.Range(0, 2000).Select(async number =>
        {
            var value = new byte[number * 7 % 5000 + 4];
            BitConverter.TryWriteBytes(value, number);
            var answers = await cluster.RunAsync(User, CacheCommand.Set($"k{number}", value, Hour), CacheCommand.Get($"k{number}"));
            return answers[1].Entry!.Value.AsSpan().SequenceEqual(value);
        }));

        Assert.That(values, Is.All.True);
    }

    [Test]
    public async Task Run_ConfigurationEndpoint_UsesItsNodesAndFollowsTheirList()
    {
        await using var one = await Memcached.StartAsync();
        await using var two = await Memcached.StartAsync();
        await using var endpoint = new FakeEndpoint { Nodes = [one, two] };
        using var cluster = new MemcachedCluster(endpoint.Address, TimeProvider.System);
        var users = Enumerable.Range(0, 100).Select(uid => new CacheUser("h", uid)).ToList();

        foreach (var user in users) await cluster.RunAsync(user, CacheCommand.Add(user.Metadata, new byte[] { 1 }, Hour));
        var shares = (await CountAsync(one), await CountAsync(two));
        endpoint.Nodes = [two];
        await one.StopAsync();
        await Loopback.UntilAsync(async () => (await FoundAsync(cluster, users)).Found == shares.Item2, "those of the node that is left are found");

        Assert.That(shares.Item1 + shares.Item2, Is.EqualTo(100));
        Assert.That(shares.Item1, Is.InRange(20, 80), "both nodes have their share");
        Assert.That(users.Count(user => !cluster.IsSettled(user)), Is.EqualTo(shares.Item1), "those that moved are not believed yet");
    }

    [Test]
    public async Task ForgetFormer_NodeAddedThenRemoved_BringsNothingBackThatWasWrittenElsewhereSince()
    {
        await using var one = await Memcached.StartAsync();
        await using var two = await Memcached.StartAsync();
        await using var endpoint = new FakeEndpoint { Nodes = [one] };
        using var cluster = new MemcachedCluster(endpoint.Address, TimeProvider.System) { Poll = TimeSpan.FromMilliseconds(50) };
        var store = new CacheOnlyStore(new UserCache(cluster, "h"), TimeProvider.System);
        var uids = Enumerable.Range(0, 40).ToList();
        async Task WriteAsync(long uid, string payload) => await store.WriteAsync(uid, Collections.Tabs, session => session.UpsertAsync([new ItemChange("tab") { Payload = payload, PayloadBytes = payload.Length }]), looksBack: false);
        async Task<string?> ReadAsync(long uid) => (await store.ReadItemAsync(uid, Collections.Tabs, "tab", None))?.Payload;

        foreach (var uid in uids) await WriteAsync(uid, "older");
        endpoint.Nodes = [one, two];
        await Loopback.UntilAsync(() => Task.FromResult(cluster.Nodes == 2), "it knows both nodes");
        var moved = uids.Where(uid => !cluster.IsSettled(new CacheUser("h", uid))).ToList();
        var gone = await Task.WhenAll(moved.Select(uid => ReadAsync(uid)));
        foreach (var uid in moved) await WriteAsync(uid, "newer");
        endpoint.Nodes = [one];
        await Loopback.UntilAsync(() => Task.FromResult(cluster.Nodes == 1), "it knows one node");
        var back = await Task.WhenAll(moved.Select(uid => ReadAsync(uid)));
        var others = await Task.WhenAll(uids.Except(moved).Select(uid => ReadAsync(uid)));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(moved, Has.Count.InRange(5, 35));
            Assert.That(gone, Is.All.Null, "who moves has no tabs until the next sync");
            Assert.That(back, Is.All.Null, "and so has who comes back: what the node had kept is older than what was acknowledged since");
            Assert.That(others, Is.All.EqualTo("older"), "who did not move has all");
        }
    }

    [Test]
    public async Task Run_NodeRestarted_GoesOnWithIt()
    {
        await using var memcached = await Memcached.StartAsync();
        using var cluster = NewCluster(memcached);
        var before = await cluster.RunAsync(User, CacheCommand.Add("k", new byte[] { 1 }, Hour), CacheCommand.Get("k"));
        var interruptions = cluster.Interruptions;

        await memcached.StopAsync();
        await memcached.RunAsync();
        await Loopback.UntilAsync(async () => await TryGetAsync(cluster) is not null, "it is used again");

        // The restarted one numbers its values from the start: what was seen before must not be taken for what is there now.
        await cluster.RunAsync(User, CacheCommand.Add("k", new byte[] { 2 }, Hour));
        var replaced = await cluster.RunAsync(User, CacheCommand.Replace("k", new byte[] { 3 }, before[1].Entry!, Hour));
        Assert.That(replaced.Done, Is.False);
        Assert.That(cluster.Interruptions, Is.GreaterThan(interruptions));
    }

    [Test]
    public async Task Run_NodeHangs_CostsLittleOnceAndNothingAfterwards()
    {
        await using var memcached = await Memcached.StartAsync();
        using var cluster = NewCluster(memcached);
        await cluster.RunAsync(User, CacheCommand.Set("k", new byte[] { 1 }, Hour));

        await memcached.FreezeAsync();
        var first = await TimeAsync();
        var second = await TimeAsync();
        await memcached.ThawAsync();
        await Loopback.UntilAsync(async () => await TryGetAsync(cluster) is { Done: true }, "it is used again");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(first, Is.LessThan(TimeSpan.FromMilliseconds(500)));
            Assert.That(second, Is.LessThan(TimeSpan.FromMilliseconds(20)));
        }

        async Task<TimeSpan> TimeAsync()
        {
            var started = TimeProvider.System.GetTimestamp();
            await Assert.ThatAsync(async () => await cluster.RunAsync(User, CacheCommand.Get("k")), Throws.TypeOf<CacheUnavailableException>());
            return TimeProvider.System.GetElapsedTime(started);
        }
    }

    [Test]
    public async Task Run_NobodyThere_SaysUnavailable()
    {
        var address = Loopback.NextAddress();
        using var cluster = new MemcachedCluster(new CacheAddress(address.ToString(), Loopback.FreePort(address)), TimeProvider.System);

        await Assert.ThatAsync(async () => await cluster.RunAsync(User, CacheCommand.Get("k")), Throws.TypeOf<CacheUnavailableException>());
    }

    private static MemcachedCluster NewCluster(Memcached memcached) =>
        new(new CacheAddress(memcached.Address.ToString(), memcached.Port), TimeProvider.System);

    private static async Task<CacheAnswer?> TryGetAsync(MemcachedCluster cluster)
    {
        try
        {
            return await cluster.RunAsync(User, CacheCommand.Get("k"));
        }
        catch (CacheUnavailableException)
        {
            return null;
        }
    }

    private static async Task<(int Found, int Failed)> FoundAsync(MemcachedCluster cluster, List<CacheUser> users)
    {
        var (found, failed) = (0, 0);
        foreach (var user in users)
        {
            try
            {
                if ((await cluster.RunAsync(user, CacheCommand.Get(user.Metadata))).Done) found++;
            }
            catch (CacheUnavailableException)
            {
                failed++;
            }
        }

        return (failed == 0 ? found : -1, failed);
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

    /// <summary>A configuration endpoint that names nodes.</summary>
    private sealed class FakeEndpoint : IAsyncDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);
        private readonly Task answering;

        public FakeEndpoint()
        {
            listener.Start();
            answering = AnswerAsync();
        }

        public CacheAddress Address => new("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port);

        public Memcached[] Nodes { get; set; } = [];

        public async ValueTask DisposeAsync()
        {
            listener.Stop();
            await answering;
        }

        private async Task AnswerAsync()
        {
            var buffer = new byte[100];
            try
            {
                while (true)
                {
                    using var client = await listener.AcceptSocketAsync();
                    await client.ReceiveAsync(buffer);
                    var list = $"1\n{string.Join(' ', Nodes.Select(node => $"{node.Address}|{node.Address}|{node.Port}"))}\n";
                    await client.SendAsync(Encoding.ASCII.GetBytes($"CONFIG cluster 0 {list.Length}\r\n{list}\r\nEND\r\n"));
                }
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }
    }
}
