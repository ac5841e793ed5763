using System.Text.Json;
using System.Text.Json.Nodes;

namespace SyncStorage.TokenServer.Tests.Fixtures;

/// <summary>
/// A whole cluster of processes: dbnodes, memcached, a webhead on the port that its virtual hostnames name, an accounts server, and a token
/// server that keeps its users on the first dbnode.
/// </summary>
internal sealed class TokenCluster : IAsyncDisposable
{
    public const string Origin = "https://token.example.com";

    private readonly TestCluster storage;
    private int version;

    private TokenCluster(TestCluster storage, AccountsEndpoint accounts) => (this.storage, Accounts) = (storage, accounts);

    public AccountsEndpoint Accounts { get; }

    public FakeAws Aws => storage.Aws;

    public MariaDb Database => storage.Databases[0];

    public WebheadProcess Webhead => storage.Webhead;

    public TokenServerProcess Server { get; private set; } = null!;

    /// <summary>The virtual hostnames, as tokens name them.</summary>
    public static IReadOnlyList<string> Nodes { get; } = ["http://sync0.localhost:8080", "http://sync1.localhost:8080", "http://sync2.localhost:8080"];

    public static async Task<TokenCluster> StartAsync()
    {
        var cluster = new TokenCluster(await TestCluster.StartAsync(), await AccountsEndpoint.StartAsync());
        try
        {
            cluster.Aws.Parameters["/c/tokenserver/db"] = TestCluster.AppPassword;
            cluster.Aws.Parameters["/c/tokenserver/metrics-secret"] = "metrics";
            cluster.Server = new TokenServerProcess(cluster.Aws);
            await cluster.InitDbAsync();
            cluster.Publish();
            await cluster.Server.UntilAsync("ok");
            await cluster.Server.DoAsync(["set-node", .. Nodes.SelectMany(node => new[] { "--node", node }), "--capacity", "100000"]);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The parameter of the second account's password.</summary>
    public const string SecondPassword = "/c/tokenserver/b/db";

    public Task<JsonNode> InitDbAsync(params string[] more) =>
        Server.DoAsync(["init-db", "--node", "db0", "--address", Database.Address.ToString(), "--port", $"{Database.Port}", "--app-user", "c_token", .. more]);

    /// <summary>Publishes a document, and moves the pointer to it. Returns its number.</summary>
    public int Publish(bool newUsers = true, string? signWith = null, int timeoutSeconds = 2, int format = 1, bool second = false)
    {
        var number = ++version;
        Aws.Objects[$"config/tokenserver/{number}.json"] = JsonSerializer.Serialize(new
        {
            format,
            version = number,
            cluster = "c",
            origin = Origin,
            database = new { address = Database.Address.ToString(), port = Database.Port, user = second ? "c_token_b" : "c_token", passwordParameter = second ? SecondPassword : "/c/tokenserver/db", database = "tokenserver" },
            accounts = new { url = Accounts.Url.ToString(), timeoutSeconds },
            metricsSecretParameter = "/c/tokenserver/metrics-secret",
            hosts = Nodes.Select((node, index) => new { origin = node, secretParameter = $"/c/secrets/sync{index}.localhost", signWith }),
            tokens = new { newUsers },
            purge = new { graceSeconds = 86_400 },
        });
        Aws.Objects["config/tokenserver/current.json"] = $$"""{"version":{{number}},"key":"config/tokenserver/{{number}}.json"}""";
        return number;
    }

    public async ValueTask DisposeAsync()
    {
        if (Server is not null) await Server.DisposeAsync();
        await Accounts.DisposeAsync();
        await storage.DisposeAsync();
    }
}
