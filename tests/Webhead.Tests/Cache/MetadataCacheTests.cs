using SyncStorage.SyncClient;
using SyncStorage.Webhead.Cache;

namespace SyncStorage.Webhead.Tests.Cache;

[TestFixture]
internal sealed class MetadataCacheTests
{
    private const long _uid = 7;
    private static readonly CancellationToken _none = CancellationToken.None;
    private readonly FakeCache _memcached = new();
    private readonly FakeDatabase _database = new();

    [SetUp]
    public void SetUp()
    {
        _memcached.Clear();
        _database.Clear();
    }

    [Test]
    public async Task Read_SecondTime_IsFromTheCache()
    {
        var cache = NewWebhead();
        _database.Set("c", 100);

        await ReadAsync(cache);
        var second = await ReadAsync(cache);

        Assert.That(second.Of("c"), Is.EqualTo(new SyncTimestamp(100)));
        Assert.That(_database.Loads, Is.EqualTo(1));
    }

    [Test]
    public async Task Read_AfterWrite_IsTheWritesFromTheCache()
    {
        var cache = NewWebhead();
        await ReadAsync(cache);
        var mark = await cache.BeginWriteAsync(_uid);
        _database.Set("c", 200);
        await mark.ChangedAsync("c", new SyncTimestamp(200));

        var read = await ReadAsync(NewWebhead());

        Assert.That((read.Of("c"), read.Modified), Is.EqualTo((new SyncTimestamp(200), new SyncTimestamp(200))));
        Assert.That(_database.Loads, Is.EqualTo(1));
    }

    [Test]
    public async Task Read_WriterDied_AsksTheDatabaseEachTime()
    {
        var cache = NewWebhead();
        await ReadAsync(cache);

        // Marked, and never ended: the database has the write, or it has not.
        await cache.BeginWriteAsync(_uid);
        _database.Set("c", 200);
        var first = await ReadAsync(NewWebhead());
        _database.Set("c", 300);
        var second = await ReadAsync(NewWebhead());

        Assert.That((first.Of("c"), second.Of("c")), Is.EqualTo((new SyncTimestamp(200), new SyncTimestamp(300))));
    }

    [Test]
    public async Task Read_WriteWhileLoading_StoresNothingOld()
    {
        var cache = NewWebhead();
        _database.Set("c", 100);

        await cache.ReadAsync(_uid, async token =>
        {
            var loaded = await _database.LoadAsync(token);
            var mark = await cache.BeginWriteAsync(_uid);
            _database.Set("c", 200);
            await mark.ChangedAsync("c", new SyncTimestamp(200));
            return loaded;
        }, _none);
        var later = await ReadAsync(cache);

        Assert.That(later.Of("c"), Is.EqualTo(new SyncTimestamp(200)));
    }

    [Test]
    public async Task Read_TwoWritersOneDone_StillAsksTheDatabase()
    {
        var cache = NewWebhead();
        await ReadAsync(cache);
        var first = await cache.BeginWriteAsync(_uid);
        await cache.BeginWriteAsync(_uid);

        _database.Set("c", 200);
        await first.ChangedAsync("c", new SyncTimestamp(200));
        _database.Set("c", 300);
        var read = await ReadAsync(cache);

        Assert.That(read.Of("c"), Is.EqualTo(new SyncTimestamp(300)));
    }

    [Test]
    public async Task Read_MarkWasEvictedAndRecordRebuilt_IsNotBelieved()
    {
        var cache = NewWebhead();
        _database.Set("c", 100);
        var mark = await cache.BeginWriteAsync(_uid);
        _memcached.Clear();
        await ReadAsync(NewWebhead());

        _database.Set("c", 200);
        await mark.ChangedAsync("c", new SyncTimestamp(200));
        var read = await ReadAsync(NewWebhead());

        Assert.That(read.Of("c"), Is.EqualTo(new SyncTimestamp(200)));
    }

    [Test]
    public async Task Repair_WrittenWhileTheCacheWasOutOfReach_ClearsTheOldRecord()
    {
        var cut = NewWebhead();
        var other = NewWebhead();
        _database.Set("c", 100);
        await ReadAsync(other);

        _memcached.Unreachable = true;
        var mark = await cut.BeginWriteAsync(_uid);
        _database.Set("c", 200);
        await mark.ChangedAsync("c", new SyncTimestamp(200));
        var without = await ReadAsync(cut);
        _memcached.Unreachable = false;
        await cut.RepairAsync(_none);
        var repaired = await ReadAsync(other);

        Assert.That((without.Of("c"), repaired.Of("c")), Is.EqualTo((new SyncTimestamp(200), new SyncTimestamp(200))));
    }

    [Test]
    public async Task Read_WriteFailed_KeepsWhatWasKnown()
    {
        var cache = NewWebhead();
        _database.Set("c", 100);
        await ReadAsync(cache);

        var mark = await cache.BeginWriteAsync(_uid);
        await mark.UnchangedAsync();
        await ReadAsync(cache);

        Assert.That(_database.Loads, Is.EqualTo(1));
    }

    [Test]
    public async Task Peek_NothingCached_AsksNobody()
    {
        var cache = NewWebhead();

        Assert.That(await cache.PeekAsync(_uid, _none), Is.Null);
        Assert.That(_database.Loads, Is.Zero);
    }

    private MetadataCache NewWebhead() => new(_memcached, "sync0.example.com");

    private Task<UserTimestamps> ReadAsync(MetadataCache cache) => cache.ReadAsync(_uid, _database.LoadAsync, _none);

    private sealed class FakeDatabase
    {
        private readonly Dictionary<string, SyncTimestamp> _collections = [];

        public int Loads { get; private set; }

        public void Set(string collection, long modified) => _collections[collection] = new SyncTimestamp(modified);

        public void Clear()
        {
            _collections.Clear();
            Loads = 0;
        }

        public Task<UserTimestamps> LoadAsync(CancellationToken cancellationToken)
        {
            Loads++;
            return Task.FromResult(new UserTimestamps(_collections.Values.DefaultIfEmpty().Max(), new Dictionary<string, SyncTimestamp>(_collections)));
        }
    }

    private sealed class FakeCache : ICacheClient
    {
        private readonly Dictionary<string, CacheEntry> _entries = [];
        private ulong _unique;

        public bool Unreachable { get; set; }

        public void Clear() => _entries.Clear();

        public Task<CacheEntry?> GetAsync(string key, CancellationToken cancellationToken) =>
            Reach(() => _entries.GetValueOrDefault(key));

        public Task<bool> AddAsync(string key, byte[] value, TimeSpan expiry, CancellationToken cancellationToken) =>
            Reach(() => _entries.TryAdd(key, new CacheEntry(value, ++_unique)));

        public Task<bool> ReplaceAsync(string key, byte[] value, ulong seen, TimeSpan expiry, CancellationToken cancellationToken) =>
            Reach(() =>
            {
                if (_entries.GetValueOrDefault(key)?.Unique != seen) return false;
                _entries[key] = new CacheEntry(value, ++_unique);
                return true;
            });

        public Task DeleteAsync(string key, CancellationToken cancellationToken) => Reach(() => _entries.Remove(key));

        private Task<T> Reach<T>(Func<T> act) =>
            Unreachable ? Task.FromException<T>(new CacheUnavailableException("out of reach")) : Task.FromResult(act());
    }
}
