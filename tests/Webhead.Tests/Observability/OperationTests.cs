using System.Net;
using System.Text.Json.Nodes;
using SyncStorage.SyncClient;
using SyncStorage.Webhead.Tests.Fixtures;

namespace SyncStorage.Webhead.Tests.Observability;

/// <summary>What operators see of a webhead that serves: metrics and logs, and nothing of its users in either.</summary>
[TestFixture]
internal sealed class OperationTests : ClusterTests
{
    private const string Payload = "p4yl0ad-that-is-nobodys-business";
    private static readonly CancellationToken None = CancellationToken.None;

    [Test]
    public async Task Metrics_AfterRequests_CountThemByRouteWithoutTheirUsers()
    {
        using var user = Cluster.NewUser();
        await user.PutAsync("/storage/secretive/item-of-mine", $$"""{"payload":"{{Payload}}"}""", None);
        await user.GetAsync("/storage/secretive/missing", None);
        await user.GetAsync("/info/collections", None);

        var (metrics, type) = await MetricsAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(type, Does.StartWith("text/plain"));
            Assert.That(metrics, Does.Match("""syncstorage_http_request_duration_seconds_count\{method="PUT",route="/1.5/\{uid\}/storage/\{collection\}/\{id\}",status="200"\} [1-9]"""));
            Assert.That(metrics, Does.Match("""syncstorage_http_request_duration_seconds_bucket\{method="GET",route="/1.5/\{uid\}/storage/\{collection\}/\{id\}",status="404",le="\+Inf"\} [1-9]"""));
            Assert.That(metrics, Does.Match("syncstorage_configuration_version [1-9]").And.Match("process_resident_memory_bytes [1-9]"));
            Assert.That(metrics, Does.Match("""syncstorage_node_requests_in_service\{node="db0"\} \d"""));
            Assert.That(metrics, Does.Match("""syncstorage_database_failures_total\{hostname="sync0.localhost"\} \d"""));
            Assert.That(metrics, Does.Match("syncstorage_cache_hits_total [1-9]"));
            Assert.That(metrics, Does.Not.Contain("secretive").And.Not.Contain("item-of-mine").And.Not.Contain($"{user.Uid}"));
        }
    }

    [TestCase("NoCredentials", null)]
    [TestCase("MalformedHeader", "Basic abc")]
    [TestCase("MalformedHeader", "Hawk id=\"x\"")]
    [TestCase("UnknownToken", "Hawk id=\"x\", ts=\"1\", nonce=\"n\", mac=\"m\"")]
    public async Task Metrics_RequestRefused_CountTheReason(string reason, string? authorization)
    {
        var before = await CountAsync(reason);

        await SendAsync("/1.5/5/info/collections", authorization);

        Assert.That(await CountAsync(reason), Is.GreaterThan(before));
    }

    [TestCase("BadSignature", 5L, "http://sync0.localhost:8080", "tampered")]
    [TestCase("WrongUser", 6L, "http://sync0.localhost:8080", "")]
    [TestCase("WrongNode", 5L, "http://sync1.localhost:8080", "")]
    public async Task Log_ForgedRequest_IsAnEventOfItsOwnThatHoldsNoneOfIt(string name, long uid, string node, string tamper)
    {
        const string target = "/1.5/5/info/collections";
        var requestId = $"forged-{name}-{Guid.NewGuid():N}";
        var credentials = Tokens.Issue(uid, node, new TokenSecret("newer0"), TimeSpan.FromMinutes(5), TimeProvider.System);
        var authorization = Hawk.Authorize(credentials, new HawkRequest("GET", target, "sync0.localhost", 8080), TimeProvider.System);

        var (status, echoed) = await SendAsync(target + (tamper.Length > 0 ? "?" + tamper : ""), authorization, requestId);

        JsonNode? logged = null;
        await Loopback.UntilAsync(() => Task.FromResult((logged = Find(requestId)) is not null), "the event is logged");
        using (Assert.EnterMultipleScope())
        {
            Assert.That((status, echoed), Is.EqualTo((HttpStatusCode.Unauthorized, requestId)));
            Assert.That((string?)logged!["event"], Is.EqualTo(name));
            Assert.That((string?)logged["level"], Is.EqualTo("warning"));
            Assert.That((long?)logged["uid"], Is.EqualTo(5));
            Assert.That(logged.ToJsonString(), Does.Not.Contain(credentials.Token).And.Not.Contain(credentials.Key).And.Not.Contain("Hawk"));
        }
    }

    [Test]
    public async Task Log_AfterAllKindsOfRequests_IsJsonWithoutSecretsTokensAndPayloads()
    {
        using var user = Cluster.NewUser();
        using var stranger = Cluster.NewUser(secret: "str4nger");
        foreach (var body in (string[])[$$"""{"payload":"{{Payload}}"}""", $$"""{"payload":"{{Payload}}""", $$"""{"{{Payload}}":1}"""])
        {
            await user.PutAsync("/storage/c/i", body, None);
            await stranger.PutAsync("/storage/c/i", body, None);
        }

        var lines = Cluster.Webhead.Process.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(lines.Select(line => JsonNode.Parse(line)!["level"]), Is.All.Not.Null);
            foreach (var secret in (string[])[Payload, "newer0", "older0", "str4nger", TestCluster.AppPassword, MariaDb.MasterPassword, "Authorization:", "mac=", "nonce="])
                Assert.That(lines, Has.None.Contains(secret));
        }
    }

    [TestCase("good-id_1.2:3", true)]
    [TestCase("bad id\"", false)]
    public async Task Response_RequestId_IsTakenOverIfHarmless(string given, bool taken)
    {
        var (_, echoed) = await SendAsync("/1.5/5/info/collections", authorization: null, given);

        Assert.That(echoed, taken ? Is.EqualTo(given) : Is.Not.EqualTo(given).And.Not.Empty);
    }

    private JsonNode? Find(string requestId) => Cluster.Webhead.Process.Output.Split('\n')
        .Where(line => line.Contains(requestId, StringComparison.Ordinal)).Select(line => JsonNode.Parse(line)).FirstOrDefault();

    private async Task<(HttpStatusCode Status, string RequestId)> SendAsync(string target, string? authorization, string? requestId = null)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Cluster.Webhead.Uri, target));
        request.Headers.Host = "sync0.localhost:8080";
        if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        if (requestId is not null) request.Headers.TryAddWithoutValidation("X-Request-Id", requestId);
        using var response = await http.SendAsync(request);
        return (response.StatusCode, response.Headers.GetValues("X-Request-Id").Single());
    }

    private async Task<double> CountAsync(string reason)
    {
        var prefix = $"syncstorage_refused_total{{reason=\"{reason}\"}} ";
        var line = (await MetricsAsync()).Text.Split('\n').Single(line => line.StartsWith(prefix, StringComparison.Ordinal));
        return double.Parse(line[prefix.Length..], System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task<(string Text, string Type)> MetricsAsync()
    {
        using var http = new HttpClient();
        using var response = await http.GetAsync(new Uri(Cluster.Webhead.Uri, "/__metrics__"));
        return (await response.Content.ReadAsStringAsync(), response.Content.Headers.ContentType!.ToString());
    }
}
