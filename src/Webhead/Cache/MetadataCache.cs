using System.Collections.Concurrent;
using System.Security.Cryptography;
using SyncStorage.SyncClient;

namespace SyncStorage.Webhead.Cache;

/// <summary>
/// The timestamps of a virtual hostname's users, in memcached. A write marks the user's record before it touches the database, and
/// takes the mark away afterwards; while a mark is there, readers ask the database. So a webhead that dies between leaves a
/// record that says nothing, never an old answer. Marks end with the record's expiry.
/// </summary>
internal sealed class MetadataCache(ICacheClient? cache, string hostname)
{
    private const int Attempts = 4;
    private const int MostUnmarked = 100_000;
    private static readonly TimeSpan Expiry = TimeSpan.FromMinutes(10);

    // Users who were written to while the cache could not be reached: other webheads may have reached it, and have old records. Beyond
    // the most that are remembered, the expiry of records bounds how long an old one lives.
    private readonly ConcurrentDictionary<long, int> unmarked = new();

    /// <summary>The user's timestamps, from the cache or, if it has none that hold, from the database.</summary>
    public async Task<UserTimestamps> ReadAsync(long uid, Func<CancellationToken, Task<UserTimestamps>> load,
        CancellationToken cancellationToken)
    {
        if (cache is null) return await load(cancellationToken);
        ulong? seen;
        try
        {
            await ForgetUnmarkedAsync(uid, cancellationToken);
            var entry = await cache.GetAsync(Key(uid), cancellationToken);
            var record = entry is null ? null : UserMetadata.Read(entry.Value);
            if (record?.Timestamps is { } known) return known;

            seen = record?.Writers.Count > 0 ? null : await ClaimAsync(uid, entry, cancellationToken);
        }
        catch (CacheUnavailableException)
        {
            return await load(cancellationToken);
        }

        var loaded = await load(cancellationToken);
        if (seen is { } unique) await TryStoreAsync(uid, loaded, unique, cancellationToken);
        return loaded;
    }

    /// <summary>What the cache says without asking the database; null if it says nothing.</summary>
    public async Task<UserTimestamps?> PeekAsync(long uid, CancellationToken cancellationToken)
    {
        if (cache is null || unmarked.ContainsKey(uid)) return null;
        try
        {
            return await cache.GetAsync(Key(uid), cancellationToken) is { } entry ? UserMetadata.Read(entry.Value).Timestamps : null;
        }
        catch (CacheUnavailableException)
        {
            return null;
        }
    }

    /// <summary>Clears the records of users who were written to while the cache was out of reach. Called about every second.</summary>
    public async Task RepairAsync(CancellationToken cancellationToken)
    {
        if (cache is null || unmarked.IsEmpty) return;
        try
        {
            foreach (var uid in unmarked.Keys) await ForgetUnmarkedAsync(uid, cancellationToken);
        }
        catch (CacheUnavailableException)
        {
            // Still out of reach; the next round tries again.
        }
    }

    /// <summary>Announces a write. The mark must be ended.</summary>
    public async Task<WriteMark> BeginWriteAsync(long uid)
    {
        var mark = new WriteMark(this, uid, RandomNumberGenerator.GetHexString(12, lowercase: true));
        if (cache is null) return mark;
        try
        {
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                var entry = await cache.GetAsync(Key(uid), CancellationToken.None);
                var record = entry is null ? new UserMetadata() : UserMetadata.Read(entry.Value);
                var marked = record with { Writers = [.. record.Writers, mark.Id], Loader = null };
                if (await StoreAsync(uid, entry, marked)) return mark;
            }
        }
        catch (CacheUnavailableException)
        {
            // Falls through: the write is more important than the cache, which is put right before it is used again.
        }

        NoteUnmarked(uid);
        return mark;
    }

    /// <summary>Takes a mark away.</summary>
    /// <param name="mark">The mark.</param>
    /// <param name="change">What the write did to the record; null if what it did is not known.</param>
    internal async Task EndWriteAsync(WriteMark mark, Func<UserMetadata, UserMetadata>? change)
    {
        if (cache is null) return;
        try
        {
            await ForgetUnmarkedAsync(mark.Uid, CancellationToken.None);
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                if (await cache.GetAsync(Key(mark.Uid), CancellationToken.None) is not { } entry) return;
                var record = UserMetadata.Read(entry.Value);
                var ours = record.Writers.Contains(mark.Id);
                var rest = record with { Writers = [.. record.Writers.Where(writer => writer != mark.Id)], Loader = null };

                // A record without our mark was made anew meanwhile, from a database that may not have had our write.
                var after = ours && change is not null ? change(rest) : rest with { Collections = null };
                if (await StoreAsync(mark.Uid, entry, after)) return;
            }

            await cache.DeleteAsync(Key(mark.Uid), CancellationToken.None);
        }
        catch (CacheUnavailableException)
        {
            // If our mark is there, it keeps readers away until the record expires; if it is not, this remembers to clear the record.
            NoteUnmarked(mark.Uid);
        }
    }

    private string Key(long uid) => $"s1:{hostname}:{uid}:metadata";

    private Task<bool> StoreAsync(long uid, CacheEntry? seen, UserMetadata record) => seen is null
        ? cache!.AddAsync(Key(uid), record.Serialize(), Expiry, CancellationToken.None)
        : cache!.ReplaceAsync(Key(uid), record.Serialize(), seen.Unique, Expiry, CancellationToken.None);

    /// <summary>Leaves a loader's mark, and returns the number under which what is loaded may be stored.</summary>
    private async Task<ulong?> ClaimAsync(long uid, CacheEntry? entry, CancellationToken cancellationToken)
    {
        var claim = new UserMetadata { Loader = RandomNumberGenerator.GetHexString(12, lowercase: true) };
        if (!await StoreAsync(uid, entry, claim)) return null;
        var stored = await cache!.GetAsync(Key(uid), cancellationToken);
        return stored is not null && UserMetadata.Read(stored.Value).Loader == claim.Loader ? stored.Unique : null;
    }

    private async Task TryStoreAsync(long uid, UserTimestamps loaded, ulong unique, CancellationToken cancellationToken)
    {
        try
        {
            await cache!.ReplaceAsync(Key(uid), UserMetadata.From(loaded).Serialize(), unique, Expiry, cancellationToken);
        }
        catch (CacheUnavailableException)
        {
            // Nothing was stored that could be wrong; the next reader loads again.
        }
    }

    private void NoteUnmarked(long uid)
    {
        if (unmarked.Count < MostUnmarked) unmarked.AddOrUpdate(uid, 1, (_, times) => times + 1);
    }

    private async Task ForgetUnmarkedAsync(long uid, CancellationToken cancellationToken)
    {
        if (!unmarked.TryGetValue(uid, out var times)) return;
        await cache!.DeleteAsync(Key(uid), cancellationToken);

        // Only if nobody was noted since: that one's record is not cleared by our deletion.
        unmarked.TryRemove(KeyValuePair.Create(uid, times));
    }
}

/// <summary>A write that is announced in the cache.</summary>
internal sealed class WriteMark(MetadataCache cache, long uid, string id)
{
    public string Id => id;

    public long Uid => uid;

    /// <summary>The write changed a collection.</summary>
    public Task ChangedAsync(string collection, SyncTimestamp modified) => cache.EndWriteAsync(this, record => record.With(collection, modified));

    /// <summary>The write changed nothing.</summary>
    public Task UnchangedAsync() => cache.EndWriteAsync(this, record => record);

    /// <summary>The write changed more than one collection, or nobody knows what it did: the next reader asks the database.</summary>
    public Task UnknownAsync() => cache.EndWriteAsync(this, change: null);
}
