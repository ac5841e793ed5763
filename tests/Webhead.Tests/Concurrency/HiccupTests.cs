using SyncStorage.TestSupport;
using SyncStorage.Webhead.Cache;
using SyncStorage.Webhead.Tests.Cache;
using SyncStorage.Webhead.Tests.Fixtures;
using SyncStorage.Webhead.Tests.Protocol;

namespace SyncStorage.Webhead.Tests.Concurrency;

/// <summary>A memcached that does not answer for a moment: what was acknowledged meanwhile must be seen through any webhead after it.</summary>
[TestFixture]
[Category(Categories.Processes)]
[NonParallelizable]
internal sealed class HiccupTests
{
    private const int Rounds = 20;
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(200);

    [Test]
    public async Task Write_WhileMemcachedHiccups_IsSeenThroughTheOtherWebheadAtOnce()
    {
        await using var cluster = await TestCluster.StartAsync();
        await using var second = new WebheadProcess(cluster.Aws);
        await second.UntilAsync("ok");
        using var writer = cluster.NewUser(uid: 4711);
        using var reader = cluster.NewUser(uid: 4711, through: second);
        var waitedFor = 0;

        for (var round = 0; round < Rounds; round++)
        {
            await writer.PutAsync("/storage/c/warm", "{}");
            await reader.GetAsync("/info/collections");
            await cluster.Cache.FreezeAsync();
            var writing = writer.PutAsync("/storage/c/i", "{}");
            await Task.Delay(Moment, TimeProvider.System);

            // On a machine that is busy beyond measure it takes longer than a hiccup: then it is left to the repair.
            var isLeftToTheRepair = writing.IsCompleted;
            await cluster.Cache.ThawAsync();
            var written = await writing;
            var read = await reader.GetAsync("/info/collections");
            if (isLeftToTheRepair) continue;
            waitedFor++;
            Assert.That(read.Body, Is.EqualTo($$"""{"c":{{written.LastModified}}}"""), $"round {round}");
        }

        Assert.That(waitedFor, Is.Positive);
    }

    [Test]
    public async Task End_CacheUnreachable_SaysSo()
    {
        var memcached = new FakeCache();
        var cache = new UserCache(memcached, "sync0.example.com");

        memcached.Unreachable = true;
        var (failed, lost) = (await cache.EndAsync(1, "c"), cache.IsLost(1));
        memcached.Unreachable = false;

        Assert.That((failed, lost, await cache.EndAsync(1, "c"), cache.IsLost(1)), Is.EqualTo((false, true, true, false)));
    }

    [Test]
    public async Task IsLost_NodeHangs_OnlyAfterAWhileAndUntilItAnswers()
    {
        var user = new CacheUser("h", 1);
        await using var memcached = await Memcached.StartAsync();
        using var cut = new MemcachedCluster(new CacheAddress(memcached.Address.ToString(), memcached.Port), TimeProvider.System);
        await cut.RunAsync(user, CacheCommand.Get("k"));
        var before = cut.IsLost(user);

        await memcached.FreezeAsync();
        await Assert.ThatAsync(async () => await cut.RunAsync(user, CacheCommand.Get("k")), Throws.TypeOf<CacheUnavailableException>());
        await Loopback.UntilAsync(() => Task.FromResult(cut.IsLost(user)), "it counts as lost");
        await memcached.ThawAsync();
        await Loopback.UntilAsync(() => Task.FromResult(!cut.IsLost(user)), "it is there again");

        Assert.That(before, Is.False);
    }
}
