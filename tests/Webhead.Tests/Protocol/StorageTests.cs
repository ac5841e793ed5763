using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SyncStorage.SyncClient;

namespace SyncStorage.Webhead.Tests.Protocol;

[TestFixture]
internal sealed class StorageTests : ClusterTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Test]
    public async Task Put_NewItem_IsReadBackAsWritten()
    {
        using var user = Cluster.NewUser();

        var put = await user.PutAsync("/storage/bookmarks/a%2Fb%20c", """{"payload":"grüße \"quoted\" 😀","sortindex":-7,"ttl":1000}""", None);
        var get = await user.GetAsync("/storage/bookmarks/a%2Fb%20c", None);

        var item = JsonNode.Parse(get.Body)!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(put.Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(put.Body, Does.Match(@"^[0-9]+\.[0-9]{2}$"));
            Assert.That(put.LastModified!.Value.ToString(), Is.EqualTo(put.Body));
            Assert.That(put.Timestamp, Is.EqualTo(put.LastModified));
            Assert.That(item["id"]!.GetValue<string>(), Is.EqualTo("a/b c"));
            Assert.That(item["payload"]!.GetValue<string>(), Is.EqualTo("grüße \"quoted\" 😀"));
            Assert.That(item["sortindex"]!.GetValue<int>(), Is.EqualTo(-7));
            Assert.That(item["modified"]!.ToJsonString(), Is.EqualTo(put.Body));
            Assert.That(item.AsObject(), Has.Count.EqualTo(4));
            Assert.That(get.LastModified, Is.EqualTo(put.LastModified));
        }
    }

    [Test]
    public async Task Put_OnlySortIndex_KeepsPayloadAndItemTime()
    {
        using var user = Cluster.NewUser();
        var first = await user.PutAsync("/storage/c/i", """{"payload":"p"}""", None);

        var second = await user.PutAsync("/storage/c/i", """{"sortindex":3,"payload":null}""", None);

        var item = await user.GetAsync("/storage/c/i", None);
        var info = await user.GetAsync("/info/collections", None);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(item.Body, Is.EqualTo($$"""{"id":"i","modified":{{first.Body}},"payload":"p","sortindex":3}"""));
            Assert.That(info.Body, Is.EqualTo($$"""{"c":{{second.Body}}}"""));
        }
    }

    [Test]
    public async Task Put_Expired_IsGoneAndStartsAnew()
    {
        using var user = Cluster.NewUser();
        await user.PutAsync("/storage/c/i", """{"payload":"old","sortindex":3,"ttl":0}""", None);

        var expired = await user.GetAsync("/storage/c/i", None);
        await user.PutAsync("/storage/c/i", """{"sortindex":5}""", None);
        var anew = await user.GetAsync("/storage/c/i", None);

        Assert.That(expired.Status, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(anew.Body, Does.Contain("\"payload\":\"\",\"sortindex\":5"));
    }

    [TestCase("""{"payload":1}""", "8")]
    [TestCase("""{"payload":"p","sortindex":"2.6"}""", "8")]
    [TestCase("""{"payload":"p","sortindex":1.5}""", "8")]
    [TestCase("""{"payload":"p","sortindex":1000000000}""", "8")]
    [TestCase("""{"payload":"p","ttl":-1}""", "8")]
    [TestCase("""{"payload":"p","unknown":1}""", "8")]
    [TestCase("""{"payload":"\ud800"}""", "8")]
    [TestCase("""{"\ud800":1}""", "8")]
    [TestCase("[]", "8")]
    [TestCase("{", "6")]
    [TestCase("", "6")]
    public async Task Put_BadBody_IsRefusedWithItsNumber(string body, string number)
    {
        using var user = Cluster.NewUser();

        var response = await user.PutAsync("/storage/c/i", body, None);

        Assert.That(response.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(response.Body, Is.EqualTo(number));
    }

    [Test]
    public async Task Put_TooLarge_IsRefused()
    {
        using var user = Cluster.NewUser();

        var payload = await user.PutAsync("/storage/c/i", JsonSerializer.Serialize(new { payload = new string('x', 60_001) }), None);
        var request = await user.PutAsync("/storage/c/i", JsonSerializer.Serialize(new { payload = new string('x', 80_000) }), None);
        var fits = await user.PutAsync("/storage/c/i", JsonSerializer.Serialize(new { payload = new string('x', 60_000) }), None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((payload.Status, payload.Body), Is.EqualTo((HttpStatusCode.BadRequest, "8")));
            Assert.That((request.Status, request.Body), Is.EqualTo((HttpStatusCode.RequestEntityTooLarge, "17")));
            Assert.That(fits.Status, Is.EqualTo(HttpStatusCode.OK));
        }
    }

    [Test]
    public async Task Put_KeysWithEmptyVector_AreRefused()
    {
        using var user = Cluster.NewUser();

        var response = await user.PutAsync("/storage/crypto/keys", """{"payload":"{\"IV\": \"AAAAAAAAAAAAAAAAAAAAAA==\"}"}""", None);

        Assert.That(response.Status, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task Post_GoodAndBadItems_WritesTheGoodOnes()
    {
        using var user = Cluster.NewUser();
        var large = new string('x', 59_990);

        var response = await user.PostAsync("/storage/c",
            $$"""[{"id":"a","payload":"1"},{"id":"b","payload":2},{"id":"c","extra":1},{"id":"d","payload":"{{large}}"},{"id":"e","payload":"0123456789"},{"id":"f\u0007","payload":""}]""",
            None);

        var outcome = JsonNode.Parse(response.Body)!;
        var ids = await user.GetAsync("/storage/c?sort=oldest", None);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome["success"]!.ToJsonString(), Is.EqualTo("""["a","d"]"""));
            Assert.That(outcome["failed"]!["b"]!.GetValue<string>(), Is.EqualTo("invalid payload"));
            Assert.That(outcome["failed"]!["c"]!.GetValue<string>(), Is.EqualTo("unknown field"));
            Assert.That(outcome["failed"]!["e"]!.GetValue<string>(), Is.EqualTo("retry bytes"));
            Assert.That(outcome["failed"]!["f\u0007"]!.GetValue<string>(), Is.EqualTo("invalid id"));
            Assert.That(outcome["modified"]!.ToJsonString(), Is.EqualTo(response.LastModified.ToString()));
            Assert.That(ids.Body, Is.EqualTo("""["a","d"]"""));
        }
    }

    [Test]
    public async Task Post_MoreThanTheLimit_AsksToRetryTheRest()
    {
        using var user = Cluster.NewUser();
        var items = Enumerable.Range(0, 101).Select(number => new { id = $"i{number:000}", payload = "p" });

        var response = await user.PostAsync("/storage/c", JsonSerializer.Serialize(items), None);

        Assert.That(JsonNode.Parse(response.Body)!["failed"]!.ToJsonString(), Is.EqualTo("""{"i100":"retry bso"}"""));
    }

    [TestCase("""{"id":"a"}""")]
    [TestCase("""["a"]""")]
    [TestCase("""[{"payload":"p"}]""")]
    [TestCase("""[{"id":"a"},{"id":"a"}]""")]
    public async Task Post_Unusable_WritesNothing(string body)
    {
        using var user = Cluster.NewUser();

        var response = await user.PostAsync("/storage/c", body, None);

        Assert.That((response.Status, response.Body), Is.EqualTo((HttpStatusCode.BadRequest, "8")));
        Assert.That((await user.GetAsync("/info/collections", None)).Body, Is.EqualTo("{}"));
    }

    [Test]
    public async Task Post_Newlines_ReadsOneItemALine()
    {
        using var user = Cluster.NewUser();
        var request = new SyncRequest(HttpMethod.Post, "/storage/c")
        {
            Body = "{\"id\":\"a\",\"payload\":\"1\"}\n{\"id\":\"b\",\"payload\":\"2\"}\n",
            ContentType = "application/newlines",
        };

        var post = await user.SendAsync(request, None);
        var lines = await user.SendAsync(new SyncRequest(HttpMethod.Get, "/storage/c?full&sort=oldest")
        {
            Headers = new Dictionary<string, string> { ["Accept"] = "application/newlines" },
        }, None);

        Assert.That(post.Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(lines.Body.Split('\n'), Has.Length.EqualTo(3).And.ItemAt(0).StartsWith("{\"id\":\"a\"").And.ItemAt(2).Empty);
    }

    [TestCase("application/xml", HttpStatusCode.UnsupportedMediaType)]
    [TestCase("text/plain; charset=utf-8", HttpStatusCode.OK)]
    public async Task Put_ContentType_IsJsonOrPlain(string type, HttpStatusCode expected)
    {
        using var user = Cluster.NewUser();

        var response = await user.SendAsync(
            new SyncRequest(HttpMethod.Put, "/storage/c/i") { Body = """{"payload":"p"}""", ContentType = type }, None);

        Assert.That(response.Status, Is.EqualTo(expected));
    }

    [Test]
    public async Task Get_Pages_GiveEveryItemOnce([Values("newest", "oldest", "index")] string sort)
    {
        using var user = Cluster.NewUser();
        foreach (var part in (string[])["a", "b"])
        {
            var items = Enumerable.Range(0, 5).Select(number => new { id = $"{part}{number}", payload = "p", sortindex = number % 2 });
            await user.PostAsync("/storage/c", JsonSerializer.Serialize(items), None);
        }

        var seen = new List<string>();
        string? offset = "";
        while (offset is not null)
        {
            var page = await user.GetAsync($"/storage/c?limit=3&sort={sort}" + (offset == "" ? "" : $"&offset={offset}"), None);
            seen.AddRange(JsonSerializer.Deserialize<string[]>(page.Body)!);
            Assert.That(page.Records, Is.LessThanOrEqualTo(3));
            offset = page.NextOffset;
        }

        Assert.That(seen, Has.Count.EqualTo(10).And.Unique);
        Assert.That(seen[0], Is.EqualTo(sort switch { "newest" => "b4", "oldest" => "a0", _ => "a1" }));
    }

    [Test]
    public async Task Get_NewerAndOlder_AreStrict()
    {
        using var user = Cluster.NewUser();
        var a = (await user.PutAsync("/storage/c/a", """{"payload":"p"}""", None)).Body;
        var b = (await user.PutAsync("/storage/c/b", """{"payload":"p"}""", None)).Body;

        var newer = await user.GetAsync($"/storage/c?newer={a}", None);
        var older = await user.GetAsync($"/storage/c?older={b}", None);
        var chosen = await user.GetAsync("/storage/c?ids=b,%20nobody", None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(newer.Body, Is.EqualTo("""["b"]"""));
            Assert.That(older.Body, Is.EqualTo("""["a"]"""));
            Assert.That(chosen.Body, Is.EqualTo("""["b"]"""));
        }
    }

    [TestCase("ids=")]
    [TestCase("ids=a,,b")]
    [TestCase("newer=-1")]
    [TestCase("newer=x")]
    [TestCase("sort=random")]
    [TestCase("limit=-1")]
    [TestCase("limit=x")]
    [TestCase("offset=x")]
    [TestCase("sort=index&offset=1:2")]
    public async Task Get_BadParameter_IsRefused(string query)
    {
        using var user = Cluster.NewUser();

        var response = await user.GetAsync($"/storage/c?{query}", None);

        Assert.That((response.Status, response.Body), Is.EqualTo((HttpStatusCode.BadRequest, "1")));
    }

    [Test]
    public async Task Get_MissingCollection_IsEmpty()
    {
        using var user = Cluster.NewUser();

        var list = await user.GetAsync("/storage/nobody-ever-wrote-here", None);
        var item = await user.GetAsync("/storage/nobody-ever-wrote-here/i", None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((list.Status, list.Body, list.LastModified), Is.EqualTo((HttpStatusCode.OK, "[]", SyncTimestamp.Zero)));
            Assert.That((item.Status, item.Body), Is.EqualTo((HttpStatusCode.NotFound, "0")));
        }
    }

    [Test]
    public async Task Delete_EachKind_LeavesTheRest()
    {
        using var user = Cluster.NewUser();
        await user.PostAsync("/storage/c", """[{"id":"a"},{"id":"b"},{"id":"c"}]""", None);
        await user.PutAsync("/storage/d/x", "{}", None);

        var item = await user.DeleteAsync("/storage/c/a", None);
        var again = await user.DeleteAsync("/storage/c/a", None);
        var none = await user.DeleteAsync("/storage/c?ids=", None);
        var ids = await user.DeleteAsync("/storage/c?ids=b,nobody", None);
        var left = await user.GetAsync("/storage/c", None);
        var collection = await user.DeleteAsync("/storage/c", None);
        var info = await user.GetAsync("/info/collections", None);
        var all = await user.DeleteAsync("/storage", None);
        var empty = await user.GetAsync("/info/collections", None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(item.Body, Does.Match("^" + Regex.Escape("{\"modified\":") + @"[0-9.]+\}$"));
            Assert.That(again.Status, Is.EqualTo(HttpStatusCode.NotFound));
            Assert.That(none.Status, Is.EqualTo(HttpStatusCode.BadRequest));
            Assert.That(ids.Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(left.Body, Is.EqualTo("""["c"]"""));
            Assert.That(left.LastModified, Is.EqualTo(ids.LastModified));
            Assert.That(info.Body, Does.StartWith("{\"d\":").And.Not.Contains("\"c\""));
            Assert.That(info.LastModified, Is.EqualTo(collection.LastModified), "the deletion is the storage's last change");
            Assert.That((all.Status, all.Body), Is.EqualTo((HttpStatusCode.OK, "{}")));
            Assert.That(empty.Body, Is.EqualTo("{}"));
        }
    }

    [Test]
    public async Task Conditions_AgainstTheTarget_Decide()
    {
        using var user = Cluster.NewUser();
        var written = (await user.PutAsync("/storage/c/i", """{"payload":"p"}""", None)).LastModified!.Value;
        var before = new SyncTimestamp(written.Milliseconds - 10);

        foreach (var path in (string[])["/storage/c/i", "/storage/c", "/info/collections"])
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
            [(HttpMethod.Put, "/storage/c/i"), (HttpMethod.Post, "/storage/c"), (HttpMethod.Delete, "/storage/c/i"),
                (HttpMethod.Delete, "/storage/c?ids=i"), (HttpMethod.Delete, "/storage/c"), (HttpMethod.Delete, "/storage")])
        {
            var refused = await SendAsync(method, path, unmodifiedSince: before);

            Assert.That((refused.Status, refused.Body), Is.EqualTo((HttpStatusCode.PreconditionFailed, "0")), $"{method} {path}");
        }

        var unchanged = await user.GetAsync("/storage/c/i", None);
        Assert.That(unchanged.Body, Does.Contain("\"payload\":\"p\""));

        Task<SyncResponse> SendAsync(HttpMethod method, string path, SyncTimestamp? modifiedSince = null, SyncTimestamp? unmodifiedSince = null) =>
            user.SendAsync(new SyncRequest(method, path)
            {
                IfModifiedSince = modifiedSince,
                IfUnmodifiedSince = unmodifiedSince,
                Body = method == HttpMethod.Put ? "{}" : method == HttpMethod.Post ? "[]" : null,
            }, None);
    }

    [Test]
    public async Task Conditions_BothOrBad_AreRefused()
    {
        using var user = Cluster.NewUser();

        var both = await user.SendAsync(
            new SyncRequest(HttpMethod.Get, "/storage/c") { IfModifiedSince = new(10), IfUnmodifiedSince = new(10) }, None);
        var bad = await user.SendAsync(new SyncRequest(HttpMethod.Get, "/storage/c")
        {
            Headers = new Dictionary<string, string> { ["X-If-Modified-Since"] = "-1" },
        }, None);

        Assert.That((both.Status, bad.Status), Is.EqualTo((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest)));
    }

    [Test]
    public async Task Writes_ManyAtOnce_EachHasItsOwnTime()
    {
        using var user = Cluster.NewUser();

        var responses = await Task.WhenAll(Enumerable.Range(0, 12)
            .Select(number => user.PutAsync($"/storage/c/i{number}", """{"payload":"p"}""", None)));

        Assert.That(responses.Select(response => response.Status), Is.All.EqualTo(HttpStatusCode.OK));
        Assert.That(responses.Select(response => response.Body), Is.Unique);
        var info = await user.GetAsync("/info/collections", None);
        Assert.That(info.Body, Is.EqualTo($$"""{"c":{{responses.Max(response => response.LastModified)}}}"""));
    }

    [Test]
    public async Task Ids_DifferingInCaseOrBlank_AreDifferent()
    {
        using var user = Cluster.NewUser();

        await user.PostAsync("/storage/c", """[{"id":"a","payload":"1"},{"id":"A","payload":"2"},{"id":"a ","payload":"3"}]""", None);

        Assert.That(JsonSerializer.Deserialize<string[]>((await user.GetAsync("/storage/c", None)).Body), Is.EquivalentTo((string[])["a", "A", "a "]));
    }
}
