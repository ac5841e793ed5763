using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using SyncStorage.SyncClient;
using SyncStorage.Webhead.Tests.Fixtures;

namespace SyncStorage.WebheadLoad;

/// <summary>MariaDB, memcached, a webhead as published, and the bare endpoints, all on this machine.</summary>
internal sealed class Stack : IAsyncDisposable
{
    public static readonly Uri Origin = new("http://sync0.localhost:8080");
    public static readonly TokenSecret Secret = new("benchmark");
    private const string Database = "s_0";
    private const string Account = "bench";
    private const string Password = "bench";

    private readonly List<IAsyncDisposable> parts = [];
    private readonly string executable;
    private readonly string unit;

    private Stack(string published, string repository)
    {
        executable = Path.Combine(published, "webhead");
        unit = Path.Combine(repository, "src", "Webhead", "bundle", "systemd", "syncstorage-webhead.service");
    }

    public ChildProcess Webhead { get; private set; } = null!;

    public IPEndPoint WebheadAddress { get; private set; } = null!;

    public IPEndPoint BareAddress { get; private set; } = null!;

    /// <summary>How long the webhead took from its start to the first heartbeat that finds everything well.</summary>
    public IReadOnlyList<TimeSpan> Starts { get; private set; } = [];

    public static async Task<Stack> StartAsync(string published, string repository)
    {
        var stack = new Stack(published, repository);
        try
        {
            await stack.StartPartsAsync();
            return stack;
        }
        catch
        {
            await stack.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var part in parts.AsEnumerable().Reverse()) await part.DisposeAsync();
    }

    private async Task StartPartsAsync()
    {
        var aws = Add(await FakeAws.StartAsync());
        var database = Add(await DurableMariaDb.StartAsync());
        var cache = Add(await Memcached.StartAsync());
        aws.Parameters["/c/secrets"] = "1800000000:benchmark";
        aws.Parameters["/c/db/db0/app"] = Password;
        aws.Parameters["/c/db/db0/master"] = DurableMariaDb.MasterPassword;
        aws.Objects["config/1.json"] = Document(database, cache);
        aws.Objects["config/current.json"] = """{"version":1,"key":"config/1.json"}""";

        WebheadAddress = FreeAddress();
        var environment = Environment(aws);
        await using (var admin = ChildProcess.Start(executable,
            ["admin", "init-db", "--node", "db0", "--address", database.Address.ToString(), "--port", Text(database.Port), "--app-user", Account, "--database", Database],
            environment))
        {
            if (await admin.WaitAsync() != 0) throw new InvalidOperationException($"init-db failed: {admin.Output}");
        }

        await StartWebheadAsync(environment);
        BareAddress = FreeAddress();
        Add(ChildProcess.Start(Path.Combine(AppContext.BaseDirectory, "WebheadLoad"), ["bare", BareAddress.Address.ToString(), Text(BareAddress.Port)],
            new Dictionary<string, string>
            {
                ["DOTNET_ROOT"] = System.Environment.GetEnvironmentVariable("DOTNET_ROOT") ?? "",
                [BareEndpoints.DatabaseVariable] = database.ConnectionString(Account, Password, Database),
            }));
        await Loopback.UntilAsync(() => Loopback.AcceptsAsync(BareAddress.Address, BareAddress.Port), "the bare endpoints listen");
    }

    /// <summary>Starts it a few times; the last one stays.</summary>
    private async Task StartWebheadAsync(Dictionary<string, string> environment)
    {
        var starts = new List<TimeSpan>();
        using var http = new HttpClient();
        for (var i = 0; i < 5; i++)
        {
            if (Webhead is not null) await Webhead.DisposeAsync();
            var started = Stopwatch.GetTimestamp();
            Webhead = ChildProcess.Start(executable, ["serve"], environment);
            while (!await IsHealthyAsync(http))
            {
                if (Webhead.HasExited) throw new InvalidOperationException($"The webhead ended: {Webhead.Output}");
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, CancellationToken.None);
            }

            starts.Add(Stopwatch.GetElapsedTime(started));
        }

        Add(Webhead!);
        Starts = starts;
    }

    private async Task<bool> IsHealthyAsync(HttpClient http)
    {
        try
        {
            var heartbeat = JsonNode.Parse(await http.GetStringAsync(new Uri($"http://{WebheadAddress}/__heartbeat__")))!;
            return (string?)heartbeat["status"] == "ok";
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private Dictionary<string, string> Environment(FakeAws aws)
    {
        // What the unit sets in production is set here, too.
        var environment = File.ReadLines(unit).Where(line => line.StartsWith("Environment=", StringComparison.Ordinal))
            .Select(line => line.Split('=', 3)).ToDictionary(parts => parts[1], parts => parts[2]);
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["PATH"] = System.Environment.GetEnvironmentVariable("PATH") ?? "",
            ["HOME"] = "/nonexistent",
            ["SYNCSTORAGE_CLUSTER"] = "c",
            ["SYNCSTORAGE_BUCKET"] = FakeAws.Bucket,
            ["SYNCSTORAGE_ADDRESS"] = WebheadAddress.Address.ToString(),
            ["SYNCSTORAGE_PORT"] = Text(WebheadAddress.Port),
            ["AWS_REGION"] = "us-east-1",
            ["AWS_ENDPOINT_URL"] = aws.Endpoint.ToString(),
            ["AWS_ACCESS_KEY_ID"] = "benchmark",
            ["AWS_SECRET_ACCESS_KEY"] = "benchmark",
        }) environment[name] = value;
        return environment;
    }

    private static string Document(DurableMariaDb database, Memcached cache) => JsonSerializer.Serialize(new
    {
        format = 1,
        version = 1,
        nodes = new[]
        {
            new
            {
                name = "db0",
                address = database.Address.ToString(),
                port = database.Port,
                user = Account,
                passwordParameter = "/c/db/db0/app",
                hosts = new[] { new { hostname = Origin.Host, origin = Origin, database = Database, secretParameter = "/c/secrets" } },
            },
        },
        cache = new { address = cache.Address.ToString(), port = cache.Port },
    });

    private T Add<T>(T part)
        where T : IAsyncDisposable
    {
        parts.Add(part);
        return part;
    }

    private static IPEndPoint FreeAddress()
    {
        var address = Loopback.NextAddress();
        return new IPEndPoint(address, Loopback.FreePort(address));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
