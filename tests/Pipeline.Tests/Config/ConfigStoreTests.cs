using System.Text.Json;
using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Tests.Aws;

namespace SyncStorage.Pipeline.Tests.Config;

public sealed class ConfigStoreTests
{
    private static readonly ConfigDocument Wanted = new() { Cluster = "sync2", Region = "eu-west-1", Nodes = [], Cache = new ConfigEndpoint("127.0.0.1", 11211) };

    private readonly MemoryBucket bucket = new(TimeProvider.System);

    [TearDown]
    public void Dispose() => bucket.Dispose();

    [Test]
    public async Task Publish_KilledBeforeThePointer_TakesOverWhatSaysTheSame()
    {
        bucket.Put("config/1.json", Stored(1, port: 11211));

        var published = await new ConfigStore(bucket.Bucket).PublishAsync(Wanted, CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(published.Version, Is.EqualTo(1));
            Assert.That(bucket.Keys, Is.EqualTo(["config/1.json", "config/current.json"]));
        }
    }

    [Test]
    public async Task Publish_KilledBeforeThePointerWithOtherContent_SkipsItsNumber()
    {
        using var other = new MemoryBucket(TimeProvider.System);
        other.Put("config/1.json", Stored(1, port: 11212));

        var published = await new ConfigStore(other.Bucket).PublishAsync(Wanted, CancellationToken.None);

        Assert.That(published.Version, Is.EqualTo(2));
    }

    private static string Stored(int version, int port) =>
        JsonSerializer.Serialize(Wanted with { Version = version, Cache = new ConfigEndpoint("127.0.0.1", port) }, ConfigDocument.Json) + "\n";
}
