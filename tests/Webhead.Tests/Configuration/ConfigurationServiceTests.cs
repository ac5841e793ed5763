using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using SyncStorage.Webhead.Configuration;
using SyncStorage.Webhead.Observability;
using SyncStorage.Webhead.Serving;

namespace SyncStorage.Webhead.Tests.Configuration;

[TestFixture]
internal sealed class ConfigurationServiceTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Test]
    public async Task Reload_NothingPublished_ServesNothing()
    {
        await using var webhead = new Webhead();

        Assert.That(await webhead.Service.ReloadAsync(secretsToo: false, None), Is.Null);
    }

    [Test]
    public async Task Reload_Unchanged_ReadsNoSecretsUntilTheyAreOld()
    {
        await using var webhead = new Webhead();
        webhead.Source.Publish(1);

        await webhead.Service.ReloadAsync(secretsToo: false, None);
        await webhead.Service.ReloadAsync(secretsToo: false, None);
        var fresh = webhead.Source.SecretReads;
        webhead.Time.Advance(TimeSpan.FromMinutes(10));
        await webhead.Service.ReloadAsync(secretsToo: false, None);

        Assert.That((fresh, webhead.Source.SecretReads), Is.EqualTo((1, 2)));
    }

    [Test]
    public async Task Reload_NewVersion_KeepsConnectionsThatStay()
    {
        await using var webhead = new Webhead();
        webhead.Source.Publish(1);
        await webhead.Service.ReloadAsync(secretsToo: false, None);
        var first = webhead.Serving.Current!;
        webhead.Source.Publish(2);

        var version = await webhead.Service.ReloadAsync(secretsToo: false, None);

        var second = webhead.Serving.Current!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(version, Is.EqualTo(2));
            Assert.That(second.Probes, Is.EqualTo(first.Probes));
            Assert.That(second.FindHost("SYNC0.example.com")!.Storage, Is.SameAs(first.FindHost("sync0.example.com")!.Storage));
            Assert.That(second.FindHost("sync1.example.com"), Is.Null);
        }
    }

    [TestCase("format 3 is not one that this release reads", 3, "s_0", "https://sync0.example.com")]
    [TestCase("database of sync0.example.com must match", 1, "s`0", "https://sync0.example.com")]
    [TestCase("names the host other.example.com", 1, "s_0", "https://other.example.com")]
    public void Check_Unusable_SaysWhy(string reason, int format, string database, string origin)
    {
        var document = FakeSource.Document(1, format, database, origin);

        Assert.That(() => ConfigurationRules.Check(document), Throws.TypeOf<ConfigurationException>().With.Message.Contains(reason));
    }

    [Test]
    public async Task Reload_SecretMissingOrBroken_KeepsTheLast([Values("", "no-colon")] string list)
    {
        await using var webhead = new Webhead();
        webhead.Source.Publish(1);
        await webhead.Service.ReloadAsync(secretsToo: false, None);
        webhead.Source.Publish(2);
        webhead.Source.SecretList = list;

        var version = await webhead.Service.ReloadAsync(secretsToo: false, None);
        webhead.Source.SecretList = "1:good";
        var mended = await webhead.Service.ReloadAsync(secretsToo: false, None);

        Assert.That((version, mended), Is.EqualTo((1, 2)));
    }

    [Test]
    public async Task Reload_TheSameTroubleAgain_IsLoggedOnceAMinuteAndAnewAfterItWasOver()
    {
        await using var webhead = new Webhead();
        for (var look = 0; look < 59; look++) await LookAsync();
        var once = webhead.Log.Count;
        await LookAsync();
        var again = webhead.Log.Count;
        webhead.Source.Publish(1);
        webhead.Source.SecretList = "";
        await LookAsync();
        webhead.Source.SecretList = "1:good";
        await LookAsync();

        Assert.That((once, again), Is.EqualTo((1, 2)));
        Assert.That(webhead.Log[2..], Has.Count.EqualTo(2).And.Some.StartsWith("Configuration can't be read").And.Some.StartsWith("Serving configuration 1"));

        Task LookAsync()
        {
            webhead.Time.Advance(TimeSpan.FromSeconds(1.02));
            return webhead.Service.ReloadAsync(secretsToo: false, None);
        }
    }

    private sealed class Lines : List<string>, ILogger<ConfigurationService>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Add(formatter(state, exception));
    }

    private sealed class Webhead : IAsyncDisposable
    {
        private readonly ServingStateFactory factory;

        public Webhead()
        {
            factory = new ServingStateFactory(new WebheadMetrics(), Time);
            Service = new ConfigurationService(
                Source, factory, Serving, TimeSpan.FromSeconds(30), Time, new WebheadMetrics(), Log);
        }

        public Lines Log { get; } = [];

        public FakeTimeProvider Time { get; } = new();

        public FakeSource Source { get; } = new();

        public ServingStateHolder Serving { get; } = new();

        public ConfigurationService Service { get; }

        public async ValueTask DisposeAsync()
        {
            Service.Dispose();
            await factory.DisposeAsync();
        }
    }

    private sealed class FakeSource : IDocumentSource
    {
        private ConfigurationPointer? pointer;

        public int SecretReads { get; private set; }

        public string SecretList { get; set; } = "1:secret";

        public static ConfigurationDocument Document(int version, int format, string database, string origin) => JsonSerializer.Deserialize(
            $$"""
            { "format": {{format}}, "version": {{version}}, "cluster": "c", "nodes": [ { "name": "db0", "address": "127.0.0.1", "port": 3306,
              "user": "c", "passwordParameter": "p", "hosts": [ { "hostname": "sync0.example.com", "origin": "{{origin}}",
              "database": "{{database}}", "secretParameter": "s" } ] } ] }
            """, ConfigurationJson.Default.ConfigurationDocument)!;

        public void Publish(int version) => pointer = new ConfigurationPointer { Version = version, Key = $"config/{version}.json" };

        public Task<ConfigurationPointer?> ReadPointerAsync(CancellationToken cancellationToken) => Task.FromResult(pointer);

        public Task<ConfigurationDocument> ReadDocumentAsync(ConfigurationPointer pointer, CancellationToken cancellationToken) =>
            Task.FromResult(Document(pointer.Version, 1, "s_0", "https://sync0.example.com"));

        public Task<IReadOnlyDictionary<string, string>> ReadSecretsAsync(IEnumerable<string> names, CancellationToken cancellationToken)
        {
            SecretReads++;
            return Task.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string> { ["p"] = "password", ["s"] = SecretList });
        }
    }
}
