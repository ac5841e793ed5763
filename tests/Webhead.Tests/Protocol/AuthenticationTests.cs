using System.Net;
using SyncStorage.SyncClient;

namespace SyncStorage.Webhead.Tests.Protocol;

[TestFixture]
internal sealed class AuthenticationTests : ClusterTests
{
    private const string Path = "/1.5/5/info/collections";
    private static readonly CancellationToken None = CancellationToken.None;

    [Test]
    public async Task Request_OlderSecret_IsAccepted()
    {
        using var user = Cluster.NewUser(secret: "older0");

        Assert.That((await user.GetAsync("/info/collections", None)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Request_AnotherHostsSecret_IsRefused()
    {
        using var user = Cluster.NewUser(secret: "newer1");

        var response = await user.GetAsync("/info/collections", None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((response.Status, response.Body), Is.EqualTo((HttpStatusCode.Unauthorized, "0")));
            Assert.That(response.Headers["WWW-Authenticate"], Is.EqualTo("Hawk"));
            Assert.That(response.Timestamp, Is.Not.Null);
        }
    }

    [TestCase(null)]
    [TestCase("Hawk id=\"x\", ts=\"1\", nonce=\"n\", mac=\"m\"")]
    public async Task Request_NoOrBadHeader_IsRefused(string? authorization) =>
        Assert.That(await StatusAsync(Path, authorization ?? ""), Is.EqualTo(HttpStatusCode.Unauthorized));

    [TestCase(60, "/1.5/5/info/collections", HttpStatusCode.OK)]
    [TestCase(-3600, "/1.5/5/info/collections", HttpStatusCode.OK)]
    [TestCase(-3600, "/1.5/5/info/collection_counts", HttpStatusCode.Unauthorized)]
    [TestCase(-3600, "/1.5/5/storage/c", HttpStatusCode.Unauthorized)]
    [TestCase(-7300, "/1.5/5/info/collections", HttpStatusCode.Unauthorized)]
    public async Task Request_ExpiredToken_MayOnlyAskForNews(int secondsLeft, string path, HttpStatusCode expected) =>
        Assert.That(await StatusAsync(path, Sign(path, Payload() with { Expires = Now() + secondsLeft })), Is.EqualTo(expected));

    [Test]
    public async Task Request_TokenOfAnotherUserOrNode_IsRefused()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await StatusAsync(Path, Sign(Path, Payload() with { Uid = 6 })), Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(await StatusAsync(Path, Sign(Path, Payload() with { Node = "http://sync1.localhost:8080" })),
                Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(await StatusAsync(Path, Sign(Path, Payload() with { HashedFxaUid = "a" })), Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(await StatusAsync(Path, Sign(Path, Payload() with { FxaUid = "a b" })), Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(await StatusAsync(Path, Sign(Path, Payload() with { HashedFxaUid = "a", FxaUid = "b", FxaKeyId = "c" })),
                Is.EqualTo(HttpStatusCode.OK));
        }
    }

    [Test]
    public async Task Request_OddButSignedTarget_IsTakenAsSent()
    {
        const string path = "/1.5/5/storage/c?ids=a%2Cb,c:d==&newer=1.5&x=%41~";

        Assert.That(await StatusAsync(path, Sign(path, Payload())), Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("GET", "/1.5/5/nothing", HttpStatusCode.NotFound)]
    [TestCase("GET", "/1.5/12345678901/info/collections", HttpStatusCode.NotFound)]
    [TestCase("GET", "/1.5/5/storage/bad%20name", HttpStatusCode.NotFound)]
    [TestCase("GET", "/1.5/5/storage/c/i%0A", HttpStatusCode.NotFound)]
    [TestCase("GET", "/1.5/5/storage", HttpStatusCode.MethodNotAllowed)]
    [TestCase("PATCH", "/1.5/5/storage/c", HttpStatusCode.MethodNotAllowed)]
    public async Task Request_NoSuchThing_SaysSoWithoutAuthentication(string method, string path, HttpStatusCode expected) =>
        Assert.That(await StatusAsync(path, "", method), Is.EqualTo(expected));

    [Test]
    public async Task Request_UnknownHost_IsMisdirected()
    {
        Assert.That(await StatusAsync(Path, Sign(Path, Payload()), host: "elsewhere.example.com"),
            Is.EqualTo(HttpStatusCode.MisdirectedRequest));
    }

    [Test]
    public async Task Users_OfTwoHosts_ShareNothing()
    {
        using var here = Cluster.NewUser(host: 0, uid: 77);
        using var there = Cluster.NewUser(host: 1, uid: 77);

        await here.PutAsync("/storage/c/i", """{"payload":"p"}""", None);
        var elsewhere = await there.GetAsync("/info/collections", None);
        await here.DeleteAsync("/storage", None);

        Assert.That(elsewhere.Body, Is.EqualTo("{}"));
    }

    private static TokenPayload Payload() => new() { Uid = 5, Node = "http://sync0.localhost:8080", Expires = Now() + 60, Salt = "abc123" };

    private static double Now() => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    private static string Sign(string path, TokenPayload payload) => Hawk.Authorize(
        Tokens.Make(payload, new TokenSecret("newer0")), new HawkRequest("GET", path, "sync0.localhost", 8080), TimeProvider.System);

    private async Task<HttpStatusCode> StatusAsync(string path, string authorization, string method = "GET", string host = "sync0.localhost:8080")
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri($"http://{Cluster.Webhead.Address}:{Cluster.Webhead.Port}{path}",
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        request.Headers.Host = host;
        if (authorization.Length > 0) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var response = await http.SendAsync(request);
        return response.StatusCode;
    }
}
