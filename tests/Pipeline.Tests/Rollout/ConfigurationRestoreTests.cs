using SyncStorage.Pipeline.Bundles;
using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.History;
using SyncStorage.Pipeline.Journal;
using SyncStorage.Pipeline.Rollout;
using SyncStorage.Pipeline.Tests.Aws;

namespace SyncStorage.Pipeline.Tests.Rollout;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ConfigurationRestoreTests : IDisposable
{
    private readonly MemoryBucket bucket = new(TimeProvider.System);
    private readonly RecordingProgress progress = new();

    public void Dispose() => bucket.Dispose();

    [TestCase(1, 1)]
    [TestCase(1, 2)]
    public async Task RestoreForAsync_TheReleaseReadsTheCurrentFormat_NothingMoves(int old, int now)
    {
        await RestoreAsync(Document(1, old, "a"), Document(2, now, "a"));

        Assert.That(bucket.TextOf("config/current.json"), Does.Contain("config/2.json"));
    }

    [Test]
    public async Task RestoreForAsync_TheFormatIsTooFarAhead_ThePointerGoesBack()
    {
        await RestoreAsync(Document(1, 1, "a"), Document(2, 3, "a"));

        Assert.That(bucket.TextOf("config/current.json"), Does.Contain("config/1.json"));
        Assert.That(progress.Lines.Single(), Does.StartWith("+ configuration version 1"));
    }

    [Test]
    public void WithRotatedOf_AnOlderDocument_HasTheAccountsAndSecretsOfNow()
    {
        var now = Document(9, 3, "a");
        now = now with { Nodes = [.. now.Nodes.Select(node => node with { User = "other", PasswordParameter = "/other", Hosts = [.. node.Hosts.Select(host => host with { SignWith = "18" })] })] };

        var kept = ConfigurationRestore.WithRotatedOf(now, Document(1, 1, "a"));

        Assert.That(kept.Nodes.Select(node => (node.User, node.PasswordParameter)), Is.All.EqualTo(("other", "/other")));
        Assert.That(kept.Nodes.SelectMany(node => node.Hosts).Select(host => host.SignWith), Is.All.EqualTo("18").And.Not.Empty);
        Assert.That(kept.Format, Is.EqualTo(1));
    }

    [Test]
    public void RestoreForAsync_GoingBackWouldLoseAHostname_IsRefusedWithTheWayRound()
    {
        Assert.That(
            () => RestoreAsync(Document(1, 1, "a"), Document(2, 3, "a", "b")),
            Throws.TypeOf<PipelineException>().With.Property("Code").EqualTo(ErrorCode.IncompatibleRelease).And.Message.Contains("lacks b"));
    }

    [Test]
    public async Task RestoreForAsync_TheReleaseDeclaresThatItReadsTheFormat_NothingMoves()
    {
        await RestoreAsync(Document(1, 1, "a"), Document(2, 3, "a"), new VersionRange(1, 3));

        Assert.That(bucket.TextOf("config/current.json"), Does.Contain("config/2.json"));
    }

    [Test]
    public async Task RestoreForAsync_TheReleaseDeclaresThatItDoesNotReadTheNext_ThePointerGoesBack()
    {
        await RestoreAsync(Document(1, 1, "a"), Document(2, 2, "a"), new VersionRange(1, 1));

        Assert.That(bucket.TextOf("config/current.json"), Does.Contain("config/1.json"));
    }

    [Test]
    public void RestoreForAsync_NoDocumentThatItReads_IsRefused()
    {
        Assert.That(
            () => RestoreAsync(Document(1, 3, "a"), Document(2, 3, "a"), new VersionRange(1, 2)),
            Throws.TypeOf<PipelineException>().With.Property("Code").EqualTo(ErrorCode.IncompatibleRelease));
    }

    private async Task RestoreAsync(ConfigDocument old, ConfigDocument now, VersionRange? formats = null)
    {
        foreach (var document in new[] { old, now }) bucket.Put($"config/{document.Version}.json", System.Text.Json.JsonSerializer.Serialize(document, ConfigDocument.Json));
        bucket.Put("config/current.json", $$"""{"version": {{now.Version}}, "key": "config/{{now.Version}}.json"}""");
        var entry = new HistoryEntry
        {
            Deployment = "d",
            Kind = DeploymentKind.Deploy,
            Target = "Deploy",
            Outcome = "succeeded",
            ExitCode = 0,
            Who = "ann",
            StartedAt = DateTimeOffset.UnixEpoch,
            EndedAt = DateTimeOffset.UnixEpoch,
            Release = "1.0",
            Configuration = old.Version,
        };
        await new ConfigurationRestore(new ConfigStore(bucket.Bucket), progress).RestoreForAsync("1.0", formats, [entry], CancellationToken.None);
    }

    private static ConfigDocument Document(int version, int format, params string[] hosts) => new()
    {
        Format = format,
        Version = version,
        Cluster = "sync2",
        Region = "eu-west-1",
        Nodes = [new ConfigNode("db0", "127.0.0.1", 3306, "sync2", "/p", [.. hosts.Select(host => new ConfigHost(host, "http://" + host, "d", "/s"))])],
        Cache = new ConfigEndpoint("127.0.0.1", 11211),
    };
}
