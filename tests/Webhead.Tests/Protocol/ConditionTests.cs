using System.Net;
using SyncStorage.SyncClient;

namespace SyncStorage.Webhead.Tests.Protocol;

/// <summary>What a request may expect of its target (section 6).</summary>
[TestFixture("c")]
[TestFixture("clients")]
[TestFixture("tabs")]
internal sealed class ConditionTests(string name) : ClusterTests
{
    private static readonly string[] Views = ["/info/collections", "/info/quota", "/info/collection_usage", "/info/collection_counts"];

    private string Collection => $"/storage/{name}";

    private string Item => Collection + "/i";

    [Test]
    public async Task Condition_AgainstTheTarget_Decide()
    {
        using var user = Cluster.NewUser();
        var written = (await user.PutAsync(Item, """{"payload":"p"}""")).LastModified!.Value;
        var before = new SyncTimestamp(written.Milliseconds - 10);

        foreach (var path in (string[])[Item, Collection, "/info/collections"])
        {
            var unmodified = await SendAsync(HttpMethod.Get, path, modifiedSince: written);
            var modified = await SendAsync(HttpMethod.Get, path, modifiedSince: before);
            var failed = await SendAsync(HttpMethod.Get, path, unmodifiedSince: before);

            using (Assert.EnterMultipleScope())
            {
                Assert.That(unmodified.Status, Is.EqualTo(HttpStatusCode.NotModified), path);
                Assert.That(unmodified.Headers, Does.Not.ContainKey("Content-Type"), path);
                Assert.That(modified.Status, Is.EqualTo(HttpStatusCode.OK), path);
                Assert.That(failed.Status, Is.EqualTo(HttpStatusCode.PreconditionFailed), path);
                Assert.That(failed.LastModified, Is.EqualTo(written), path);
            }
        }

        foreach (var (method, path) in ((HttpMethod, string)[])
            [(HttpMethod.Put, Item), (HttpMethod.Post, Collection), (HttpMethod.Delete, Item),
                (HttpMethod.Delete, Collection + "?ids=i"), (HttpMethod.Delete, Collection), (HttpMethod.Delete, "/storage")])
        {
            var refused = await SendAsync(method, path, unmodifiedSince: before);

            Assert.That((refused.Status, refused.Body), Is.EqualTo((HttpStatusCode.PreconditionFailed, "0")), $"{method} {path}");
        }

        var unchanged = await user.GetAsync(Item);
        Assert.That(unchanged.Body, Does.Contain("\"payload\":\"p\""));

        Task<SyncResponse> SendAsync(HttpMethod method, string path, SyncTimestamp? modifiedSince = null, SyncTimestamp? unmodifiedSince = null) =>
            user.SendAsync(new SyncRequest(method, path)
            {
                IfModifiedSince = modifiedSince,
                IfUnmodifiedSince = unmodifiedSince,
                Body = method == HttpMethod.Put ? "{}" : method == HttpMethod.Post ? "[]" : null,
            });
    }

    [Test]
    public async Task Condition_BothOrBad_AreRefused()
    {
        using var user = Cluster.NewUser();

        var both = await user.SendAsync(
            new SyncRequest(HttpMethod.Get, Collection) { IfModifiedSince = new(10), IfUnmodifiedSince = new(10) });
        var bad = await user.SendAsync(new SyncRequest(HttpMethod.Get, Collection)
        {
            Headers = new Dictionary<string, string> { ["X-If-Modified-Since"] = "-1" },
        });

        Assert.That((both.Status, bad.Status), Is.EqualTo((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest)));
    }

    [TestCase("X-If-Modified-Since", "")]
    [TestCase("X-If-Modified-Since", "abc")]
    [TestCase("X-If-Modified-Since", "-3")]
    [TestCase("X-If-Unmodified-Since", "-0.01")]
    [TestCase("X-If-Unmodified-Since", "1.2.3")]
    [TestCase("X-If-Unmodified-Since", "nan")]
    public async Task Condition_NotATime_IsRefused(string header, string value)
    {
        using var user = Cluster.NewUser();

        foreach (var (method, path) in ((string, string)[])[("GET", Collection), ("GET", Item), ("PUT", Item), ("POST", Collection), ("DELETE", Item), ("GET", "/info/collections")])
        {
            var body = method switch { "PUT" => "{}", "POST" => "[]", _ => null };
            var response = await user.SendAsync(method, path, body, headers: $"{header}: {value}");

            Assert.That(response.Status, Is.EqualTo(HttpStatusCode.BadRequest), $"{method} {path}");
        }
    }

    [Test]
    public async Task Condition_OnInfo_SeesWritesAndDeletions()
    {
        using var user = Cluster.NewUser();
        var first = (await user.PutAsync(Item, """{"payload":"p"}""")).LastModified!.Value;
        await AssertViewsAsync(user, first, HttpStatusCode.NotModified);
        await AssertViewsAsync(user, new SyncTimestamp(first.Milliseconds - 1000), HttpStatusCode.OK);

        var second = await AfterAsync(first, () => user.PutAsync("/storage/other/i", """{"payload":"p"}"""));
        await AssertViewsAsync(user, first, HttpStatusCode.OK);
        await AssertViewsAsync(user, second, HttpStatusCode.NotModified);

        var third = await AfterAsync(second, () => user.DeleteAsync(Collection));
        await AssertViewsAsync(user, second, HttpStatusCode.OK);
        await AssertViewsAsync(user, third, HttpStatusCode.NotModified);
    }

    [Test]
    public async Task Condition_OnWhatIsNotThere_TakesItForNeverModified()
    {
        using var user = Cluster.NewUser();

        var unchanged = await user.SendAsync("GET", Item, headers: "X-If-Modified-Since: 5");
        var missing = await user.SendAsync("GET", Item, headers: "X-If-Unmodified-Since: 5");
        var list = await user.SendAsync("GET", Collection, headers: "X-If-Unmodified-Since: 0");
        var put = await user.SendAsync("PUT", Item, "{}", headers: "X-If-Unmodified-Since: 0");
        var again = await user.SendAsync("PUT", Item, "{}", headers: "X-If-Unmodified-Since: 0");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((unchanged.Status, unchanged.LastModified), Is.EqualTo((HttpStatusCode.NotModified, SyncTimestamp.Zero)));
            Assert.That((missing.Status, list.Status, put.Status), Is.EqualTo((HttpStatusCode.NotFound, HttpStatusCode.OK, HttpStatusCode.OK)));
            Assert.That((again.Status, again.LastModified), Is.EqualTo((HttpStatusCode.PreconditionFailed, put.LastModified)));
        }
    }

    /// <summary>Writes, again if need be: writes to different collections within 10 ms may have the same time.</summary>
    private static async Task<SyncTimestamp> AfterAsync(SyncTimestamp last, Func<Task<SyncResponse>> write)
    {
        while (true)
        {
            var written = (await write()).LastModified!.Value;
            if (written > last) return written;
        }
    }

    private static async Task AssertViewsAsync(SyncStorageClient user, SyncTimestamp since, HttpStatusCode expected)
    {
        foreach (var view in Views)
        {
            var response = await user.SendAsync("GET", view, headers: $"X-If-Modified-Since: {since}");

            Assert.That(response.Status, Is.EqualTo(expected), $"{view} since {since}");
            Assert.That(response.LastModified, Is.Not.Null);
        }
    }
}
