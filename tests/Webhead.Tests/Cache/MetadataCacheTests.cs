using SyncStorage.SyncClient;
using SyncStorage.Webhead.Cache;

namespace SyncStorage.Webhead.Tests.Cache;

[TestFixture]
internal sealed class MetadataCacheTests
{
    private const long Uid = 7;
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly FakeCache memcached = new();
    private readonly FakeDatabase database = new();

    [SetUp]
    public void SetUp()
    {
        memcached.Clear();
        database.Clear();
    }

    [Test]
    public async Task Read_SecondTime_IsFromTheCache()
    {
        var cache = NewWebhead();
        database.Set("c", 100);

        await ReadAsync(cache);
        var second = await ReadAsync(cache);

        Assert.That(second.Of("c"), Is.EqualTo(new SyncTimestamp(100)));
        Assert.That(database.Loads, Is.EqualTo(1));
    }

    [Test]
    public async Task Read_AfterWrite_IsTheWritesFromTheCache()
    {
        var cache = NewWebhead();
        await ReadAsync(cache);
        var mark = await cache.BeginWriteAsync(Uid);
        database.Set("c", 200);
        await mark.ChangedAsync("c", new SyncTimestamp(200));

        var read = await ReadAsync(NewWebhead());

        Assert.That((read.Of("c"), read.Modified), Is.EqualTo((new SyncTimestamp(200), new SyncTimestamp(200))));
        Assert.That(database.Loads, Is.EqualTo(1));
    }

    [Test]
    public async Task Read_WriterDied_AsksTheDatabaseEachTime()
    {
        var cache = NewWebhead();
        await ReadAsync(cache);

        // Marked, and never ended: the database has the write, or it has not.
        await cache.BeginWriteAsync(Uid);
        database.Set("c", 200);
        var first = await ReadAsync(NewWebhead());
        database.Set("c", 300);
        var second = await ReadAsync(NewWebhead());

        Assert.That((first.Of("c"), second.Of("c")), Is.EqualTo((new SyncTimestamp(200), new SyncTimestamp(300))));
    }

    [Test]
    public async Task Read_WriteWhileLoading_StoresNothingOld()
    {
        var cache = NewWebhead();
        database.Set("c", 100);

        await cache.ReadAsync(Uid, async token =>
        {
            var loaded = await database.LoadAsync(token);
            var mark = await cache.BeginWriteAsync(Uid);
            database.Set("c", 200);
            await mark.ChangedAsync("c", new SyncTimestamp(200));
            return loaded;
        }, None);
        var later = await ReadAsync(cache);

        Assert.That(later.Of("c"), Is.EqualTo(new SyncTimestamp(200)));
    }

    [Test]
    public async Task Read_TwoWritersOneDone_StillAsksTheDatabase()
    {
        var cache = NewWebhead();
        await ReadAsync(cache);
        var first = await cache.BeginWriteAsync(Uid);
        await cache.BeginWriteAsync(Uid);

        database.Set("c", 200);
        await first.ChangedAsync("c", new SyncTimestamp(200));
        database.Set("c", 300);
        var read = await ReadAsync(cache);

        Assert.That(read.Of("c"), Is.EqualTo(new SyncTimestamp(300)));
    }

    [Test]
    public async Task Read_MarkWasEvictedAndRecordRebuilt_IsNotBelieved()
    {
        var cache = NewWebhead();
        database.Set("c", 100);
        var mark = await cache.BeginWriteAsync(Uid);
        memcached.Clear();
        await ReadAsync(NewWebhead());

        database.Set("c", 200);
        await mark.ChangedAsync("c", new SyncTimestamp(200));
        var read = await ReadAsync(NewWebhead());

        Assert.That(read.Of("c"), Is.EqualTo(new SyncTimestamp(200)));
    }

    [Test]
    public async Task Repair_WrittenWhileTheCacheWasOutOfReach_ClearsTheOldRecord()
    {
        var cut = NewWebhead();
        var other = NewWebhead();
        database.Set("c", 100);
        await ReadAsync(other);

        memcached.Unreachable = true;
        var mark = await cut.BeginWriteAsync(Uid);
        database.Set("c", 200);
        await mark.ChangedAsync("c", new SyncTimestamp(200));
        var without = await ReadAsync(cut);
        memcached.Unreachable = false;
        await cut.RepairAsync(None);
        var repaired = await ReadAsync(other);

        Assert.That((without.Of("c"), repaired.Of("c")), Is.EqualTo((new SyncTimestamp(200), new SyncTimestamp(200))));
    }

    [Test]
    public async Task Read_WriteFailed_KeepsWhatWasKnown()
    {
        var cache = NewWebhead();
        database.Set("c", 100);
        await ReadAsync(cache);

        var mark = await cache.BeginWriteAsync(Uid);
        await mark.UnchangedAsync();
        await ReadAsync(cache);

        Assert.That(database.Loads, Is.EqualTo(1));
    }

    [Test]
    public async Task Peek_NothingCached_AsksNobody()
    {
        var cache = NewWebhead();

        Assert.That(await cache.PeekAsync(Uid, None), Is.Null);
        Assert.That(database.Loads, Is.Zero);
    }

    private MetadataCache NewWebhead() => new(memcached, "sync0.example.com");

    private Task<UserTimestamps> ReadAsync(MetadataCache cache) => cache.ReadAsync(Uid, database.LoadAsync, None);

    private sealed class FakeDatabase
    {
        private readonly Dictionary<string, SyncTimestamp> collections = [];

        public int Loads { get; private set; }

        public void Set(string collection, long modified) => collections[collection] = new SyncTimestamp(modified);

        public void Clear()
        {
            collections.Clear();
            Loads = 0;
        }

        public Task<UserTimestamps> LoadAsync(CancellationToken cancellationToken)
        {
            Loads++;
            return Task.FromResult(new UserTimestamps(collections.Values.DefaultIfEmpty().Max(), new Dictionary<string, SyncTimestamp>(collections)));
        }
    }

    private sealed class FakeCache : ICacheClient
    {
        private readonly Dictionary<string, CacheEntry> entries = [];
        private ulong unique;

        public bool Unreachable { get; set; }

        public void Clear() => entries.Clear();

        public Task<CacheEntry?> GetAsync(string key, CancellationToken cancellationToken) =>
            Reach(() => entries.GetValueOrDefault(key));

        public Task<bool> AddAsync(string key, byte[] value, TimeSpan expiry, CancellationToken cancellationToken) =>
            Reach(() => entries.TryAdd(key, new CacheEntry(value, ++unique)));

        public Task<bool> ReplaceAsync(string key, byte[] value, ulong seen, TimeSpan expiry, CancellationToken cancellationToken) =>
            Reach(() =>
            {
                if (entries.GetValueOrDefault(key)?.Unique != seen) return false;
                entries[key] = new CacheEntry(value, ++unique);
                return true;
            });

        public Task DeleteAsync(string key, CancellationToken cancellationToken) => Reach(() => entries.Remove(key));

        private Task<T> Reach<T>(Func<T> act) =>
            Unreachable ? Task.FromException<T>(new CacheUnavailableException("out of reach")) : Task.FromResult(act());
    }
}
