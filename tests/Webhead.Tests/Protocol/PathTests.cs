using System.Net;
using SyncStorage.SyncClient;

namespace SyncStorage.Webhead.Tests.Protocol;

/// <summary>What paths, names, and methods there are (sections 1, 3 and 8), and what every answer has (sections 6 and 7).</summary>
[TestFixture]
internal sealed class PathTests : ClusterTests
{
    [TestCase("/storage/c/a%0A")]
    [TestCase("/storage/c/%7F")]
    [TestCase("/storage/c/%C3%A9")]
    [TestCase("/storage/c/")]
    [TestCase("/storage/c/a/b")]
    [TestCase("/storage/c%0A")]
    [TestCase("/storage/")]
    [TestCase("/storage/a%20b")]
    [TestCase("/storage/a123456789012345678901234567890123")]
    [TestCase("/info")]
    [TestCase("/info/nothing")]
    [TestCase("/info/collections/")]
    [TestCase("/nonexistent/url")]
    public async Task Path_NotOfTheProtocol_IsNotFound(string path)
    {
        using var user = Cluster.NewUser();

        var response = await user.GetAsync(path);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.Answer(), Is.EqualTo((HttpStatusCode.NotFound, "0")));
            Assert.That(response.Header("Content-Type"), Is.EqualTo("application/json"));
            Assert.That(response.Timestamp, Is.Not.Null);
        }
    }

    [Test]
    public async Task Path_IdOrNameTooLong_IsNotFound()
    {
        using var user = Cluster.NewUser();

        var longest = await user.PutAsync($"/storage/{new string('c', 32)}/{new string('X', 64)}", "{}");
        var id = await user.PutAsync($"/storage/c/{new string('X', 65)}", "{}");
        var name = await user.PutAsync($"/storage/{new string('c', 33)}/i", "{}");

        Assert.That((longest.Status, id.Status, name.Status), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.NotFound)));
    }

    [TestCase("/1.5/12345678901/info/collections")]
    [TestCase("/1.5/x/info/collections")]
    [TestCase("/1.5//info/collections")]
    [TestCase("/1.5/-1/info/collections")]
    [TestCase("/1.5/%31/info/collections")]
    [TestCase("/1.1/1/info/collections")]
    [TestCase("/unknown")]
    public async Task Path_OutsideTheProtocol_IsNotFound(string path)
    {
        using var user = Cluster.NewUser();

        Assert.That((await user.GetUnsignedAsync(path, CancellationToken.None)).Answer(), Is.EqualTo((HttpStatusCode.NotFound, "0")));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(9_999_999_999)]
    public async Task Path_Uid_HasUpToTenDigits(long uid)
    {
        using var user = Cluster.NewUser(uid: uid);

        Assert.That((await user.GetAsync("/info/collections")).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("a b,c;d:e@f&g=h+i$j!k*l'm(n)o")]
    [TestCase("{6820f3ca-6e8a-4ff4-8af7-8b3625d7d650}")]
    [TestCase("/\\?#[]%~^`|\"<>")]
    [TestCase(" leading and trailing ")]
    public async Task Path_EncodedId_IsThatItem(string id)
    {
        using var user = Cluster.NewUser();
        var path = "/storage/c/" + Uri.EscapeDataString(id);

        var put = await user.PutAsync(path, """{"payload":"p"}""");
        var get = await user.GetAsync(path);
        var delete = await user.DeleteAsync(path);

        Assert.That((put.Status, get.Status, delete.Status), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK)));
        Assert.That(get.Json()["id"]!.GetValue<string>(), Is.EqualTo(id));
    }

    [TestCase("/storage/c/a:b==c,d")]
    [TestCase("/storage/c?ids=a:b==c,d%2Ce&full")]
    public async Task Path_RawSeparators_AreSignedAsSent(string path)
    {
        using var user = Cluster.NewUser();

        Assert.That((await user.GetAsync(path)).Status, Is.AnyOf(HttpStatusCode.OK, HttpStatusCode.NotFound));
    }

    [TestCase("GET", "/storage")]
    [TestCase("GET", "")]
    [TestCase("POST", "")]
    [TestCase("PUT", "/storage/c")]
    [TestCase("POST", "/storage/c/i")]
    [TestCase("PATCH", "/storage/c/i")]
    [TestCase("DELETE", "/info/collections")]
    [TestCase("OPTIONS", "/info/collections")]
    public async Task Method_NotOfThePath_IsRefused(string method, string path)
    {
        using var user = Cluster.NewUser();

        var response = await user.SendAsync(method, path);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.Answer(), Is.EqualTo((HttpStatusCode.MethodNotAllowed, "0")));
            Assert.That(response.Header("Allow"), Is.Not.Empty);
            Assert.That(response.Timestamp, Is.Not.Null);
        }
    }

    [TestCase("/", HttpStatusCode.OK)]
    [TestCase("/__heartbeat__", HttpStatusCode.OK)]
    [TestCase("/__lbheartbeat__", HttpStatusCode.OK)]
    [TestCase("/__version__", HttpStatusCode.OK)]
    [TestCase("/__error__", HttpStatusCode.InternalServerError)]
    public async Task Operations_AnswerWithTheTime(string path, HttpStatusCode expected)
    {
        using var user = Cluster.NewUser();

        var response = await user.GetUnsignedAsync(path, CancellationToken.None);

        Assert.That((response.Status, response.Timestamp is not null), Is.EqualTo((expected, true)));
        Assert.That(response.Header("X-Weave-Timestamp"), Does.Match(@"^[0-9]+\.[0-9]{2}$"));
    }

    [TestCase("Firefox-iOS-Sync/18.0b1 (iPhone; iPhone OS 13.2.2) (Fennec (synctesting))", HttpStatusCode.ServiceUnavailable)]
    [TestCase("Firefox-iOS-Sync/1.0 (iPhone)", HttpStatusCode.ServiceUnavailable)]
    [TestCase("Firefox-iOS-Sync/20.0b1 (iPhone; iPhone OS 13.2.2) (Fennec (synctesting))", HttpStatusCode.OK)]
    [TestCase("Firefox-iOS-Sync/0.0.1 (iPhone)", HttpStatusCode.OK)]
    [TestCase("Firefox-iOS-Sync/118.0 (iPhone)", HttpStatusCode.OK)]
    [TestCase("Mozilla/5.0 Firefox/19.0", HttpStatusCode.OK)]
    public async Task Agent_OldFirefoxForIos_IsTurnedAway(string agent, HttpStatusCode expected)
    {
        using var user = Cluster.NewUser();

        var response = await user.SendAsync("GET", "/info/collections", headers: $"User-Agent: {agent}");

        Assert.That(response.Answer(), Is.EqualTo((expected, expected == HttpStatusCode.OK ? "{}" : "0")));
    }

    [TestCase("/info/collections")]
    [TestCase("/__heartbeat__")]
    [TestCase("/what/ever")]
    public async Task Preflight_AnyPathAndOrigin_IsAllowed(string path)
    {
        using var user = Cluster.NewUser();
        foreach (var origin in (string[])["localhost", "http://test-website.com", "https://other.example:8443", "null"])
        {
            var response = await user.SendAsync("OPTIONS", path, null, "application/json", $"Origin: {origin}", "Access-Control-Request-Method: PUT",
                "Access-Control-Request-Headers: Content-Type, Authorization", "Authorization: none");

            using (Assert.EnterMultipleScope())
            {
                Assert.That(response.Answer(), Is.EqualTo((HttpStatusCode.OK, "")));
                Assert.That(response.Header("Access-Control-Allow-Origin"), Is.EqualTo(origin));
                Assert.That(response.Header("Access-Control-Max-Age"), Is.EqualTo("1728000"));
                Assert.That(response.Header("Access-Control-Allow-Methods")!.Split(", "), Is.EquivalentTo((string[])["DELETE", "GET", "POST", "PUT"]));
                Assert.That(response.Header("Access-Control-Allow-Headers"), Is.EqualTo("Content-Type, Authorization"));
            }
        }
    }

    [Test]
    public async Task OtherOrigin_Answers_CanBeRead()
    {
        using var user = Cluster.NewUser();

        var read = await user.SendAsync("GET", "/info/collections", headers: "Origin: https://app.example");
        var refused = await user.SendAsync("GET", "/storage/c/i", headers: "Origin: https://app.example");
        var plain = await user.GetAsync("/info/collections");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(read.Header("Access-Control-Allow-Origin"), Is.EqualTo("https://app.example"));
            Assert.That(read.Header("Access-Control-Expose-Headers"), Does.Contain("X-Last-Modified").And.Contain("X-Weave-Next-Offset"));
            Assert.That(read.Header("Vary"), Is.EqualTo("Origin"));
            Assert.That((refused.Status, refused.Header("Access-Control-Allow-Origin")), Is.EqualTo((HttpStatusCode.NotFound, "https://app.example")));
            Assert.That(plain.Headers, Does.Not.ContainKey("Access-Control-Allow-Origin"));
        }
    }
}
