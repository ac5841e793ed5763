using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Remote;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;
using SyncStorage.Pipeline.Tests.Aws;
using SyncStorage.Pipeline.Tests.Rollout;
using SyncStorage.Pipeline.TokenServers;

namespace SyncStorage.Pipeline.Tests.TokenServers;

/// <summary>A cluster in memory whose token servers answer as they are told: the parts of their fleet are put together as the program does it.</summary>
internal sealed class TokenWorld : IDisposable
{
    private readonly ServiceProvider services;
    private readonly MemoryBucket bucket = new(TimeProvider.System);

    public TokenWorld(EnvironmentSettings settings, FakeFleetCloud cloud)
    {
        var waiter = new Waiter(Time, Progress);
        Remote = new RemoteCommands(cloud, settings, waiter);
        services = new ServiceCollection()
            .AddSingleton(settings)
            .AddSingleton<IClients>(cloud)
            .AddSingleton(Remote)
            .AddSingleton(waiter)
            .AddSingleton<IProgress>(Progress)
            .AddSingleton(new Observation(cloud, settings, TestSettings.Names))
            .BuildServiceProvider();
        Webheads = new ConfigStore(bucket.Bucket);
        Documents = new TokenConfigStore(bucket.Bucket);
        var parts = new TokenServerParts(services);
        Nodes = new TokenServerNodes(settings, Webheads, parts, Remote, Progress);
        Configuration = new TokenServerConfiguration(settings, TestSettings.Names, Webheads, Documents, parts, Progress);
    }

    /// <summary>Settings with a token server.</summary>
    public static EnvironmentSettings Settings { get; } = TestSettings.Local with { TokenServer = new TokenServerSettings { Hostname = "token.example.com" } };

    public BudgetedTime Time { get; } = new();

    public RecordingProgress Progress { get; } = new();

    public RemoteCommands Remote { get; }

    public ConfigStore Webheads { get; }

    public TokenServerNodes Nodes { get; }

    public TokenConfigStore Documents { get; }

    public TokenServerConfiguration Configuration { get; }

    /// <summary>One token server in service, beside webheads that serve a document.</summary>
    public static TokenWorld InService(FakeFleetCloud cloud, ConfigDocument served)
    {
        cloud.Add("token-1", "t1", registered: true, role: "tokenserver");
        var world = new TokenWorld(Settings, cloud);
        world.Serve(served);
        return world;
    }

    /// <summary>Has the bucket hold what webheads serve.</summary>
    public void Serve(ConfigDocument document)
    {
        bucket.Put("config/1.json", JsonSerializer.Serialize(document, ConfigDocument.Json));
        bucket.Put("config/current.json", """{"version": 1, "key": "config/1.json"}""");
    }

    /// <summary>What <c>admin nodes</c> answers.</summary>
    public static string Answer(params (string Node, int Load, bool Backoff)[] nodes) =>
        JsonSerializer.Serialize(new { ok = true, nodes = nodes.Select(node => new { node = node.Node, capacity = 25_000, available = 10, load = node.Load, downed = false, backoff = node.Backoff }) });

    public void Dispose()
    {
        services.Dispose();
        bucket.Dispose();
    }
}
