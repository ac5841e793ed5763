using Microsoft.Extensions.Time.Testing;
using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Database;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Rotation;
using SyncStorage.Pipeline.Settings;
using SyncStorage.Pipeline.State;
using SyncStorage.Pipeline.Tests.Aws;
using SyncStorage.Pipeline.TokenServers;

namespace SyncStorage.Pipeline.Tests.Rotation;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RotationTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);
    private static readonly ClusterNames Names = new("sync-2");
    private static readonly DatabaseAccount First = new("sync_2", "/sync-2/db/db0/app");
    private static readonly DatabaseAccount Second = new("sync_2_b", "/sync-2/db/db0/b/app");

    private readonly MemoryBucket bucket = new(new FakeTimeProvider());

    public void Dispose() => bucket.Dispose();

    [Test]
    public void Begin_TheAccountsTakeTurns()
    {
        var current = Document("db0", "db1");

        var there = DatabasePasswordStage.Begin(current, Names, ["db0", "db1", "new"], Now);
        var turned = DatabasePasswordStage.Turned(current, there);
        var back = DatabasePasswordStage.Begin(turned, Names, ["db0"], Now);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(there.Nodes.Select(node => node.Node), Is.EqualTo(["db0", "db1"]), "one that webheads do not know yet has no turn");
            Assert.That(there.Nodes[0], Is.EqualTo(new NodeAccounts("db0", First, Second)));
            Assert.That(back.Nodes.Single(), Is.EqualTo(new NodeAccounts("db0", Second, First)));
            Assert.That(DatabasePasswordStage.IsPublished(there, current), Is.False);
            Assert.That(DatabasePasswordStage.IsPublished(there, turned), Is.True);
        }
    }

    [Test]
    public void IsPublished_OneNodeHasNotTurned_IsNot()
    {
        var both = DatabasePasswordStage.Begin(Document("db0", "db1"), Names, ["db0", "db1"], Now);
        var one = both with { Nodes = [both.Nodes[0]] };

        Assert.That(DatabasePasswordStage.IsPublished(both, DatabasePasswordStage.Turned(Document("db0", "db1"), one)), Is.False);
    }

    [Test]
    public void Begin_TheTokenServersAccountsTakeTurns()
    {
        var settings = TestSettings.Local with { TokenServer = new() { Hostname = "token.example.com" } };
        var current = TokenConfigDocument.Of(Document(settings.TokenServerNode!.Name), settings, Names)!;

        var there = TokenServerPassword.Begin(current, Names, Now);
        var back = TokenServerPassword.Begin(current with { Database = current.Database with { User = there.To.User, PasswordParameter = there.To.PasswordParameter } }, Names, Now);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((there.From, there.To), Is.EqualTo((new DatabaseAccount("sync_2_token", "/sync-2/tokenserver/db"), new DatabaseAccount("sync_2_token_b", "/sync-2/tokenserver/b/db"))));
            Assert.That((back.From, back.To), Is.EqualTo((there.To, there.From)));
        }
    }

    [Test]
    public async Task ChangeAsync_AndReadByTheNextRun_IsTheSame()
    {
        var begun = DatabasePasswordStage.Begin(Document("db0"), Names, ["db0"], Now) with { Step = DatabasePasswordStep.Publish };

        await Store().ChangeAsync(document => document with { DatabasePassword = begun, MasterSecret = new(Now, MasterSecretStep.Expire, 1800000000) { SignedSince = Now } }, CancellationToken.None);
        var read = await Store().ReadAsync(CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(read.DatabasePassword!.Nodes, Is.EqualTo(begun.Nodes));
            Assert.That(read.DatabasePassword.Step, Is.EqualTo(DatabasePasswordStep.Publish));
            Assert.That(read.MasterSecret, Is.EqualTo(new MasterSecretRotation(Now, MasterSecretStep.Expire, 1800000000) { SignedSince = Now }));
            Assert.That(await RotationStore.UnfinishedAsync(new StateObjects(bucket.Bucket), CancellationToken.None), Has.Count.EqualTo(2).And.Some.Contains("at Publish").And.Some.Contains("tokens of the old ones"));
        }
    }

    [Test]
    public async Task ChangeAsync_AnotherRunHasWritten_DoesNothingMore()
    {
        var mine = Store();
        await mine.ChangeAsync(document => document with { Credentials = new(Now) }, CancellationToken.None);
        await Store().ChangeAsync(document => document with { Credentials = null }, CancellationToken.None);

        Assert.That(
            () => mine.ChangeAsync(document => document with { Certificate = new(Now) }, CancellationToken.None),
            Throws.TypeOf<PipelineException>().With.Property("Code").EqualTo(ErrorCode.LockLost));
    }

    [Test]
    public async Task ChangeAsync_ItsAnswerIsLost_KnowsItsOwnWrite()
    {
        var store = Store();
        bucket.LoseNextAnswer = true;

        await store.ChangeAsync(document => document with { Credentials = new(Now) }, CancellationToken.None);
        await store.ChangeAsync(document => document with { Certificate = new(Now) }, CancellationToken.None);

        Assert.That((await Store().ReadAsync(CancellationToken.None)).Describe(), Has.Count.EqualTo(2));
    }

    [Test]
    public void ReadAsync_NoDocument_SaysWhatToDo()
    {
        bucket.Put(RotationStore.Key, "{ no");

        Assert.That(() => Store().ReadAsync(CancellationToken.None), Throws.TypeOf<PipelineException>().With.Property("Code").EqualTo(ErrorCode.RotationStopped).And.Property("Hint").Not.Null);
    }

    private RotationStore Store() => new(new StateObjects(bucket.Bucket));

    private static ConfigDocument Document(params string[] nodes) => new()
    {
        Cluster = "sync-2",
        Region = "eu-west-1",
        Nodes = [.. nodes.Select(node => new ConfigNode(node, "127.0.0.1", 3306, "sync_2", $"/sync-2/db/{node}/app", []))],
        Cache = new ConfigEndpoint("127.0.0.1", 11211),
    };
}
