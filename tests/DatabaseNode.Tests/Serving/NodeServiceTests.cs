using System.Diagnostics;
using System.Globalization;
using MySqlConnector;
using SyncStorage.DatabaseNode.Backups;
using SyncStorage.DatabaseNode.Settings;
using SyncStorage.TestSupport;

namespace SyncStorage.DatabaseNode.Tests.Serving;

/// <summary>A dbnode's service with a real MariaDB: its database, its backups, and what can be restored from them.</summary>
[Category(Categories.Processes)]
[CancelAfter(120_000)]
internal sealed class NodeServiceTests
{
    private DirectoryInfo folder = null!;
    private FolderCloud cloud = null!;

    [SetUp]
    public void MakeFolder()
    {
        folder = Directory.CreateTempSubdirectory("dbnode-");
        cloud = new FolderCloud(Path.Combine(folder.FullName, "cloud"));
    }

    [TearDown]
    public void RemoveFolder() => folder.Delete(recursive: true);

    [Test]
    public async Task RunAsync_EmptyVolumeThenAnotherInstance_MakesTheDatabaseOnceAndGoesOnWithIt(CancellationToken cancellationToken)
    {
        await using (var first = await TestNode.StartAsync(Root("i-1"), cloud, cancellationToken))
        {
            await first.UntilAsync(status => status["snapshotOf"] is not null && (string?)status["freeBytes"] is { Length: > 0 } && (string?)status["totalBytes"] is { Length: > 0 }, "a snapshot, and how much room there is", cancellationToken);
            await first.QueryAsync("CREATE DATABASE app; CREATE TABLE app.t (id INT PRIMARY KEY); INSERT INTO app.t VALUES (1)", cancellationToken);
            Assert.That(await first.StopAsync(), Is.Zero);
        }

        Directory.CreateDirectory(Path.Combine(Root("i-2"), "var", "lib"));
        Directory.Move(Path.Combine(Root("i-1"), "var", "lib", "syncstorage"), Path.Combine(Root("i-2"), "var", "lib", "syncstorage"));
        cloud.Password = "another one";
        await using var second = await TestNode.StartAsync(Root("i-2"), cloud, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await second.QueryAsync("SELECT COUNT(*) FROM app.t", cancellationToken), Is.EqualTo(1L), "with the password that is stored now");
            Assert.That(cloud.Made, Has.Count.EqualTo(1), "the first snapshot is young, and there is no second one");
            Assert.That(cloud.Made[0].Tags[SnapshotTags.Kind], Is.EqualTo(SnapshotTags.Automatic));
        }
    }

    [Test]
    public async Task RunAsync_ServerKilled_EndsSoThatItIsStartedAgain(CancellationToken cancellationToken)
    {
        await using var node = await TestNode.StartAsync(Root("i-1"), cloud, cancellationToken);
        await node.UntilAsync(status => status["snapshotOf"] is not null, "a snapshot", cancellationToken);
        await node.QueryAsync("CREATE DATABASE app; CREATE TABLE app.t (id INT PRIMARY KEY); INSERT INTO app.t VALUES (1)", cancellationToken);
        var pid = int.Parse((await File.ReadAllTextAsync(Path.Combine(node.Settings.MountPoint, "data", "mariadb.pid"), cancellationToken)).Trim(), CultureInfo.InvariantCulture);

        using (var server = Process.GetProcessById(pid)) server.Kill();
        await Assert.ThatAsync(node.EndedAsync, Is.EqualTo(1));
        await using var again = await TestNode.StartAsync(Root("i-1"), cloud, cancellationToken);

        Assert.That(await again.QueryAsync("SELECT COUNT(*) FROM app.t", cancellationToken), Is.EqualTo(1L), "what was committed is there");
    }

    [Test]
    public async Task SetMaster_NewPasswordStored_TakesItAtOnce(CancellationToken cancellationToken)
    {
        await using var node = await TestNode.StartAsync(Root("i-1"), cloud, cancellationToken);
        var before = cloud.Password;

        cloud.Password = "rotated";
        var answer = await node.SendAsync("set-master", cancellationToken);

        Assert.That((bool)answer["ok"]!, $"{answer}");
        Assert.That(await node.QueryAsync("SELECT 1", cancellationToken), Is.EqualTo(1));
        cloud.Password = before;
        Assert.That(() => node.QueryAsync("SELECT 1", cancellationToken), Throws.InstanceOf<MySqlException>());
    }

    [Test]
    public async Task Restore_ToBeforeADisaster_HasWhatWasCommittedThenAndBeginsAHistoryOfItsOwn(CancellationToken cancellationToken)
    {
        var (time, timeline) = await DisasterAsync(cancellationToken);
        FromSnapshot("i-2");

        await using var restored = await TestNode.StartAsync(Root("i-2"), cloud, cancellationToken, new RestoreRequest("r1", time));
        var waiting = await restored.SendAsync("status", cancellationToken);
        var refused = await restored.SendAsync("ship", cancellationToken);
        var begun = await restored.SendAsync("begin", cancellationToken);
        await restored.UntilAsync(status => status["shippedUpTo"] is not null && status["snapshotOf"] is not null, "its backups", cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await restored.QueryAsync("SELECT GROUP_CONCAT(id ORDER BY id) FROM app.t", cancellationToken), Is.EqualTo("1,2,3"));
            Assert.That(((string?)waiting["backups"], (bool)refused["ok"]!, (string?)begun["backups"]), Is.EqualTo(("waiting", false, "running")));
            Assert.That((string?)waiting["timeline"], Is.Not.Null.And.Not.EqualTo(timeline));
            Assert.That(cloud.Made[^1].Snapshot.Timeline, Is.EqualTo((string?)waiting["timeline"]), "from now on it can go back to its own history");
            Assert.That(Directory.EnumerateFileSystemEntries(Path.Combine(restored.Settings.MountPoint, "fetched")), Is.Empty, "what was fetched is gone");
        }
    }

    [Test]
    public async Task Restore_DoneAndStartedAgain_DoesNotGoBackTwice(CancellationToken cancellationToken)
    {
        var (time, _) = await DisasterAsync(cancellationToken);
        FromSnapshot("i-2");
        await using (var restored = await TestNode.StartAsync(Root("i-2"), cloud, cancellationToken, new RestoreRequest("r1", time)))
        {
            await restored.QueryAsync("INSERT INTO app.t VALUES (50)", cancellationToken);
        }

        await using var again = await TestNode.StartAsync(Root("i-2"), cloud, cancellationToken, new RestoreRequest("r1", time));

        Assert.That(await again.QueryAsync("SELECT GROUP_CONCAT(id ORDER BY id) FROM app.t", cancellationToken), Is.EqualTo("1,2,3,50"));
    }

    [TestCase("flipped", "backup-damaged")]
    [TestCase("cut", "backup-damaged")]
    [TestCase("undescribed", "backup-incomplete")]
    [TestCase("missing", "backup-incomplete")]
    [TestCase("late", "time-out-of-reach")]
    [TestCase("volume", "backup-damaged")]
    public async Task Restore_FromWhatIsNotWhole_SaysSoAndServesNothing(string how, string code, CancellationToken cancellationToken)
    {
        var (time, timeline) = await DisasterAsync(cancellationToken);
        FromSnapshot("i-2");
        var log = Directory.EnumerateFiles(cloud.ObjectsOf($"dbnodes/db0/{timeline}"), "binlog.*").Where(file => !file.EndsWith(".json", StringComparison.Ordinal)).MaxBy(file => new FileInfo(file).Length)!;
        switch (how)
        {
            case "flipped":
                var bytes = await File.ReadAllBytesAsync(log, cancellationToken);
                bytes[^40] ^= 1;
                await File.WriteAllBytesAsync(log, bytes, cancellationToken);
                break;
            case "cut":
                await File.WriteAllBytesAsync(log, (await File.ReadAllBytesAsync(log, cancellationToken))[..^7], cancellationToken);
                break;
            case "undescribed":
                File.Delete(log + ".json");
                break;
            case "missing":
                File.Delete(log);
                break;
            case "late":
                time = TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(1);
                break;
            case "volume":
                // The pages of a file of the database: what a snapshot of a broken disk would hold.
                await File.WriteAllBytesAsync(Path.Combine(Root("i-2"), "var/lib/syncstorage/data/ibdata1"), new byte[12 * 1024 * 1024], cancellationToken);
                break;
        }

        await using var node = await TestNode.StartAsync(Root("i-2"), cloud, cancellationToken, new RestoreRequest("r1", time), "failed");

        var status = await node.SendAsync("status", cancellationToken);
        Assert.That((string?)status["code"], Is.EqualTo(code), $"{status}");
        Assert.That(() => node.QueryAsync("SELECT 1", cancellationToken), Throws.InstanceOf<MySqlException>());
    }

    /// <summary>A database with a snapshot, rows that came after it, a time, and what nobody wanted after that.</summary>
    private async Task<(DateTimeOffset Time, string Timeline)> DisasterAsync(CancellationToken cancellationToken)
    {
        await using var node = await TestNode.StartAsync(Root("i-1"), cloud, cancellationToken);
        await node.UntilAsync(status => status["snapshotOf"] is not null, "a snapshot", cancellationToken);
        await node.QueryAsync("CREATE DATABASE app; CREATE TABLE app.t (id INT PRIMARY KEY); INSERT INTO app.t VALUES (1)", cancellationToken);
        var snapshot = await node.SendAsync("snapshot", cancellationToken);
        await node.QueryAsync("INSERT INTO app.t VALUES (2)", cancellationToken);
        await node.SendAsync("ship", cancellationToken);
        await node.QueryAsync("INSERT INTO app.t VALUES (3)", cancellationToken);
        var time = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        await Task.Delay(time + TimeSpan.FromSeconds(1.1) - TimeProvider.System.GetUtcNow(), TimeProvider.System, cancellationToken);
        await node.QueryAsync("INSERT INTO app.t VALUES (4); DROP TABLE app.t", cancellationToken);
        await node.SendAsync("ship", cancellationToken);
        Assert.That((bool)snapshot["ok"]!, $"{snapshot}");
        return (time, (string)snapshot["timeline"]!);
    }

    private void FromSnapshot(string instance) =>
        FolderCloud.CopyFolder(cloud.SnapshotFolder(cloud.Made[^1].Snapshot.Id), Path.Combine(Root(instance), "var", "lib", "syncstorage"));

    private string Root(string instance) => Path.Combine(folder.FullName, instance);
}
