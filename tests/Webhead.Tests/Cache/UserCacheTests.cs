using SyncStorage.SyncClient;
using SyncStorage.Webhead.Cache;
using SyncStorage.Webhead.Storage;

namespace SyncStorage.Webhead.Tests.Cache;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class UserCacheTests
{
    private const long Uid = 7;
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly FakeCache memcached = new();
    private readonly FakeDatabase database = new();

    [Test]
    public async Task ReadTimestamps_SecondTime_IsFromTheCache()
    {
        var cache = await NewWebheadAsync();
        database.Set("c", 100);

        await ReadAsync(cache);
        var second = await ReadAsync(await NewWebheadAsync());

        Assert.That(second.Of("c"), Is.EqualTo(new SyncTimestamp(100)));
        Assert.That(database.Loads, Is.EqualTo(1));
    }

    [Test]
    public async Task ReadTimestamps_BeforeTheFirstRepair_IsFromTheDatabase()
    {
        await ReadAsync(await NewWebheadAsync());
        var fresh = new UserCache(memcached, "sync0.example.com");

        await ReadAsync(fresh);

        Assert.That(database.Loads, Is.EqualTo(2));
    }

    [Test]
    public async Task ReadTimestamps_AfterWrite_IsTheWrites()
    {
        var cache = await NewWebheadAsync();
        await ReadAsync(cache);
        await cache.AnnounceAsync(Uid, "c");
        database.Set("c", 200);
        await cache.EndAsync(Uid, "c");

        var read = await ReadAsync(await NewWebheadAsync());

        Assert.That((read.Of("c"), read.Modified), Is.EqualTo((new SyncTimestamp(200), new SyncTimestamp(200))));
    }

    [Test]
    public async Task ReadTimestamps_WriterDied_AsksTheDatabaseEachTime()
    {
        var cache = await NewWebheadAsync();
        await ReadAsync(cache);

        // Announced, and never ended: the database has the write, or it has not.
        await cache.AnnounceAsync(Uid, "c");
        database.Set("c", 200);
        var first = await ReadAsync(await NewWebheadAsync());
        database.Set("c", 300);
        var second = await ReadAsync(await NewWebheadAsync());

        Assert.That((first.Of("c"), second.Of("c")), Is.EqualTo((new SyncTimestamp(200), new SyncTimestamp(300))));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task ReadTimestamps_WriteWhileLoading_StoresNothingOld(bool markIsEvicted)
    {
        var cache = await NewWebheadAsync();
        database.Set("c", 100);

        await cache.ReadTimestampsAsync(Uid, async (locked, token) =>
        {
            var loaded = await database.LoadAsync(locked, token);
            await cache.AnnounceAsync(Uid, "c");
            if (markIsEvicted) memcached.Clear();
            database.Set("c", 200);
            return loaded;
        }, None);
        var later = await ReadAsync(cache);

        Assert.That(later.Of("c"), Is.EqualTo(new SyncTimestamp(200)));
    }

    [Test]
    public async Task ReadTimestamps_OnlyWhatIsToBeStored_IsReadBehindTheLock()
    {
        var cache = await NewWebheadAsync();

        await ReadAsync(cache);
        await cache.AnnounceAsync(Uid, "c");
        await ReadAsync(cache);

        Assert.That(database.Locked, Is.EqualTo((bool[])[true, false]));
    }

    [Test]
    public async Task ReadTimestamps_LockIsHeldForLong_AnswersWithoutStoring()
    {
        var cache = await NewWebheadAsync();
        database.Set("c", 100);
        database.LockIsHeld = true;

        var read = await ReadAsync(cache);
        database.LockIsHeld = false;
        database.Set("c", 200);
        memcached.Evict(":m");
        var later = await ReadAsync(cache);

        Assert.That((read.Of("c"), later.Of("c")), Is.EqualTo((new SyncTimestamp(100), new SyncTimestamp(200))));
    }

    [Test]
    public async Task Announce_OutOfReach_SaysSoAndReadersAskTheDatabaseUntilRepaired()
    {
        var cut = await NewWebheadAsync();
        database.Set("c", 100);
        await ReadAsync(cut);

        memcached.Unreachable = true;
        var announced = await cut.AnnounceAsync(Uid, "c");
        database.Set("c", 200);
        database.Notes.Add(new RepairNote(Uid, 1));
        await cut.EndAsync(Uid, "c");
        var without = await ReadAsync(cut);
        memcached.Unreachable = false;
        var notYet = await ReadAsync(cut);
        await cut.RepairAsync(database, None);
        var repaired = await ReadAsync(cut);
        await ReadAsync(cut);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(announced, Is.False);
            Assert.That((without.Of("c"), notYet.Of("c"), repaired.Of("c")),
                Is.EqualTo((new SyncTimestamp(200), new SyncTimestamp(200), new SyncTimestamp(200))));
            Assert.That(database.Notes, Is.Empty);
            Assert.That(database.Loads, Is.EqualTo(4), "the last one is from the cache again");
        }
    }

    [Test]
    public async Task ReadTimestamps_NodesHaveJustChanged_AsksTheDatabase()
    {
        var cache = await NewWebheadAsync();
        await ReadAsync(cache);
        memcached.Settled = false;

        await ReadAsync(cache);

        Assert.That(database.Loads, Is.EqualTo(2));
    }

    [Test]
    public async Task ReadTimestamps_TabsInTheCache_AreAmongThem()
    {
        var cache = await NewWebheadAsync();
        await WriteTabsAsync(cache, 500);

        var loaded = await ReadAsync(cache);
        var cached = await ReadAsync(cache);

        Assert.That((loaded.Of("tabs"), cached.Of("tabs"), cached.Modified),
            Is.EqualTo((new SyncTimestamp(500), new SyncTimestamp(500), new SyncTimestamp(500))));
        Assert.That(database.Loads, Is.EqualTo(1));
    }

    [TestCase(":m")]
    [TestCase(":nothing")]
    public async Task ReadTimestamps_MetadataEvictedWhileTabsLive_StillHasTabs(string evicted)
    {
        var cache = await NewWebheadAsync();
        await WriteTabsAsync(cache, 500);
        await ReadAsync(cache);

        memcached.Evict(evicted);
        var read = await ReadAsync(cache);

        Assert.That(read.Of("tabs"), Is.EqualTo(new SyncTimestamp(500)));
    }

    [Test]
    public async Task ReadTimestamps_TabsEvictedWhileMetadataLives_HasNoTabs()
    {
        var cache = await NewWebheadAsync();
        await WriteTabsAsync(cache, 500);
        await ReadAsync(cache);

        memcached.Evict(":c:tabs");
        var read = await ReadAsync(cache);

        Assert.That(read.Collections.Keys, Has.None.EqualTo("tabs"));
        Assert.That(read.Modified, Is.EqualTo(new SyncTimestamp(500)), "the storage's time does not go back");
    }

    [Test]
    public async Task ReadTimestamps_TabsThatMetadataDoesNotKnow_AreFoundOnceAndForAll()
    {
        var cache = await NewWebheadAsync();
        await ReadAsync(cache);
        var user = cache.Of(Uid);
        await memcached.RunAsync(user, CacheCommand.Set(user.Collection("tabs"), Tabs(500).Write(), TimeSpan.Zero));

        var first = await ReadAsync(cache);
        await ReadAsync(cache);
        await ReadAsync(cache);

        Assert.That(first.Of("tabs"), Is.EqualTo(new SyncTimestamp(500)));
        Assert.That(database.Loads, Is.EqualTo(3));
    }

    [Test]
    public async Task PeekTimestamps_NothingCached_AsksNobody()
    {
        var cache = await NewWebheadAsync();

        Assert.That(await cache.PeekTimestampsAsync(Uid), Is.Null);
        Assert.That(database.Loads, Is.Zero);
    }

    [Test]
    public async Task ReadCollection_SecondTime_IsFromTheCacheUntilWritten()
    {
        var cache = await NewWebheadAsync();
        var loads = 0;
        var modified = 100L;

        await ReadMetaAsync();
        var cached = await ReadMetaAsync();
        await cache.AnnounceAsync(Uid, "meta");
        modified = 200;
        var dirty = await ReadMetaAsync();
        await cache.EndAsync(Uid, "meta");
        var after = await ReadMetaAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(cached!.Modified, Is.EqualTo(new SyncTimestamp(100)));
            Assert.That(dirty, Is.Null, "the database must be asked");
            Assert.That(after!.Modified, Is.EqualTo(new SyncTimestamp(200)));
            Assert.That(loads, Is.EqualTo(2));
        }

        Task<CachedCollection?> ReadMetaAsync() => cache.ReadCollectionAsync(Uid, "meta", _ =>
        {
            loads++;
            return Task.FromResult<CachedCollection?>(Tabs(modified));
        }, None);
    }

    [Test]
    public async Task ReadCollection_TooLargeForTheCache_IsLookedAtOnce()
    {
        var cache = await NewWebheadAsync();
        var loads = 0;

        for (var times = 0; times < 3; times++)
        {
            await cache.ReadCollectionAsync(Uid, "clients", _ =>
            {
                loads++;
                return Task.FromResult<CachedCollection?>(null);
            }, None);
        }

        Assert.That(loads, Is.EqualTo(1));
    }

    [Test]
    public async Task DeleteCacheOnly_OutOfReach_Throws()
    {
        var cache = await NewWebheadAsync();
        memcached.Unreachable = true;

        await Assert.ThatAsync(() => cache.DeleteCacheOnlyAsync(Uid), Throws.TypeOf<CacheUnavailableException>());
    }

    private static CachedCollection Tabs(long modified) =>
        new(new SyncTimestamp(modified), true, [new StoredItem(new Item("a", new SyncTimestamp(modified), "p", null), Schema.Never)]);

    private async Task<UserCache> NewWebheadAsync()
    {
        var cache = new UserCache(memcached, "sync0.example.com");
        await cache.RepairAsync(database, None);
        return cache;
    }

    private Task<UserTimestamps> ReadAsync(UserCache cache) => cache.ReadTimestampsAsync(Uid, database.LoadAsync, None);

    private async Task WriteTabsAsync(UserCache cache, long modified)
    {
        var user = cache.Of(Uid);
        await memcached.RunAsync(user,
            CacheCommand.Set(user.Collection("tabs"), Tabs(modified).Write(), TimeSpan.Zero), CacheCommand.Delete(user.Metadata));
    }

    private sealed class FakeDatabase : ICacheRepairs
    {
        private readonly Dictionary<string, SyncTimestamp> collections = [];

        public int Loads => Locked.Count;

        public List<bool> Locked { get; } = [];

        public List<RepairNote> Notes { get; } = [];

        public bool LockIsHeld { get; set; }

        public void Set(string collection, long modified) => collections[collection] = new SyncTimestamp(modified);

        public Task<UserTimestamps> LoadAsync(bool locked, CancellationToken cancellationToken)
        {
            if (locked && LockIsHeld) throw new WriteConflictException();
            Locked.Add(locked);
            return Task.FromResult(new UserTimestamps(collections.Values.DefaultIfEmpty().Max(), new Dictionary<string, SyncTimestamp>(collections)));
        }

        public Task<IReadOnlyList<RepairNote>> ReadAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<RepairNote>>([.. Notes]);

        public Task ForgetAsync(IReadOnlyList<RepairNote> notes, CancellationToken cancellationToken)
        {
            Notes.RemoveAll(notes.Contains);
            return Task.CompletedTask;
        }
    }
}
