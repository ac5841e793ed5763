using System.Text.Json;
using SyncStorage.SyncClient;

namespace SyncStorage.Webhead.Tests.Fixtures;

/// <summary>Two dbnodes (sync0 and sync1 on the first, sync2 on the second), a memcached, and one webhead in front of them.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    public const string AppPassword = "app'pass\\word";

    private int version;

    private TestCluster(FakeAws aws, MariaDb[] databases, Memcached cache)
    {
        (Aws, Databases, Cache) = (aws, databases, cache);
        for (var host = 0; host < 3; host++) Aws.Parameters[$"/c/secrets/sync{host}.localhost"] = $"1700000000:older{host},1800000000:newer{host}";
        for (var node = 0; node < databases.Length; node++)
        {
            Aws.Parameters[$"/c/db/db{node}/master"] = MariaDb.MasterPassword;
            Aws.Parameters[$"/c/db/db{node}/app"] = AppPassword;
        }
    }

    public FakeAws Aws { get; }

    public MariaDb[] Databases { get; }

    public Memcached Cache { get; }

    public WebheadProcess Webhead { get; private set; } = null!;

    /// <summary>Starts everything, makes the databases with <c>init-db</c>, publishes, and waits until the webhead serves.</summary>
    public static async Task<TestCluster> StartAsync()
    {
        var databases = await Task.WhenAll(MariaDb.StartAsync(), MariaDb.StartAsync());
        var cluster = new TestCluster(await FakeAws.StartAsync(), databases, await Memcached.StartAsync());
        try
        {
            cluster.Webhead = new WebheadProcess(cluster.Aws);
            await cluster.InitDbAsync(0, "s_0", "s_1");
            await cluster.InitDbAsync(1, "s_2");
            cluster.Publish();
            await cluster.Webhead.UntilAsync("ok");
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async Task<string[]> InitDbAsync(int node, params string[] databases)
    {
        var database = Databases[node];
        var (code, answer) = await Webhead.AdminAsync(["init-db", "--node", $"db{node}", "--address", database.Address.ToString(),
            "--port", $"{database.Port}", "--app-user", "c", .. databases.SelectMany(name => new[] { "--database", name })]);
        Assert.That(code, Is.Zero, answer.ToJsonString());
        return [.. answer["created"]!.AsArray().Select(name => name!.GetValue<string>())];
    }

    /// <summary>Publishes a document, and moves the pointer to it. Returns its number.</summary>
    public int Publish(int maxPostRecords = 100, long? quotaBytes = null)
    {
        var version = ++this.version;
        Aws.Objects[$"config/{version}.json"] = JsonSerializer.Serialize(new
        {
            format = 1,
            version,
            cluster = "c",
            region = "us-east-1",
            nodes = new[] { Node(0, "s_0", "s_1"), Node(1, "s_2") },
            cache = new { address = Cache.Address.ToString(), port = Cache.Port },
            limits = new
            {
                maxRequestBytes = 70_000,
                maxPostRecords,
                maxPostBytes = 60_000,
                maxTotalRecords = 1000,
                maxTotalBytes = 600_000,
                maxRecordPayloadBytes = 60_000,
                quotaBytes,
            },
            fromTheFuture = true,
        });
        PointTo(version);
        return version;
    }

    public void PointTo(int version) => Aws.Objects["config/current.json"] = $$"""{"version":{{version}},"key":"config/{{version}}.json"}""";

    /// <summary>A user of a virtual hostname that no other test has, through the cluster's webhead or another one.</summary>
    public SyncStorageClient NewUser(int host = 0, string? secret = null, long? uid = null, WebheadProcess? through = null) => new(
        new SyncStorageClientOptions
        {
            Origin = new Uri($"http://sync{host}.localhost:8080"),
            ConnectTo = (through ?? Webhead).Uri,
            Secret = new TokenSecret(secret ?? $"newer{host}"),
            Uid = uid ?? SmokeTest.RandomUid() - SmokeTest.FirstUid + 1,
            Timeout = TimeSpan.FromSeconds(30),
        }, TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        if (Webhead is not null) await Webhead.DisposeAsync();
        await Aws.DisposeAsync();
        await Cache.DisposeAsync();
        foreach (var database in Databases) await database.DisposeAsync();
    }

    private object Node(int number, params string[] databases) => new
    {
        name = $"db{number}",
        address = Databases[number].Address.ToString(),
        port = Databases[number].Port,
        user = "c",
        passwordParameter = $"/c/db/db{number}/app",
        hosts = databases.Select(database => new
        {
            hostname = $"sync{database[^1]}.localhost",
            origin = $"http://sync{database[^1]}.localhost:8080",
            database,
            secretParameter = $"/c/secrets/sync{database[^1]}.localhost",
        }),
    };
}
