using SyncStorage.TestSupport;
using SyncStorage.Webhead.Tests.Fixtures;

namespace SyncStorage.Webhead.Tests.Concurrency;

/// <summary>
/// Many clients, several webheads, one database and one memcached. Whatever happens, what was acknowledged is there, no two writes
/// to a collection have the same timestamp, and nobody is told of a time before an item that there is.
/// </summary>
[TestFixture]
[Category(Categories.Processes)]
[NonParallelizable]
internal sealed class ConcurrencyTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(5);
    private TestCluster cluster = null!;
    private WebheadProcess[] webheads = [];

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        cluster = await TestCluster.StartAsync();
        webheads = [cluster.Webhead, new WebheadProcess(cluster.Aws)];
        await webheads[1].UntilAsync("ok");
    }

    [OneTimeTearDown]
    public async Task EndAsync()
    {
        if (webheads.Length > 1) await webheads[1].DisposeAsync();
        await cluster.DisposeAsync();
    }

    [Test]
    public async Task Clients_TwoWebheads_KeepToTheModel()
    {
        var users = Enumerable.Range(1, 3).Select(seed => new BusyUser(cluster, () => webheads, seed)
        {
            Collections = ["bookmarks", "meta", "tabs"],
        }).ToList();

        using var stop = new CancellationTokenSource(Long);
        await Task.WhenAll(users.Select(user => user.RunAsync(devices: 4, stop.Token)));
        foreach (var user in users) await user.CheckEndAsync();

        Report(users);
        Assert.That(users.SelectMany(user => user.History.Violations), Is.Empty);
        Assert.That(users.Sum(user => user.History.Acknowledged), Is.GreaterThan(100));
    }

    [Test]
    public async Task Clients_WebheadsAndMemcachedDieAtRandom_KeepToTheModel()
    {
        var users = Enumerable.Range(11, 3).Select(seed => new BusyUser(cluster, () => webheads, seed)
        {
            // Tabs are not among them: what memcached forgets is lost, and may be.
            Collections = ["bookmarks", "meta", "clients"],
            MayBeCutOff = true,
        }).ToList();

        using var stop = new CancellationTokenSource(Long * 1.6);
        var trouble = MakeTroubleAsync(stop.Token);
        await Task.WhenAll(users.Select(user => user.RunAsync(devices: 3, stop.Token)));
        await trouble;
        foreach (var webhead in webheads) await webhead.UntilAsync("ok");
        foreach (var user in users) await user.CheckEndAsync();

        Report(users);
        Assert.That(users.SelectMany(user => user.History.Violations), Is.Empty);
        Assert.That(users.Sum(user => user.History.Acknowledged), Is.GreaterThan(50));
    }

    /// <summary>Freezes memcached, restarts it, kills the second webhead and starts another one, in turn.</summary>
    private async Task MakeTroubleAsync(CancellationToken stop)
    {
        var random = new Random(1);
        for (var round = 0; !stop.IsCancellationRequested; round++)
        {
            await PauseAsync(random);
            switch (round % 3)
            {
                case 0:
                    await cluster.Cache.FreezeAsync();
                    if (round % 2 == 0) await webheads[1].Process.SignalAsync("KILL");
                    await PauseAsync(random);
                    await cluster.Cache.ThawAsync();
                    if (round % 2 == 0) await ReplaceAsync();
                    break;
                case 1:
                    await cluster.Cache.StopAsync();
                    await PauseAsync(random);
                    await cluster.Cache.RunAsync();
                    break;
                default:
                    await webheads[1].Process.SignalAsync("KILL");
                    await ReplaceAsync();
                    break;
            }
        }
    }

    private static Task PauseAsync(Random random) =>
        Task.Delay(TimeSpan.FromMilliseconds(100 + random.Next(300)), TimeProvider.System, CancellationToken.None);

    private async Task ReplaceAsync()
    {
        var old = webheads[1];
        var fresh = new WebheadProcess(cluster.Aws);
        await fresh.UntilAsync("ok");
        webheads = [cluster.Webhead, fresh];
        await old.DisposeAsync();
    }

    private static void Report(IEnumerable<BusyUser> users) => TestContext.Out.WriteLine(
        $"{users.Sum(user => user.History.Acknowledged)} writes acknowledged, {users.Sum(user => user.Conflicts)} requests to be retried");
}
