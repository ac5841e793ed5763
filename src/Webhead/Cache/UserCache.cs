using System.Security.Cryptography;
using SyncStorage.SyncClient;
using SyncStorage.Webhead.Storage;

namespace SyncStorage.Webhead.Cache;

/// <summary>
/// What memcached knows of a virtual hostname's users. Three rules make it right, whoever dies when, and whatever memcached forgets:
/// <list type="bullet">
/// <item>A writer marks what it changes as dirty <em>while it holds the database's lock</em>, before it commits.</item>
/// <item>A reader stores only in the place of its own claim, made when there was nothing, and only what it read from the database
/// after the claim <em>behind the same lock</em>.</item>
/// <item>So any value may vanish at any time. A writer that can't reach memcached leaves a row in the database, within its
/// transaction; whoever sees the row clears the user's values (<see cref="CacheRepairs"/>).</item>
/// </list>
/// </summary>
internal sealed class UserCache(ICacheClient? client, string hostname)
{
    /// <summary>How long a value holds at most.</summary>
    public static readonly TimeSpan Expiry = TimeSpan.FromHours(1);

    // memcached refuses values above its limit, by default 1 MiB.
    private const int LargestCollection = 900 * 1024;

    // Longer than any write takes.
    private static readonly TimeSpan DirtyExpiry = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ClaimExpiry = TimeSpan.FromSeconds(10);
    private static readonly byte[] Dirty = [(byte)CacheValue.Dirty];
    private static readonly byte[] TooLarge = [(byte)CacheValue.TooLarge];

    private volatile int repaired = -1;

    /// <summary>Whether the cluster has a cache at all.</summary>
    public bool Exists => client is not null;

    /// <summary>Whether the cache is not believed before it is repaired.</summary>
    public bool IsInDoubt => client is not null && repaired != client.Interruptions;

    /// <summary>The cache itself, for collections that are nowhere else.</summary>
    public ICacheClient Client => client ?? throw new InvalidOperationException("There is no cache.");

    /// <summary>The timestamps, with those of the collections that are in the cache alone.</summary>
    /// <param name="uid">The user.</param>
    /// <param name="load">Reads them from the database; behind the lock of writers if told so.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<UserTimestamps> ReadTimestampsAsync(long uid, Func<bool, CancellationToken, Task<UserTimestamps>> load,
        CancellationToken cancellationToken)
    {
        if (client is null) return await load(false, cancellationToken);
        var user = Of(uid);
        try
        {
            if (!Trusts(user)) return await WithoutStoringAsync(await client.RunAsync(user, CacheCommand.Get(user.Collection(Collections.Tabs))));
            var answers = await client.RunAsync(user, CacheCommand.Get(user.Metadata), CacheCommand.Touch(user.Collection(Collections.Tabs)));
            if (answers[0].Entry is not { } entry) return await LoadAsync(user, load, cancellationToken);
            if (UserMetadata.Read(entry.Value) is { } known)
            {
                if (Reconcile(known, answers[1].Done) is { } reconciled) return reconciled;
                await client.RunAsync(user, CacheCommand.Delete(user.Metadata));
            }

            return await WithoutStoringAsync(await client.RunAsync(user, CacheCommand.Get(user.Collection(Collections.Tabs))));
        }
        catch (CacheUnavailableException)
        {
            return WithTabs(await load(false, cancellationToken), null);
        }

        async Task<UserTimestamps> WithoutStoringAsync(CacheAnswer tabs) => WithTabs(await load(false, cancellationToken), CachedCollection.Read(tabs.Entry));
    }

    /// <summary>What the cache says of the timestamps, without asking the database; null if it says nothing.</summary>
    public async Task<UserTimestamps?> PeekTimestampsAsync(long uid)
    {
        if (client is null || Of(uid) is var user && !Trusts(user)) return null;
        try
        {
            var answers = await client.RunAsync(user, CacheCommand.Get(user.Metadata), CacheCommand.Touch(user.Collection(Collections.Tabs)));
            return answers[0].Entry is { } entry && UserMetadata.Read(entry.Value) is { } known ? Reconcile(known, answers[1].Done) : null;
        }
        catch (CacheUnavailableException)
        {
            return null;
        }
    }

    /// <summary>A collection that is written through the cache; null if the database must be asked.</summary>
    /// <param name="uid">The user.</param>
    /// <param name="collection">The collection.</param>
    /// <param name="load">Reads it from the database, behind the lock of writers.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<CachedCollection?> ReadCollectionAsync(long uid, string collection, Func<CancellationToken, Task<CachedCollection?>> load,
        CancellationToken cancellationToken)
    {
        if (client is null || Of(uid) is var user && !Trusts(user)) return null;
        try
        {
            var key = user.Collection(collection);
            if ((await client.RunAsync(user, CacheCommand.Get(key))).Entry is { } entry) return CachedCollection.Read(entry);
            var answers = await client.RunAsync(user, Claim(key, out var claim), CacheCommand.Get(key));
            if (answers[1].Entry is not { } claimed || !claimed.Value.AsSpan().SequenceEqual(claim)) return null;
            var loaded = await load(cancellationToken);
            var value = loaded?.Write();
            await TryAsync(client.RunAsync(user,
                CacheCommand.Replace(key, value is null || value.Length > LargestCollection ? TooLarge : value, claimed, Expiry)));
            return loaded;
        }
        catch (CacheUnavailableException)
        {
            return null;
        }
    }

    /// <summary>Marks what a write to a collection will change. To be called while the write holds the database's lock.</summary>
    /// <param name="uid">The user.</param>
    /// <param name="collection">The collection; null if the write changes all.</param>
    /// <returns>Whether that worked; if not, the transaction must leave its row for the repair.</returns>
    public Task<bool> AnnounceAsync(long uid, string? collection) =>
        TryInvalidateAsync(uid, collection, static key => CacheCommand.Set(key, Dirty, DirtyExpiry));

    /// <summary>Takes the marks away, after the transaction has ended however it did. Need not be waited for, if they could be set.</summary>
    /// <returns>Whether that worked; if not, marks stay until they expire, and keep readers away from what they mark.</returns>
    public Task<bool> EndAsync(long uid, string? collection) => TryInvalidateAsync(uid, collection, CacheCommand.Delete);

    /// <summary>Whether the cache has been away for longer than a hiccup takes.</summary>
    public bool IsLost(long uid) => client is not null && client.IsLost(Of(uid));

    /// <summary>Deletes what is in the cache alone.</summary>
    /// <exception cref="CacheUnavailableException">It may still be there.</exception>
    public async Task DeleteCacheOnlyAsync(long uid)
    {
        if (client is null) return;
        var user = Of(uid);
        await client.InvalidateAsync(user, CacheCommand.Delete(user.Collection(Collections.Tabs)), CacheCommand.Delete(user.Batches(Collections.Tabs)));
    }

    /// <summary>Forgets what the node that the user was on before still has of a collection that is in the cache alone: with that node it would come back.</summary>
    /// <exception cref="CacheUnavailableException">It may still be there.</exception>
    public ValueTask ForgetFormerAsync(CacheUser user, string collection) => Client.RunOnFormerAsync(user, CacheCommand.Delete(user.Collection(collection)));

    /// <summary>A collection that is in the cache alone; null if it is not there.</summary>
    /// <exception cref="CacheUnavailableException">It may be there.</exception>
    public async Task<CachedCollection?> ReadCacheOnlyAsync(long uid, string collection)
    {
        var user = Of(uid);
        await ForgetFormerAsync(user, collection);
        return CachedCollection.Read((await Client.RunAsync(user, CacheCommand.Get(user.Collection(collection)))).Entry);
    }

    public CacheUser Of(long uid) => new(hostname, uid);

    /// <summary>Clears what writers left who could not reach the cache, and from then on believes it again.</summary>
    /// <param name="repairs">Where they noted it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task RepairAsync(ICacheRepairs repairs, CancellationToken cancellationToken)
    {
        if (client is null) return;
        try
        {
            // The first time, nothing is connected yet: what is found now would say nothing about connections that come later.
            if (repaired < 0) await client.PingAsync(cancellationToken);
            var interruptions = client.Interruptions;
            while (await repairs.ReadAsync(cancellationToken) is { Count: > 0 } notes)
            {
                foreach (var note in notes)
                {
                    var user = Of(note.Uid);
                    await client.InvalidateAsync(user, [.. Changed(user, null).Select(CacheCommand.Delete)]);
                }

                await repairs.ForgetAsync(notes, cancellationToken);
            }

            repaired = interruptions;
        }
        catch (Exception exception) when (exception is CacheUnavailableException or DatabaseFailedException or WriteConflictException)
        {
            // Tried again in a second. Until then, what is not yet trusted stays so.
        }
    }

    private async Task<bool> TryInvalidateAsync(long uid, string? collection, Func<string, CacheCommand> command)
    {
        if (client is null) return true;
        try
        {
            var user = Of(uid);
            await client.InvalidateAsync(user, [.. Changed(user, collection).Select(command)]);
            return true;
        }
        catch (CacheUnavailableException)
        {
            return false;
        }
    }

    private bool Trusts(CacheUser user) => !IsInDoubt && client!.IsSettled(user);

    private static IEnumerable<string> Changed(CacheUser user, string? collection)
    {
        yield return user.Metadata;
        foreach (var name in Collections.WrittenThrough)
        {
            if (collection is null || collection == name) yield return user.Collection(name);
        }
    }

    private static CacheCommand Claim(string key, out byte[] claim)
    {
        claim = [(byte)CacheValue.Claim, .. RandomNumberGenerator.GetBytes(12)];
        return CacheCommand.Add(key, claim, ClaimExpiry);
    }

    private async Task<UserTimestamps> LoadAsync(CacheUser user, Func<bool, CancellationToken, Task<UserTimestamps>> load,
        CancellationToken cancellationToken)
    {
        var answers = await client!.RunAsync(user,
            Claim(user.Metadata, out var claim), CacheCommand.Get(user.Metadata), CacheCommand.Get(user.Collection(Collections.Tabs)));
        var tabs = CachedCollection.Read(answers[2].Entry);
        if (answers[1].Entry is not { } claimed || !claimed.Value.AsSpan().SequenceEqual(claim))
            return WithTabs(await load(false, cancellationToken), tabs);
        try
        {
            var loaded = WithTabs(await load(true, cancellationToken), tabs);
            await TryAsync(client.RunAsync(user, CacheCommand.Replace(user.Metadata, new UserMetadata(loaded, tabs is not null).Write(), claimed, Expiry)));
            return loaded;
        }
        catch (WriteConflictException)
        {
            // Behind a write that takes long, or in a ring of waits: what is committed is an answer, but not one to keep.
            return WithTabs(await load(false, cancellationToken), tabs);
        }
    }

    private static UserTimestamps WithTabs(UserTimestamps loaded, CachedCollection? tabs)
    {
        // Rows of a time without cache are no longer the truth.
        var collections = loaded.Collections.Where(pair => pair.Key != Collections.Tabs).ToDictionary(StringComparer.Ordinal);
        if (tabs is { Exists: true }) collections[Collections.Tabs] = tabs.Modified;
        return new UserTimestamps(SyncTimestamp.Max(loaded.Modified, tabs?.Modified ?? default), collections);
    }

    /// <summary>Brings what is known of the tabs together with whether they still are there; null if it does not fit.</summary>
    private static UserTimestamps? Reconcile(UserMetadata known, bool tabsAreThere) => (known.HasCacheOnly, tabsAreThere) switch
    {
        (true, true) or (false, false) => known.Timestamps,
        (true, false) => known.Timestamps with
        {
            Collections = known.Timestamps.Collections.Where(pair => pair.Key != Collections.Tabs).ToDictionary(StringComparer.Ordinal),
        },
        (false, true) => null,
    };

    private static async Task TryAsync<T>(ValueTask<T> exchange)
    {
        try
        {
            await exchange;
        }
        catch (CacheUnavailableException)
        {
            // Nothing was stored that could be wrong.
        }
    }
}
