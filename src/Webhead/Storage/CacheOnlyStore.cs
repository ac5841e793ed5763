using SyncStorage.SyncClient;
using SyncStorage.Webhead.Cache;

namespace SyncStorage.Webhead.Storage;

/// <summary>
/// Collections that are in the cache alone. A write replaces the whole collection if it still is what the write started from, and
/// starts again otherwise: no lock, so none that a dead webhead leaves.
/// </summary>
internal sealed class CacheOnlyStore(UserCache cache, TimeProvider time) : ICollectionStore
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DirtyExpiry = TimeSpan.FromMinutes(5);
    private static readonly byte[] Dirty = [(byte)CacheValue.Dirty];

    private readonly WriteClock clock = new(time);
    private readonly WriteGates gates = new();
    private readonly CacheOnlyBatches batches = new(cache, time);

    public async Task<Item?> ReadItemAsync(long uid, string collection, string id, CancellationToken cancellationToken) =>
        (await cache.ReadCacheOnlyAsync(uid, collection))?.Find(id, SyncTimestamp.Now(time));

    public async Task<ItemPage> ReadPageAsync(long uid, string collection, ItemQuery query, CancellationToken cancellationToken) =>
        (await cache.ReadCacheOnlyAsync(uid, collection) ?? CachedCollection.Missing).Page(query, SyncTimestamp.Now(time));

    public async Task<SyncTimestamp> WriteAsync(long uid, string collection, Func<IWriteSession, Task> write, bool looksBack)
    {
        using var turn = await gates.EnterAsync(uid, collection);
        var user = cache.Of(uid);
        var key = user.Collection(collection);
        var started = time.GetTimestamp();
        await cache.ForgetFormerAsync(user, collection);
        while (true)
        {
            var entry = (await cache.Client.RunAsync(user, CacheCommand.Get(key))).Entry;
            var before = CachedCollection.Read(entry) ?? CachedCollection.Missing;
            var session = new CacheOnlySession(before, await clock.AfterAsync(before.Modified), batch => batches.ReadAsync(uid, collection, batch));
            await write(session);
            if (await TryStoreAsync(user, key, entry, session.End()))
            {
                if (session.Committed is { } batch) await batches.ForgetAsync(uid, collection, batch);
                return session.Now;
            }

            if (time.GetElapsedTime(started) > Patience) throw new WriteConflictException();
        }
    }

    public async Task<StagedBatch> StageAsync(long uid, string collection, long? batch, IReadOnlyList<ItemChange> items, Action<SyncTimestamp> check)
    {
        var now = await cache.ReadCacheOnlyAsync(uid, collection) ?? CachedCollection.Missing;
        var modified = now.Exists ? now.Modified : SyncTimestamp.Zero;
        check(modified);
        return new StagedBatch(await batches.AddAsync(uid, collection, batch, items), modified);
    }

    private async Task<bool> TryStoreAsync(CacheUser user, string key, CacheEntry? entry, CachedCollection after)
    {
        // The timestamps are marked before and cleared after, over one connection and without waiting: if we die, all of it happens, or
        // the mark stays.
        var value = after.Write();
        var answers = await cache.Client.RunAsync(user,
            CacheCommand.Set(user.Metadata, Dirty, DirtyExpiry),
            entry is null ? CacheCommand.Add(key, value, TimeSpan.Zero) : CacheCommand.Replace(key, value, entry, TimeSpan.Zero),
            CacheCommand.Delete(user.Metadata));
        return answers[1].Outcome switch
        {
            CacheOutcome.Done => true,
            CacheOutcome.NotDone => false,
            CacheOutcome.Refused => throw new CacheUnavailableException($"memcached does not take {value.Length} bytes"),
            _ => throw new InvalidOperationException("A store has no such outcome."),
        };
    }
}
