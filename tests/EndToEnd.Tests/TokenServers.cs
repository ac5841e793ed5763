using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using SyncStorage.SyncClient;

namespace SyncStorage.EndToEnd.Tests;

/// <summary>The life of a cluster's own token server, in a cluster that serves already: set up, used as Firefox uses it, left alone, healed, and gone with the cluster.</summary>
internal sealed class TokenServers : IDisposable
{
    private const string Variable = "SMOKE_ACCESS_TOKEN";
    private const string Known = "sync0.localhost";
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
            .. others, "--set", "tokenServer.hostname=token.localhost", "--set", "tokenServer.port=8000", "--set", $"tokenServer.loadBalancer.port={port}",
            "--set", $"tokenServer.accounts.url={accounts.Url}", "--set", $"tokenServer.smokeTokenEnvironment={Variable}",
            "--set", "tokenServer.tokenSeconds=15",
        ];
    }

    private Uri Origin => new($"http://token.localhost:{port}");

    /// <summary>One more setting, one Deploy: then a Firefox gets its token there, and stores with it.</summary>
    public async Task AreDeployedAsync()
    {
        var run = await cluster.RunAsync("Deploy", settings);

        Assert.That(run.ExitCode, Is.Zero, run.Output);
        Assert.That(run.Output, Does.Contain("an access token was exchanged for a token of http://sync"));
        await ServeAFirefoxAsync();
    }

    /// <summary>An unchanged one is left alone; one of two whose instance died is healed, and its users stay where they are.</summary>
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

    /// <summary>All credentials are new, without a word to a token server by hand: its database is used with the other account, it signs with what webheads accept, and at last the old is accepted nowhere.</summary>
    public async Task TakeNewCredentialsAsync()
    {
        using var signers = new Signers(cluster);
        var old = (await signers.ReadAsync([Known]))[Known].Secret;
        var node = (await AskAsync(accounts.Token("alice"))).Given!.Payload.Node;

        var run = await cluster.RunAsync("Rotate-Credentials", [.. settings, "--set", "rotation.longestTokenSeconds=1", "--wait"]);

        Assert.That(run.ExitCode, Is.Zero, run.Output);
        Assert.That(run.Output, Does.Contain("the master secret and the secrets of 4 virtual hostnames are rotated").And.Contain("account sync2_token is locked").And.Contain("all credentials of the fleet are rotated"));
        var after = (await AskAsync(accounts.Token("alice"))).Given!;
        using var former = new SyncStorageClient(new SyncStorageClientOptions { Origin = cluster.OriginOf(Known), Secret = old, Uid = 1 }, TimeProvider.System);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((await former.GetAsync("/info/collections", CancellationToken.None)).Status, Is.EqualTo(HttpStatusCode.Unauthorized), "the old secret is taken from all");
            Assert.That(after.Payload.Node, Is.EqualTo(node));
            Assert.That((await ReadAsync(after)).Status, Is.EqualTo(HttpStatusCode.OK), "it signs with the new one");
        }
    }

    /// <summary>A dbnode is closed to new users, and those that it has leave it: each is given a node of the other with its next request.</summary>
    public async Task LeaveANodeAsync()
    {
        var node = (await AskAsync(accounts.Token("alice"))).Given!.Payload.Node;
        var index = node.Contains("sync0", StringComparison.Ordinal) || node.Contains("sync1", StringComparison.Ordinal) ? 0 : 1;
        string[] moving = [$"--from=db{index}", "--share=100%", "--approve=sync2"];

        var back = await cluster.RunAsync("Rebalance", [.. settings, .. moving]);
        var closed = await cluster.RunAsync("Deploy", [.. settings, "--set", $"dbnodes[{index}].assign=false"]);
        var asked = await cluster.RunAsync("Rebalance", [.. settings, .. moving[..2]]);
        var left = await cluster.RunAsync("Rebalance", [.. settings, .. moving]);

        var after = (await AskAsync(accounts.Token("alice"))).Given!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(back.ExitCode, Is.EqualTo(1), back.Output);
            Assert.That(back.Output, Does.Contain("SSD1508").And.Contain("would be the least loaded then"));
            Assert.That(closed.ExitCode, Is.Zero, closed.Output);
            Assert.That(asked.ExitCode, Is.EqualTo(2), asked.Output);
            Assert.That(left.ExitCode, Is.Zero, left.Output);
            Assert.That(after.Payload.Node, Does.Match($"sync[{2 - (2 * index)}{3 - (2 * index)}]"), $"{node} before");
            Assert.That((await ReadAsync(after)).Status, Is.EqualTo(HttpStatusCode.OK));
        }
    }

    public void Dispose() => accounts.Dispose();

    private static async Task<SyncResponse> ReadAsync(HawkCredentials given)
    {
        using var client = new SyncStorageClient(new SyncStorageClientOptions { Origin = new Uri(given.Payload.Node), Given = given, Uid = given.Payload.Uid }, TimeProvider.System);
        return await client.GetAsync("/info/collections", CancellationToken.None);
    }

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
