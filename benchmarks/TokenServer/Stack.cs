using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using MySqlConnector;
using SyncStorage.Webhead.Tests.Fixtures;
using SyncStorage.WebheadLoad;

namespace SyncStorage.TokenServerLoad;

/// <summary>MariaDB and a token server as published, on this machine.</summary>
internal sealed class Stack : IAsyncDisposable
{
    private const string Account = "bench";
    private const string Password = "bench";

    private readonly List<IAsyncDisposable> parts = [];
    private readonly string executable;
    private DurableMariaDb database = null!;

    private Stack(string published) => executable = Path.Combine(published, "tokenserver");

    public ChildProcess Server { get; private set; } = null!;

    public IPEndPoint Address { get; } = FreeAddress();

    public static async Task<Stack> StartAsync(string published, object publicKey)
    {
        var stack = new Stack(published);
        try
        {
            await stack.StartPartsAsync(publicKey);
            return stack;
        }
        catch
        {
            await stack.DisposeAsync();
            throw;
        }
    }

    /// <summary>All users are new again.</summary>
    public async Task ForgetUsersAsync()
    {
        await using var connection = new MySqlConnection(database.ConnectionString("syncadmin", DurableMariaDb.MasterPassword, "tokenserver"));
        await connection.OpenAsync();
        await using var command = new MySqlCommand("TRUNCATE users; UPDATE nodes SET current_load = 0, available = capacity", connection);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var part in parts.AsEnumerable().Reverse()) await part.DisposeAsync();
    }

    private async Task StartPartsAsync(object publicKey)
    {
        var aws = Add(await FakeAws.StartAsync());
        database = Add(await DurableMariaDb.StartAsync());
        aws.Parameters["/c/tokenserver/db"] = Password;
        aws.Parameters["/c/tokenserver/metrics-secret"] = "metrics";
        aws.Parameters["/c/db/db0/master"] = DurableMariaDb.MasterPassword;
        for (var host = 0; host < 10; host++) aws.Parameters[$"/c/secrets/{host}"] = "1800000000:benchmark";
        aws.Objects["config/tokenserver/1.json"] = Document(publicKey);
        aws.Objects["config/tokenserver/current.json"] = """{"version":1,"key":"config/tokenserver/1.json"}""";

        var environment = Environment(aws);
        await AdminAsync(environment, "init-db", "--node", "db0", "--address", database.Address.ToString(), "--port", Text(database.Port), "--app-user", Account);
        await AdminAsync(environment, ["set-node", .. Enumerable.Range(0, 10).SelectMany(host => new[] { "--node", Node(host) }), "--capacity", "1000000"]);
        Server = Add(ChildProcess.Start(executable, ["serve"], environment));
        using var http = new HttpClient();
        await Loopback.UntilAsync(() => IsHealthyAsync(http), "the token server's heartbeat is ok");
    }

    private async Task AdminAsync(Dictionary<string, string> environment, params string[] arguments)
    {
        await using var admin = ChildProcess.Start(executable, ["admin", .. arguments], environment);
        if (await admin.WaitAsync() != 0) throw new InvalidOperationException($"{arguments[0]} failed: {admin.Output}");
    }

    private async Task<bool> IsHealthyAsync(HttpClient http)
    {
        if (Server.HasExited) throw new InvalidOperationException($"The token server ended: {Server.Output}");
        try
        {
            return (string?)JsonNode.Parse(await http.GetStringAsync(new Uri($"http://{Address}/__heartbeat__")))!["status"] == "ok";
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private Dictionary<string, string> Environment(FakeAws aws) => new()
    {
        ["PATH"] = System.Environment.GetEnvironmentVariable("PATH") ?? "",
        ["HOME"] = "/nonexistent",
        ["DOTNET_EnableDiagnostics"] = "0",
        ["SYNCSTORAGE_CLUSTER"] = "c",
        ["SYNCSTORAGE_BUCKET"] = FakeAws.Bucket,
        ["SYNCSTORAGE_ADDRESS"] = Address.Address.ToString(),
        ["SYNCSTORAGE_PORT"] = Text(Address.Port),
        ["AWS_REGION"] = "us-east-1",
        ["AWS_ENDPOINT_URL"] = aws.Endpoint.ToString(),
        ["AWS_ACCESS_KEY_ID"] = "benchmark",
        ["AWS_SECRET_ACCESS_KEY"] = "benchmark",
    };

    private string Document(object publicKey) => JsonSerializer.Serialize(new
    {
        format = 1,
        version = 1,
        origin = "https://token.example.com",
        database = new { address = database.Address.ToString(), port = database.Port, user = Account, passwordParameter = "/c/tokenserver/db", database = "tokenserver" },
        accounts = new { keys = new[] { publicKey } },
        metricsSecretParameter = "/c/tokenserver/metrics-secret",
        hosts = Enumerable.Range(0, 10).Select(host => new { origin = Node(host), secretParameter = $"/c/secrets/{host}" }),
    });

    private T Add<T>(T part)
        where T : IAsyncDisposable
    {
        parts.Add(part);
        return part;
    }

    private static string Node(int host) => $"https://sync{host}.example.com";

    private static IPEndPoint FreeAddress()
    {
        var address = Loopback.NextAddress();
        return new IPEndPoint(address, Loopback.FreePort(address));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
