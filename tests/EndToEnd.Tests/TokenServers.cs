using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using SyncStorage.SyncClient;

namespace SyncStorage.EndToEnd.Tests;

/// <summary>The life of a cluster's own token server, in a cluster that serves already: set up, used as Firefox uses it, left alone, healed, and gone with the cluster.</summary>
internal sealed class TokenServers : IDisposable
{
    private const string Variable = "SMOKE_ACCESS_TOKEN";
    private static readonly KeyIdentity Keys = new(5, "00112233445566778899aabbccddeeff");

    private readonly AccountsServer accounts = new();
    private readonly Cluster cluster;
    private readonly string[] settings;
    private readonly int port = Cluster.FreePort();

    public TokenServers(Cluster cluster, IEnumerable<string> others)
    {
        this.cluster = cluster;
        cluster.Environment[Variable] = accounts.Token("of-the-smoke-test");
        settings =
        [
            .. others, "--set", "tokenServer.hostname=token.localhost", "--set", "tokenServer.count=1", "--set", "tokenServer.port=8000", "--set", $"tokenServer.loadBalancer.port={port}",
            "--set", $"tokenServer.accounts.url={accounts.Url}", "--set", $"tokenServer.smokeTokenEnvironment={Variable}",
        ];
    }

    /// <summary>What runs have to be told of it.</summary>
    public IReadOnlyList<string> Settings => settings;

    private Uri Origin => new($"http://token.localhost:{port}");

    /// <summary>One more setting, one Deploy: then a Firefox gets its token there, and stores with it.</summary>
    public async Task AreDeployedAsync()
    {
        var run = await cluster.RunAsync("Deploy", settings);

        Assert.That(run.ExitCode, Is.Zero, run.Output);
        Assert.That(run.Output, Does.Contain("an access token was exchanged for a token of http://sync"));
        await ServeAFirefoxAsync();
    }

    /// <summary>An unchanged one is left alone; one whose instance died is healed, and its users stay where they are.</summary>
    public async Task AreKeptAsync()
    {
        var node = (await AskAsync(accounts.Token("alice"))).Given!.Payload.Node;
        var same = await cluster.RunAsync("Plan", [.. settings, "--detailed-exit-code"]);
        using (var cloud = new CloudView(cluster)) await cloud.BreakAsync((await cloud.InstancesAsync("tokenserver"))[0]);

        var healed = await cluster.RunAsync("Heal", settings);

        var status = await cluster.RunAsync("Status", [.. settings, "--json"]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(same.ExitCode, Is.Zero, same.Output);
            Assert.That(healed.ExitCode, Is.Zero, healed.Output);
            Assert.That((await AskAsync(accounts.Token("alice"))).Given!.Payload.Node, Is.EqualTo(node));
            Assert.That(status.Output, Does.Match("\"tokenServer\": ?\\{"));
        }
    }

    public void Dispose() => accounts.Dispose();

    // What Firefox does: a token for its access token, and with it an item that is there when it asks again.
    private async Task ServeAFirefoxAsync()
    {
        var granted = await AskAsync(accounts.Token("alice"));
        var again = await AskAsync(accounts.OpaqueToken("alice"));
        using var stranger = RSA.Create(2048);
        var forged = await AskAsync(accounts.Token("mallory", stranger));

        Assert.That(granted.Given, Is.Not.Null, granted.Body);
        var payload = granted.Given!.Payload;
        using var client = new SyncStorageClient(new SyncStorageClientOptions { Origin = new Uri(payload.Node), Given = granted.Given, Uid = payload.Uid }, TimeProvider.System);
        var put = await client.PutAsync("/storage/bookmarks/firefox00001", """{"payload": "what Firefox encrypted"}""", CancellationToken.None);
        var got = await client.GetAsync("/storage/bookmarks/firefox00001", CancellationToken.None);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(put.Status, Is.EqualTo(HttpStatusCode.OK), put.Body);
            Assert.That((string?)JsonNode.Parse(got.Body)!["payload"], Is.EqualTo("what Firefox encrypted"));
            Assert.That((again.Given?.Payload.Node, again.Given?.Payload.Uid), Is.EqualTo((payload.Node, payload.Uid)), "the same user, whichever way the token is verified");
            Assert.That((forged.Status, forged.Error), Is.EqualTo((HttpStatusCode.Unauthorized, "invalid-credentials")));
        }
    }

    private async Task<TokenGrant> AskAsync(string accessToken)
    {
        using var client = new TokenServerClient(new TokenServerClientOptions { Origin = Origin });
        return await client.AskAsync(accessToken, Keys, CancellationToken.None);
    }
}
