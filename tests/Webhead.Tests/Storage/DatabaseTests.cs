using System.Globalization;
using MySqlConnector;
using SyncStorage.TestSupport;
using SyncStorage.Webhead.Serving;
using SyncStorage.Webhead.Storage;
using SyncStorage.Webhead.Tests.Fixtures;

namespace SyncStorage.Webhead.Tests.Storage;

[TestFixture]
[Category(Categories.Processes)]
internal sealed class DatabaseTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static int names;
    private MariaDb server = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => server = await MariaDb.StartAsync();

    [OneTimeTearDown]
    public async Task EndAsync() => await server.DisposeAsync();

    [Test]
    public async Task Run_TablesAreMissing_AreMadeOnceByManyWebheads()
    {
        var name = await MakeDatabaseAsync();
        var webheads = Enumerable.Range(0, 8).Select(_ => Open(name)).ToList();

        var found = await Task.WhenAll(webheads.Select(webhead => webhead.Names.GetOrAddAsync("new", None).AsTask()));
        foreach (var webhead in webheads) await webhead.DisposeAsync();

        Assert.That(found, Is.All.EqualTo(found[0]).And.All.GreaterThanOrEqualTo(Schema.FirstCustomCollection));
        Assert.That(await server.QueryAsync($"SELECT version FROM {name}.schema_version"), Is.EqualTo(Schema.Version));
        Assert.That(await server.QueryAsync($"SELECT COUNT(*) FROM {name}.collections"), Is.EqualTo(Schema.WellKnown.Count + 1));
    }

    [Test]
    public async Task Purge_ExpiredAndAbandoned_AreRemovedADayLate()
    {
        var name = await MakeDatabaseAsync();
        await using var database = Open(name);
        await database.Names.GetOrAddAsync("new", None);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var day = (long)TimeSpan.FromDays(1).TotalMilliseconds;
        await AddItemsAsync(name, 1, 2500, now - day - 60_000);
        await AddItemsAsync(name, 2, 10, now - day + 60_000);
        await AddItemsAsync(name, 3, 10, Schema.Never);
        foreach (var (batch, uid) in new[] { (now - day - 3 * 3_600_000, 1), (now - day, 2) })
        {
            await server.QueryAsync($"INSERT INTO {name}.batch_uploads VALUES ({batch}, {uid}, 7)");
            await server.QueryAsync($"INSERT INTO {name}.batch_upload_items (batch, userid, id) VALUES ({batch}, {uid}, 'a'), ({batch}, {uid}, 'b')");
        }

        var purged = await new Purge(database, TimeProvider.System).RunAsync(None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(purged, Is.EqualTo(new Purged(2500, 1)));
            Assert.That(await server.QueryAsync($"SELECT COUNT(*) FROM {name}.bso WHERE userid IN (2, 3)"), Is.EqualTo(20));
            Assert.That(await server.QueryAsync($"SELECT COUNT(*) FROM {name}.bso"), Is.EqualTo(20));
            Assert.That(await server.QueryAsync($"SELECT COUNT(*) FROM {name}.batch_upload_items"), Is.EqualTo(2));
            Assert.That(await server.QueryAsync($"SELECT userid FROM {name}.batch_uploads"), Is.EqualTo(2));
        }
    }

    [Test]
    public async Task Purge_AnotherWebheadIsAtIt_LeavesItToThat()
    {
        var name = await MakeDatabaseAsync();
        await using var database = Open(name);
        await database.Names.GetOrAddAsync("new", None);
        await AddItemsAsync(name, 1, 5, 1);
        await using var other = new MySqlConnection(server.ConnectionString(database: name));
        await other.OpenAsync();
        await using var take = new MySqlCommand($"SELECT GET_LOCK('{name}.purge', 0)", other);
        await take.ExecuteScalarAsync();

        var meanwhile = await new Purge(database, TimeProvider.System).RunAsync(None);
        await other.CloseAsync();
        Purged? afterwards = null;
        await Loopback.UntilAsync(async () => (afterwards = await new Purge(database, TimeProvider.System).RunAsync(None)).Items > 0, "it is purged");

        Assert.That((meanwhile.Items, afterwards!.Items), Is.EqualTo((0, 5)));
    }

    [Test]
    public async Task Purge_UserHoldsAnItem_GoesAroundIt()
    {
        var name = await MakeDatabaseAsync();
        await using var database = Open(name);
        await database.Names.GetOrAddAsync("new", None);
        await AddItemsAsync(name, 1, 3, 1);
        await using var user = new MySqlConnection(server.ConnectionString(database: name));
        await user.OpenAsync();
        await using var hold = new MySqlCommand("START TRANSACTION; UPDATE bso SET payload = 'x' WHERE id = 'i1'", user);
        await hold.ExecuteNonQueryAsync();

        var purging = new Purge(database, TimeProvider.System).RunAsync(None);
        await using var release = new MySqlCommand("COMMIT", user);
        await release.ExecuteNonQueryAsync();

        Assert.That((await purging).Items, Is.EqualTo(3));
    }

    [TestCase(Schema.Version, null)]
    [TestCase(Schema.Version + 1, "this release works with")]
    [TestCase(0, "this release works with")]
    public async Task Probe_SchemaOfAnotherRelease_SaysSo(int version, string? complaint)
    {
        var name = await MakeDatabaseAsync();
        await using var database = Open(name);
        await database.Names.GetOrAddAsync("new", None);
        await server.QueryAsync($"UPDATE {name}.schema_version SET version = {version}");
        await using var probe = new NodeProbe("db0", Address(""), [name]);

        if (complaint is null) await Assert.ThatAsync(() => probe.CheckAsync(None), Throws.Nothing);
        else await Assert.ThatAsync(() => probe.CheckAsync(None), Throws.InstanceOf<InvalidOperationException>().With.Message.Contains(complaint));
    }

    [Test]
    public async Task Release_SomeAreInUse_AllAreClosedOnceTheyAreBackAndItServesOn()
    {
        var name = await MakeDatabaseAsync();
        await using var database = Open(name);
        await database.Names.GetOrAddAsync("new", None);
        var (begun, over) = (new TaskCompletionSource(), new TaskCompletionSource());
        var working = database.RunAsync(async (connection, _) =>
        {
            begun.SetResult();
            await over.Task;
            await using var command = new MySqlCommand("SELECT 7", connection);
            return await command.ExecuteScalarAsync(None);
        }, None);
        await begun.Task;
        await database.RunAsync((_, _) => Task.FromResult(true), None);

        await database.ReleaseAsync();
        var used = await FewestConnectionsAsync(name, atLeast: 1);
        over.SetResult();
        var result = await working;
        var left = await FewestConnectionsAsync(name, atLeast: 0);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((used, left), Is.EqualTo((1L, 0L)));
            Assert.That(result, Is.EqualTo(7), "what was under way is not cut off");
            Assert.That(await database.RunAsync((connection, _) => Task.FromResult(connection.State), None), Is.EqualTo(System.Data.ConnectionState.Open));
        }
    }

    // The database takes a moment to see that a connection was closed.
    private async Task<long> FewestConnectionsAsync(string database, long atLeast)
    {
        var seen = long.MaxValue;
        for (var looks = 0; seen > atLeast && looks < 50; looks++)
        {
            seen = (long)(await server.QueryAsync($"SELECT COUNT(*) FROM information_schema.processlist WHERE db = '{database}'"))!;
            if (seen > atLeast) await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }

        return seen;
    }

    private async Task<string> MakeDatabaseAsync()
    {
        var name = $"d{Interlocked.Increment(ref names)}";
        await server.QueryAsync($"CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
        return name;
    }

    private DatabaseAddress Address(string database) => new(server.Address.ToString(), server.Port, "syncadmin", MariaDb.MasterPassword, database);

    private HostDatabase Open(string database) => new(Address(database));

    private async Task AddItemsAsync(string database, long uid, int count, long ttl)
    {
        var rows = string.Join(", ", Enumerable.Range(0, count).Select(item => string.Create(CultureInfo.InvariantCulture,
            $"({uid}, 7, 'i{item}', 10, 'p', 1, {ttl})")));
        await server.QueryAsync($"INSERT INTO {database}.bso (userid, collection, id, modified, payload, payload_size, ttl) VALUES {rows}");
    }
}
