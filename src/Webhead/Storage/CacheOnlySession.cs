using SyncStorage.SyncClient;

namespace SyncStorage.Webhead.Storage;

/// <summary>A write to a collection that is in the cache alone: it works on a copy. Its rules are those of <see cref="UpsertStatement"/>.</summary>
internal sealed class CacheOnlySession(CachedCollection before, SyncTimestamp now, Func<long, Task<IReadOnlyList<ItemChange>>> readBatch)
    : IWriteSession
{
    // Expired items are kept for a day, like those in databases.
    private static readonly TimeSpan Grace = TimeSpan.FromDays(1);

    private readonly Dictionary<string, StoredItem> items = before.Items
        .Where(item => item.Expires > now.Milliseconds - (long)Grace.TotalMilliseconds)
        .ToDictionary(item => item.Item.Id, StringComparer.Ordinal);

    private bool deleted;

    public SyncTimestamp Now => now;

    public SyncTimestamp CollectionModified => before.Exists ? before.Modified : SyncTimestamp.Zero;

    /// <summary>The batch that was committed.</summary>
    public long? Committed { get; private set; }

    public Task<SyncTimestamp?> ReadItemModifiedAsync(string id) => Task.FromResult(Live(id)?.Item.Modified);

    public Task UpsertAsync(IReadOnlyList<ItemChange> changes)
    {
        foreach (var change in changes) Upsert(change);
        return Task.CompletedTask;
    }

    public Task<int> DeleteAsync(IReadOnlyCollection<string> ids) => Task.FromResult(ids.Count(id => Live(id) is not null && items.Remove(id)));

    public Task DeleteCollectionAsync()
    {
        items.Clear();
        deleted = true;
        return Task.CompletedTask;
    }

    public async Task CommitBatchAsync(long batch)
    {
        foreach (var change in await readBatch(batch)) Upsert(change);
        Committed = batch;
    }

    /// <summary>The collection after the write.</summary>
    public CachedCollection End() => new(now, !deleted, [.. items.Values]);

    private StoredItem? Live(string id) => items.GetValueOrDefault(id) is { } item && item.Expires > now.Milliseconds ? item : null;

    private void Upsert(ItemChange change)
    {
        var old = Live(change.Id);
        items[change.Id] = new StoredItem(
            new Item(
                change.Id,
                change.Payload is not null || old is null ? now : old.Item.Modified,
                change.Payload ?? old?.Item.Payload ?? "",
                change.SortIndex ?? old?.Item.SortIndex),
            change.TtlSeconds is { } ttl ? now.Milliseconds + ttl * 1000 : old?.Expires ?? Schema.Never);
    }
}
