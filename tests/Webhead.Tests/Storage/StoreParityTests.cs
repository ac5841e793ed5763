using CsCheck;
using Microsoft.Extensions.Time.Testing;
using SyncStorage.SyncClient;
using SyncStorage.TestSupport;
using SyncStorage.Webhead.Cache;
using SyncStorage.Webhead.Storage;
using SyncStorage.Webhead.Tests.Cache;
using SyncStorage.Webhead.Tests.Fixtures;

namespace SyncStorage.Webhead.Tests.Storage;

/// <summary>A collection in the cache behaves as one in the database: the same writes, the same answers.</summary>
[TestFixture]
[Category(Categories.Processes)]
internal sealed class StoreParityTests
{
    // In the database, written through the cache, in the cache alone.
    private static readonly string[] Kept = ["bookmarks", "meta", "tabs"];
    private static readonly CancellationToken None = CancellationToken.None;

    private static readonly Gen<ItemChange> Change = Gen.Select(
        Gen.Int[0, 7], Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[0, 5],
        (id, payload, sortIndex, ttl) => new ItemChange($"i{id}")
        {
            Payload = payload == 0 ? null : $"päyload {payload} \U0001F98A",
            PayloadBytes = payload == 0 ? 0 : 15,
            SortIndex = sortIndex == 0 ? null : sortIndex,
            TtlSeconds = ttl is 0 or > 3 ? null : ttl,
        });

    private static readonly Gen<Step> Steps = Gen.Frequency(
        (6, Change.Array[1, 4].Select(changes => new Step(changes.DistinctBy(change => change.Id).ToArray(), [], false, false))),
        (2, Gen.Int[0, 7].Array[1, 3].Select(ids => new Step([], [.. ids.Distinct().Select(id => $"i{id}")], false, false))),
        (1, Gen.Const(new Step([], [], true, false))),
        (2, Change.Array[1, 4].Select(changes => new Step(changes.DistinctBy(change => change.Id).ToArray(), [], false, true))));

    private static readonly Gen<ItemQuery> Query = Gen.Select(
        Gen.Enum<ItemOrder>(), Gen.Int[-1, 5], Gen.Int[0, 3], Gen.Bool,
        (order, limit, skip, someIds) => new ItemQuery
        {
            Order = order,
            Limit = limit < 0 ? null : limit,
            Start = skip == 0 ? null : new PageStart(null, skip),
            Ids = someIds ? ["i1", "i2", "i3", "i9"] : null,
            Full = true,
        });

    private MariaDb server = null!;
    private HostDatabase database = null!;
    private long users;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        server = await MariaDb.StartAsync();
        await server.QueryAsync("CREATE DATABASE parity CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
        database = new HostDatabase(new DatabaseAddress(server.Address.ToString(), server.Port, "syncadmin", MariaDb.MasterPassword, "parity"));
        await database.Names.GetOrAddAsync("new", None);
    }

    [OneTimeTearDown]
    public async Task EndAsync()
    {
        await database.DisposeAsync();
        await server.DisposeAsync();
    }

    [Test]
    public async Task Stores_SameWrites_GiveSameAnswers() =>
        await Gen.Select(Steps.Array[1, 12], Query.Array[3]).SampleAsync(
            async sample => await RunAsync(sample.Item1, sample.Item2), iter: 25, threads: 1, print: sample => string.Join('\n', sample.Item1.Select(step => step.ToString())));

    private async Task RunAsync(Step[] steps, ItemQuery[] queries)
    {
        // A user for each collection: those of one user have the trace of what was deleted in common, and wait for its tick.
        var first = Interlocked.Add(ref users, Kept.Length);
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));
        var cache = new UserCache(new FakeCache(), "h");
        var storage = new UserStorage(database, cache, time);
        await storage.RepairAsync(None);
        foreach (var step in steps)
        {
            var times = new List<SyncTimestamp>();
            for (var kind = 0; kind < Kept.Length; kind++) times.Add(await ApplyAsync(storage, first + kind, Kept[kind], step));
            Assert.That(times.Distinct().Count(), Is.EqualTo(1));
            time.Advance(TimeSpan.FromMilliseconds(700));
            foreach (var query in queries)
            {
                var expected = await storage.ReadPageAsync(first, Kept[0], query);
                for (var kind = 1; kind < Kept.Length; kind++)
                    Assert.That(await storage.ReadPageAsync(first + kind, Kept[kind], query), Is.EqualTo(expected), Kept[kind]);
            }
        }

        var ends = new List<(SyncTimestamp, SyncTimestamp, bool, long)>();
        for (var kind = 0; kind < Kept.Length; kind++)
        {
            var info = await storage.ReadTimestampsAsync(first + kind, None);
            var counts = await storage.ReadCountsAsync(first + kind, None);
            ends.Add((info.Modified, info.Of(Kept[kind]), info.Collections.ContainsKey(Kept[kind]), counts.GetValueOrDefault(Kept[kind])));
        }

        Assert.That(ends, Is.All.EqualTo(ends[0]));
    }

    private static async Task<SyncTimestamp> ApplyAsync(UserStorage storage, long uid, string collection, Step step)
    {
        if (!step.InBatch)
        {
            return await storage.WriteAsync(uid, collection, async session =>
            {
                if (step.DeleteCollection) await session.DeleteCollectionAsync();
                if (step.Deletions.Length > 0) await session.DeleteAsync(step.Deletions);
                if (step.Changes.Length > 0) await session.UpsertAsync(step.Changes);
            }, looksBack: step.Changes.Length % 2 == 0);
        }

        var staged = await storage.StageAsync(uid, collection, null, step.Changes[..1], _ => { });
        await storage.StageAsync(uid, collection, staged.Batch, step.Changes[1..], _ => { });
        return await storage.WriteAsync(uid, collection, session => session.CommitBatchAsync(staged.Batch), looksBack: false);
    }

    /// <summary>A write: items, ids to delete, the whole collection to delete, or the items in a batch.</summary>
    private sealed record Step(ItemChange[] Changes, string[] Deletions, bool DeleteCollection, bool InBatch)
    {
        public override string ToString() =>
            InBatch ? $"batch {string.Join(", ", Changes.AsEnumerable())}"
            : DeleteCollection ? "delete"
            : $"write {string.Join(", ", Changes.AsEnumerable())} delete {string.Join(", ", Deletions)}";
    }
}

/// <summary>Pages as text, to be compared.</summary>
internal static class PageText
{
    public static async Task<string> ReadPageAsync(this UserStorage storage, long uid, string collection, ItemQuery query)
    {
        var list = new ItemList();
        await storage.ReadPageAsync(uid, collection, query, list, CancellationToken.None);
        var page = list.Page;
        return $"{page.Collection} {page.More}\n{string.Join('\n', page.Items.Select(item => item.ToString()))}";
    }
}
