using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace SyncStorage.TokenServer.Tests.Fixtures;

/// <summary>A real token server, and the admin commands of its instance.</summary>
internal sealed class TokenServerProcess : IAsyncDisposable
{
    private static readonly string Executable = Path.Combine(TestContext.CurrentContext.TestDirectory, "tokenserver");
    private readonly Dictionary<string, string> environment;

    public TokenServerProcess(FakeAws aws, bool adminOnly = false)
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
            ["SYNCSTORAGE_POLL_SECONDS"] = "3600",
            ["SYNCSTORAGE_ROLE"] = adminOnly ? "admin" : "tokenserver",
            ["AWS_REGION"] = "us-east-1",
            ["AWS_ENDPOINT_URL"] = aws.Endpoint.ToString(),
            ["AWS_ACCESS_KEY_ID"] = "test",
            ["AWS_SECRET_ACCESS_KEY"] = "test",
        };
        Process = ChildProcess.Start(Executable, ["serve"], environment);
    }

    public IPAddress Address { get; }

    public int Port { get; }

    public ChildProcess Process { get; }

    public Uri Uri => new($"http://{Address}:{Port}");

    public Task UntilAsync(string status) =>
        Loopback.UntilAsync(async () => await HeartbeatAsync() is { } heartbeat && heartbeat["status"]!.GetValue<string>() == status,
            $"the token server's heartbeat is {status}");

    public async Task<JsonNode?> HeartbeatAsync()
    {
        if (Process.HasExited) throw new InvalidOperationException($"The token server ended:\n{Process.Output}");
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

    /// <summary>The answer of an admin command that must go well.</summary>
    public async Task<JsonNode> DoAsync(params string[] arguments)
    {
        var (code, answer) = await AdminAsync(arguments);
        Assert.That(code, Is.Zero, answer.ToJsonString());
        return answer;
    }

    public ValueTask DisposeAsync() => Process.DisposeAsync();
}
