using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace SyncStorage.Webhead.Tests.Fixtures;

/// <summary>A real webhead, and the admin commands of its instance.</summary>
internal sealed class WebheadProcess : IAsyncDisposable
{
    private static readonly string Executable = Path.Combine(TestContext.CurrentContext.TestDirectory, "webhead");
    private readonly Dictionary<string, string> environment;

    public WebheadProcess(FakeAws aws, bool adminOnly = false, int pollSeconds = 3600, IReadOnlyDictionary<string, string>? variables = null)
    {
        Address = Loopback.NextAddress();
        Port = Loopback.FreePort(Address);
        environment = new Dictionary<string, string>
        {
            ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "",
            ["DOTNET_ROOT"] = Path.GetDirectoryName(Environment.ProcessPath)!,
            ["HOME"] = "/nonexistent",
            ["SYNCSTORAGE_CLUSTER"] = "c",
            ["SYNCSTORAGE_BUCKET"] = FakeAws.Bucket,
            ["SYNCSTORAGE_ADDRESS"] = Address.ToString(),
            ["SYNCSTORAGE_PORT"] = Port.ToString(CultureInfo.InvariantCulture),
            ["SYNCSTORAGE_POLL_SECONDS"] = pollSeconds.ToString(CultureInfo.InvariantCulture),
            ["SYNCSTORAGE_ROLE"] = adminOnly ? "admin" : "webhead",
            ["AWS_REGION"] = "us-east-1",
            ["AWS_ENDPOINT_URL"] = aws.Endpoint.ToString(),
            ["AWS_ACCESS_KEY_ID"] = "test",
            ["AWS_SECRET_ACCESS_KEY"] = "test",
        };
        foreach (var (name, value) in variables ?? new Dictionary<string, string>()) environment[name] = value;
        Process = ChildProcess.Start(Executable, ["serve"], environment);
    }

    public IPAddress Address { get; }

    public int Port { get; }

    public ChildProcess Process { get; }

    public Uri Uri => new($"http://{Address}:{Port}");

    /// <summary>Waits until the heartbeat has a status.</summary>
    public Task UntilAsync(string status) =>
        Loopback.UntilAsync(async () => await HeartbeatAsync() is { } heartbeat && heartbeat["status"]!.GetValue<string>() == status,
            $"the webhead's heartbeat is {status}");

    /// <summary>The heartbeat; null if nobody answers.</summary>
    public async Task<JsonNode?> HeartbeatAsync()
    {
        if (Process.HasExited) throw new InvalidOperationException($"The webhead ended:\n{Process.Output}");
        using var http = new HttpClient();
        try
        {
            using var response = await http.GetAsync(new Uri(Uri, "/__heartbeat__"));
            return JsonNode.Parse(await response.Content.ReadAsStringAsync());
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>Runs an admin command: its exit code and its answer.</summary>
    public async Task<(int ExitCode, JsonNode Answer)> AdminAsync(params string[] arguments)
    {
        await using var admin = ChildProcess.Start(Executable, ["admin", .. arguments], environment);
        var code = await admin.WaitAsync();
        Assert.That(admin.Output, Has.Length.LessThan(2000).And.Not.Contains('\n'));
        return (code, JsonNode.Parse(admin.Output)!);
    }

    /// <summary>Asks the service as its own instance does, from its own address.</summary>
    public async Task<JsonNode> AskAsync(string command)
    {
        using var http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, token) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(Address, 0));
                await socket.ConnectAsync(Address, Port, token);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
        using var response = await http.PostAsync(new Uri(Uri, $"/__admin__/{command}"), content: null);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }

    public ValueTask DisposeAsync() => Process.DisposeAsync();
}
