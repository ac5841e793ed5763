using MySqlConnector;
using SyncStorage.TestSupport;
using SyncStorage.TokenServer.Purging;
using SyncStorage.TokenServer.Users;

namespace SyncStorage.TokenServer.Tests.Users;

/// <summary>Users and nodes in a real MariaDB; each test has a database of its own in it.</summary>
[TestFixture]
[Category(Categories.Processes)]
internal sealed class TokenStoreTests
{
    private const string Password = "it's a \\ password";
    private static readonly string[] Nodes = ["https://n0", "https://n1", "https://n2"];
    private static readonly UserData Claim = new(100, 50, "aa");

    private static int databases;
    private MariaDb server = null!;
    private string database = "";
    private TokenStore store = null!;
    private NodeTable table = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => server = await MariaDb.StartAsync();

    [OneTimeTearDown]
    public async Task EndAsync()
    {
        if (server is not null) await server.DisposeAsync();
    }

    [SetUp]
    public async Task MakeDatabaseAsync()
    {
        database = $"tokens{Interlocked.Increment(ref databases)}";
        var address = new DatabaseAddress(server.Address.ToString(), server.Port, "syncadmin", MariaDb.MasterPassword, "");
        await new DatabaseInitializer(address, TokenSchema.Maker, TimeProvider.System).RunAsync([database], "app", Password, CancellationToken.None);
        store = new TokenStore(address with { User = "app", Password = Password, Database = database }, Nodes, TimeProvider.System);
        table = new NodeTable(store.Source, TimeProvider.System);
    }

    [TearDown]
    public async Task CloseAsync() => await store.DisposeAsync();

    [Test]
    public async Task Resolve_WholeLifeOfAUser_IsAsInMemory()
    {
        await AddNodesAsync(100);
        var first = await ServedAsync("u", Claim);
        var raised = await ServedAsync("u", Claim with { Generation = 140 });
        var changed = await ServedAsync("u", new UserData(200, 200, "bb"));
        await table.UnassignAsync(changed.Node!, int.MaxValue, CancellationToken.None);
        var moved = await ServedAsync("u", new UserData(200, 200, "bb"));
        var stale = await RefusedAsync("u", new UserData(300, 300, "aa"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(first.Data, Is.EqualTo(Claim));
            Assert.That(raised, Is.EqualTo(first with { Data = Claim with { Generation = 140 } }));
            Assert.That(changed.Uid, Is.Not.EqualTo(first.Uid));
            Assert.That(changed.NodeId, Is.EqualTo(first.NodeId));
            Assert.That(moved.Uid, Is.Not.EqualTo(changed.Uid));
            Assert.That(moved.Data, Is.EqualTo(changed.Data));
            Assert.That(stale, Is.EqualTo(UserRefusal.InvalidClientState));
            Assert.That(await LoadsAsync(), Is.EqualTo(await CountsAsync()));
        }
    }

    [Test]
    public async Task Resolve_NewUsersAtOnce_EachHasOneRecordAndLoadsAreRight()
    {
        await AddNodesAsync(1000);
        var rows = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => ServedAsync($"u{i % 60}", Claim)));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(rows.GroupBy(row => row.Uid).Count(), Is.EqualTo(60), "five requests of each, one record");
            Assert.That(await CountAsync("SELECT COUNT(*) FROM users"), Is.EqualTo(60));
            Assert.That(await LoadsAsync(), Is.EqualTo(await CountsAsync()));
            Assert.That((await table.ReadAsync(CancellationToken.None)).Select(node => node.CurrentLoad), Is.All.GreaterThan(0), "spread over the nodes, as evenly as they are seen at once");
        }
    }

    [Test]
    public async Task Resolve_KeysChangeManyTimesAtOnce_OneRecordIsCurrent()
    {
        await AddNodesAsync(1000);
        await ServedAsync("u", Claim);
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i =>
            new UserDirectory(store).ResolveAsync("u", new UserData(200 + i % 8, 200 + i % 8, $"{i % 8:x2}"), newUsers: true, CancellationToken.None)));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await CountAsync("SELECT COUNT(*) FROM users WHERE replaced_at IS NULL"), Is.EqualTo(1));
            Assert.That(await CountAsync("SELECT generation FROM users WHERE replaced_at IS NULL"), Is.EqualTo(207), "the newest won, whoever came first");
            Assert.That(await LoadsAsync(), Is.EqualTo(await CountsAsync()));
        }
    }

    [Test]
    public async Task Resolve_LastPlaces_AreNotGivenTwice()
    {
        await AddNodesAsync(7);
        var results = await Task.WhenAll(Enumerable.Range(0, 40).Select(async i =>
        {
            try
            {
                await ServedAsync($"u{i}", Claim);
                return true;
            }
            catch (NoNodeException)
            {
                return false;
            }
        }));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(results.Count(served => served), Is.EqualTo(21));
            Assert.That(await LoadsAsync(), Is.EqualTo(new long[] { 7, 7, 7 }));
            Assert.That(await LoadsAsync(), Is.EqualTo(await CountsAsync()));
        }
    }

    [Test]
    public async Task Choose_Nodes_LeastLoadedForItsSize()
    {
        await AddAsync("https://n0", new NodeChange(1000, 1000, null, null));
        await AddAsync("https://n1", new NodeChange(10, 10, null, null));
        for (var i = 0; i < 60; i++) await ServedAsync($"u{i}", Claim);
        var loads = await LoadsAsync();

        // Equal logarithms for their sizes: where the small one has 4, the large one has 4 cubed.
        Assert.That(loads[1], Is.InRange(3, 5), $"loads {string.Join(", ", loads)}");
    }

    [TestCase(1, 0)]
    [TestCase(0, 1)]
    public async Task Choose_NodeDownOrBackedOff_IsLeftOut(int downed, int backoff)
    {
        await AddNodesAsync(100);
        await AddAsync("https://n0", new NodeChange(null, null, downed == 1, backoff == 1));
        for (var i = 0; i < 10; i++) await ServedAsync($"u{i}", Claim);

        Assert.That((await LoadsAsync())[0], Is.Zero);
    }

    [Test]
    public async Task Choose_NodeWithoutAKnownSecret_IsLeftOut()
    {
        await AddAsync("https://elsewhere", new NodeChange(100, 100, null, null));

        Assert.That(async () => await ServedAsync("u", Claim), Throws.TypeOf<NoNodeException>());
    }

    [Test]
    public async Task Choose_NothingAvailable_ReleasesATenth()
    {
        await AddAsync("https://n0", new NodeChange(100, 0, null, null));
        await ServedAsync("u", Claim);

        Assert.That((await table.ReadAsync(CancellationToken.None))[0], Is.EqualTo(new NodeRow("https://n0", 100, 9, 1, false, false)));
    }

    [Test]
    public async Task Lock_HeldByAnother_IsWaitedForAndThenGivenUp()
    {
        await AddNodesAsync(100);
        await using (await store.LockAsync("u", CancellationToken.None))
        {
            await ServedAsync("another", Claim);
            Assert.That(async () => await ServedAsync("u", Claim), Throws.TypeOf<StoreException>().With.Message.Contains("hold the user"));
        }

        Assert.That(async () => await ServedAsync("u", Claim), Throws.Nothing);
    }

    [Test]
    public async Task Find_OldRecords_OldestFirstAndOnlyOld()
    {
        await AddNodesAsync(100);
        await ServedAsync("u", Claim);
        await ServedAsync("u", new UserData(200, 200, "bb"));
        await ServedAsync("v", Claim);
        await table.RetireAsync("v", CancellationToken.None);
        var records = new OldRecords(store.Source);
        var tomorrow = TimeProvider.System.GetUtcNow().AddDays(1).ToUnixTimeMilliseconds();
        var found = await records.FindAsync(tomorrow, withDowned: false, 10, CancellationToken.None);
        var none = await records.FindAsync(0, withDowned: false, 10, CancellationToken.None);
        await records.PutOffAsync(found[0].Uid, tomorrow + 1, CancellationToken.None);
        var later = await records.FindAsync(tomorrow, withDowned: false, 10, CancellationToken.None);
        await records.DeleteAsync(found[1].Uid, CancellationToken.None);
        var current = await ServedAsync("u", new UserData(200, 200, "bb"));
        await records.DeleteAsync(current.Uid, CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(found, Has.Count.EqualTo(2));
            Assert.That(none, Is.Empty);
            Assert.That(later, Is.EqualTo([found[1]]));
            Assert.That(await CountAsync("SELECT COUNT(*) FROM users"), Is.EqualTo(2), "a current record can't be deleted here");
            Assert.That(await LoadsAsync(), Is.EqualTo(await CountsAsync()));
        }
    }

    [Test]
    public async Task Remove_Node_OnlyWhenNobodyIsOnIt()
    {
        await AddAsync("https://n0", new NodeChange(100, 100, null, null));
        await ServedAsync("u", Claim);
        var early = await table.RemoveAsync("https://n0", CancellationToken.None);
        await table.UnassignAsync("https://n0", int.MaxValue, CancellationToken.None);
        var counts = await table.CountAsync("https://n0", CancellationToken.None);
        await ExecuteAsync("DELETE FROM users");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(early, Is.False);
            Assert.That(counts, Is.EqualTo((0L, 1L)));
            Assert.That(await table.RemoveAsync("https://n0", CancellationToken.None), Is.True);
            Assert.That(await table.ReadAsync(CancellationToken.None), Is.Empty);
        }
    }

    [Test]
    public async Task Unassign_Most_TakesOnlySoMany()
    {
        await AddAsync("https://n0", new NodeChange(100, 100, null, null));
        for (var i = 0; i < 10; i++) await ServedAsync($"u{i}", Claim);
        var users = await table.UnassignAsync("https://n0", 4, CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(users, Is.EqualTo(4));
            Assert.That(await LoadsAsync(), Is.EqualTo(new long[] { 6 }).And.EqualTo(await CountsAsync()));
        }
    }

    [Test]
    public void Set_NewNodeWithoutCapacity_IsRefused() =>
        Assert.That(() => AddAsync("https://n0", new NodeChange(null, null, true, null)), Throws.TypeOf<StoreException>().With.Message.Contains("capacity"));

    private async Task AddNodesAsync(int capacity)
    {
        foreach (var node in Nodes) await AddAsync(node, new NodeChange(capacity, null, null, null));
    }

    private Task<bool> AddAsync(string node, NodeChange change) => table.SetAsync(node, change, CancellationToken.None);

    private async Task<UserRow> ServedAsync(string email, UserData claim)
    {
        var (row, refusal) = await new UserDirectory(store).ResolveAsync(email, claim, newUsers: true, CancellationToken.None);
        Assert.That(refusal, Is.Null);
        return row!;
    }

    private async Task<UserRefusal?> RefusedAsync(string email, UserData claim) =>
        (await new UserDirectory(store).ResolveAsync(email, claim, newUsers: true, CancellationToken.None)).Refusal;

    /// <summary>What each node says that it has.</summary>
    private async Task<long[]> LoadsAsync() => [.. (await table.ReadAsync(CancellationToken.None)).Select(node => (long)node.CurrentLoad)];

    /// <summary>What each node really has.</summary>
    private async Task<long[]> CountsAsync()
    {
        var counts = new List<long>();
        foreach (var node in await table.ReadAsync(CancellationToken.None)) counts.Add((await table.CountAsync(node.Node, CancellationToken.None)).Current);
        return [.. counts];
    }

    private async Task<long> CountAsync(string sql)
    {
        await using var connection = await store.Source.OpenConnectionAsync();
        await using var command = new MySqlCommand(sql, connection);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), null);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = await store.Source.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, CancellationToken.None);
    }
}
