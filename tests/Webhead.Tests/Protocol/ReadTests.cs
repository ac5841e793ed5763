using System.Globalization;
using System.Net;
using System.Text.Json;
using SyncStorage.SyncClient;

namespace SyncStorage.Webhead.Tests.Protocol;

/// <summary>Reading collections and items (section 3).</summary>
[TestFixture("c")]
[TestFixture("clients")]
[TestFixture("tabs")]
internal sealed class ReadTests(string name) : ClusterTests
{
    private string Collection => $"/storage/{name}";

    [Test]
    public async Task List_Full_HasWholeItemsAndNothingElse([Values("full", "full=1", "full=0", "full=")] string full)
    {
        using var user = Cluster.NewUser();
        var written = await user.PostAsync(Collection, """[{"id":"a","payload":"1","ttl":100},{"id":"b","payload":"2","sortindex":3}]""");

        var list = await user.GetAsync($"{Collection}?{full}&sort=oldest");

        Assert.That(list.Body, Is.EqualTo("[" + $$"""{"id":"a","modified":{{written.LastModified}},"payload":"1"}""" + ","
            + $$"""{"id":"b","modified":{{written.LastModified}},"payload":"2","sortindex":3}""" + "]"));
        Assert.That((list.Records, list.LastModified), Is.EqualTo((2, written.LastModified)));
    }

    [Test]
    public async Task List_Sorted_IsInThatOrder()
    {
        using var user = Cluster.NewUser();
        await user.PutAsync(Collection + "/first", """{"payload":"p","sortindex":1}""");
        await user.PutAsync(Collection + "/second", """{"payload":"p","sortindex":34}""");
        await user.PutAsync(Collection + "/third", """{"payload":"p"}""");
        await user.PutAsync(Collection + "/fourth", """{"payload":"p","sortindex":-5}""");

        var newest = await user.GetAsync(Collection + "?sort=newest");
        var usual = await user.GetAsync(Collection);
        var oldest = await user.GetAsync(Collection + "?sort=oldest");
        var index = await user.GetAsync(Collection + "?sort=index");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(newest.Ids(), Is.EqualTo((string[])["fourth", "third", "second", "first"]));
            Assert.That(usual.Ids(), Is.EqualTo(newest.Ids()));
            Assert.That(oldest.Ids(), Is.EqualTo((string[])["first", "second", "third", "fourth"]));
            Assert.That(index.Ids(), Is.EqualTo((string[])["second", "first", "fourth", "third"]), "without a place, last");
        }
    }

    [Test]
    public async Task List_Ids_AreTrimmedAndMayBeUnknown()
    {
        using var user = Cluster.NewUser();
        await user.PostAsync(Collection, UserRequests.Items("a", "b", "c d", "{x}", "é"[..0] + "e"));

        var plain = await user.GetAsync(Collection + "?ids=a,%20b%20,nobody,b");
        var encoded = await user.GetAsync(Collection + "?ids=a%2Cc%20d%2C%7Bx%7D");
        var last = await user.GetAsync(Collection + "?ids=a&ids=b");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(plain.Ids(), Is.EquivalentTo((string[])["a", "b"]));
            Assert.That(encoded.Ids(), Is.EquivalentTo((string[])["a", "c d", "{x}"]));
            Assert.That(last.Ids(), Is.EqualTo((string[])["b"]), "of several, the last counts");
        }
    }

    [TestCase(99, HttpStatusCode.OK)]
    [TestCase(100, HttpStatusCode.OK)]
    [TestCase(101, HttpStatusCode.BadRequest)]
    public async Task List_ManyIds_AreAtMostAHundred(int count, HttpStatusCode expected)
    {
        using var user = Cluster.NewUser();
        await user.PostAsync(Collection, UserRequests.Items("7"));
        var ids = string.Join(",", Enumerable.Range(0, count));

        var read = await user.GetAsync($"{Collection}?ids={ids}");
        var deleted = await user.DeleteAsync($"{Collection}?ids={ids}");

        Assert.That((read.Status, deleted.Status), Is.EqualTo((expected, expected)));
        Assert.That(read.Body, Is.EqualTo(expected == HttpStatusCode.OK ? """["7"]""" : "1"));
    }

    [Test]
    public async Task List_HundredLongestIds_FitInAUrl()
    {
        using var user = Cluster.NewUser();
        var ids = Enumerable.Range(0, 100).Select(number => $"{number:00}" + new string('{', 62)).ToArray();
        await user.PostAsync(Collection, UserRequests.Items(ids));

        var list = await user.GetAsync(Collection + "?ids=" + Uri.EscapeDataString(string.Join(',', ids)));

        Assert.That(list.Ids(), Is.EquivalentTo(ids));
    }

    [Test]
    public async Task List_Limit_TellsWhereTheNextPageStarts()
    {
        using var user = Cluster.NewUser();
        await user.PostAsync(Collection, UserRequests.Items(4));

        var none = await user.GetAsync(Collection + "?limit=0");
        var some = await user.GetAsync(Collection + "?limit=3");
        var all = await user.GetAsync(Collection + "?limit=4");
        var huge = await user.GetAsync(Collection + "?limit=99999999999");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((none.Answer(), none.Records, none.NextOffset), Is.EqualTo(((HttpStatusCode.OK, "[]"), 0, (string?)null)));
            Assert.That((some.Records, some.NextOffset), Is.EqualTo((3, $"{some.LastModified!.Value.Milliseconds}:3")));
            Assert.That((all.Records, all.NextOffset), Is.EqualTo((4, (string?)null)));
            Assert.That((huge.Records, huge.NextOffset), Is.EqualTo((4, (string?)null)));
        }
    }

    [Test]
    public async Task List_OffsetByTime_CountsWhatSharesTheBound()
    {
        using var user = Cluster.NewUser();
        var times = new List<long>();
        foreach (var part in (string[][])[["a", "b", "c"], ["d"], ["e", "f"]])
            times.Add((await user.PostAsync(Collection, UserRequests.Items(part))).LastModified!.Value.Milliseconds);

        var within = await user.GetAsync(Collection + "?sort=oldest&limit=2");
        var across = await user.GetAsync($"{Collection}?sort=oldest&limit=2&offset={within.NextOffset}");
        var single = await user.GetAsync(Collection + "?sort=oldest&limit=1&offset=" + $"{times[0]}:1");
        var again = await user.GetAsync($"{Collection}?sort=oldest&limit=1&offset={single.NextOffset}");
        var index = await user.GetAsync(Collection + "?sort=index&limit=2");
        var indexNext = await user.GetAsync($"{Collection}?sort=index&limit=2&offset={index.NextOffset}");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(within.NextOffset, Is.EqualTo($"{times[0]}:2"));
            Assert.That((across.Ids(), across.NextOffset), Is.EqualTo(((string[])["c", "d"], $"{times[1]}:1")));
            Assert.That((single.Ids(), single.NextOffset), Is.EqualTo(((string[])["b"], $"{times[0]}:2")), "with the rows skipped before");
            Assert.That(again.Ids(), Is.EqualTo((string[])["c"]));
            Assert.That((index.NextOffset, indexNext.NextOffset), Is.EqualTo(("2", "4")));
        }
    }

    [Test]
    public async Task List_Pages_GiveWhatIsNewerOrOlderOnce([Values(1, 2, 3, 4, 5, 6)] int limit, [Values("newer", "older")] string bound)
    {
        using var user = Cluster.NewUser();
        var times = new List<string>();
        for (var part = 0; part < 3; part++)
        {
            var items = Enumerable.Range(part * 4, 4).Select(number => new { id = number.ToString("00", CultureInfo.InvariantCulture), payload = "p", sortindex = number });
            times.Add((await user.PostAsync(Collection, JsonSerializer.Serialize(items))).LastModified.ToString()!);
        }

        for (var part = 0; part < 3; part++)
        {
            var query = $"{Collection}?full=true&sort={(bound == "newer" ? "oldest" : "newest")}&{bound}={times[part]}&limit={limit}";
            var seen = new List<int>();
            var page = await user.GetAsync(query);
            while (true)
            {
                seen.AddRange(page.Json().AsArray().Select(item => item!["sortindex"]!.GetValue<int>()));
                if (page.NextOffset is not { } offset) break;
                page = await user.GetAsync($"{query}&offset={offset}");
            }

            var wanted = bound == "newer" ? Enumerable.Range(0, 12).Where(number => number >= (part + 1) * 4) : Enumerable.Range(0, part * 4).Reverse();
            Assert.That(seen, Is.EqualTo(wanted), $"part {part}");
        }
    }

    [TestCase("ids=")]
    [TestCase("ids=,")]
    [TestCase("ids=a,")]
    [TestCase("ids=%0A")]
    [TestCase("ids=a%01,b")]
    [TestCase("newer=")]
    [TestCase("newer=abc")]
    [TestCase("newer=-0.01")]
    [TestCase("newer=1,5")]
    [TestCase("older=-1")]
    [TestCase("older=nan")]
    [TestCase("older=0x10")]
    [TestCase("limit=")]
    [TestCase("limit=-5")]
    [TestCase("limit=1.5")]
    [TestCase("sort=")]
    [TestCase("sort=NEWEST")]
    [TestCase("offset=")]
    [TestCase("offset=1:")]
    [TestCase("offset=:1")]
    [TestCase("offset=1:-1")]
    [TestCase("offset=1:2:3")]
    [TestCase("offset=5")]
    [TestCase("sort=index&offset=-1")]
    [TestCase("newer=100&offset=100000:1&sort=oldest")]
    [TestCase("newer=100&offset=99990:1")]
    [TestCase("older=100&offset=100000:1")]
    public async Task List_BadParameter_IsRefused(string query)
    {
        using var user = Cluster.NewUser();

        Assert.That((await user.GetAsync($"{Collection}?{query}")).Answer(), Is.EqualTo((HttpStatusCode.BadRequest, "1")));
    }

    [TestCase("blabla=1")]
    [TestCase("newer=0")]
    [TestCase("newer=0.0000")]
    [TestCase("older=99999999999.999")]
    [TestCase("newer=100&offset=100010:1&sort=oldest")]
    public async Task List_UnknownOrUnusualParameter_IsFine(string query)
    {
        using var user = Cluster.NewUser();

        Assert.That((await user.GetAsync($"{Collection}?{query}")).Answer(), Is.EqualTo((HttpStatusCode.OK, "[]")));
    }

    [TestCase(null, "application/json")]
    [TestCase("*/*", "application/json")]
    [TestCase("application/*", "application/json")]
    [TestCase("application/json", "application/json")]
    [TestCase("application/json;q=0.9,*/*;q=0.2", "application/json")]
    [TestCase("application/newlines", "application/newlines")]
    [TestCase("application/newlines;q=0.5, application/json", "application/json")]
    [TestCase("application/newlines, application/json;q=0.5", "application/newlines")]
    [TestCase("x/yy, application/newlines", "application/newlines")]
    public async Task List_Accept_ChoosesTheFormat(string? accept, string type)
    {
        using var user = Cluster.NewUser();
        await user.PostAsync(Collection, """[{"id":"a","payload":"line\nline"},{"id":"b","payload":""}]""");

        var ids = await user.SendAsync("GET", Collection + "?sort=oldest", headers: Accept(accept));
        var full = await user.SendAsync("GET", Collection + "?full&sort=oldest", headers: Accept(accept));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(ids.Header("Content-Type"), Is.EqualTo(type));
            Assert.That(ids.Body, Is.EqualTo(type.EndsWith("json", StringComparison.Ordinal) ? """["a","b"]""" : "\"a\"\n\"b\"\n"));
            if (type.EndsWith("newlines", StringComparison.Ordinal))
                Assert.That(full.Body.Split('\n'), Has.Length.EqualTo(3).And.ItemAt(0).EndsWith("\"payload\":\"line\\nline\"}").And.ItemAt(2).Empty);
            else
                Assert.That(full.Json().AsArray(), Has.Count.EqualTo(2));
        }
    }

    [TestCase("x/yy")]
    [TestCase("text/html")]
    [TestCase("application/json;q=0")]
    public async Task List_AcceptsNeither_IsRefused(string accept)
    {
        using var user = Cluster.NewUser();
        await user.PutAsync(Collection + "/i", "{}");

        var list = await user.SendAsync("GET", Collection, headers: Accept(accept));
        var item = await user.SendAsync("GET", Collection + "/i", headers: Accept(accept));

        Assert.That((list.Status, item.Status), Is.EqualTo((HttpStatusCode.NotAcceptable, HttpStatusCode.NotAcceptable)));
        Assert.That(list.Timestamp, Is.Not.Null);
    }

    [Test]
    public async Task List_EmptyAsNewlines_IsEmpty()
    {
        using var user = Cluster.NewUser();

        var list = await user.SendAsync("GET", Collection, headers: Accept("application/newlines"));

        Assert.That(list.Answer(), Is.EqualTo((HttpStatusCode.OK, "")));
    }

    [Test]
    public async Task Head_HasTheHeadersOfGet()
    {
        using var user = Cluster.NewUser();
        await user.PutAsync(Collection + "/i", """{"payload":"p"}""");

        foreach (var path in (string[])[Collection, Collection + "?full&limit=1", Collection + "/i", "/info/collections", "/info/quota", "/info/configuration"])
        {
            var get = await user.GetAsync(path);
            var head = await user.SendAsync("HEAD", path);

            using (Assert.EnterMultipleScope())
            {
                Assert.That(head.Answer(), Is.EqualTo((HttpStatusCode.OK, "")), path);
                foreach (var name in (string[])["X-Last-Modified", "X-Weave-Records", "Content-Type", "Content-Length"])
                    Assert.That(head.Header(name), Is.EqualTo(get.Header(name)), $"{path} {name}");
            }
        }
    }

    [Test]
    public async Task Get_Pages_GiveEveryItemOnce([Values("newest", "oldest", "index")] string sort)
    {
        using var user = Cluster.NewUser();
        foreach (var part in (string[])["a", "b"])
        {
            var items = Enumerable.Range(0, 5).Select(number => new { id = $"{part}{number}", payload = "p", sortindex = number % 2 });
            await user.PostAsync(Collection, JsonSerializer.Serialize(items));
        }

        var seen = new List<string>();
        string? offset = "";
        while (offset is not null)
        {
            var page = await user.GetAsync($"{Collection}?limit=3&sort={sort}" + (offset == "" ? "" : $"&offset={offset}"));
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
        var a = (await user.PutAsync(Collection + "/a", """{"payload":"p"}""")).Body;
        var b = (await user.PutAsync(Collection + "/b", """{"payload":"p"}""")).Body;

        var newer = await user.GetAsync($"{Collection}?newer={a}");
        var older = await user.GetAsync($"{Collection}?older={b}");
        var chosen = await user.GetAsync(Collection + "?ids=b,%20nobody");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(newer.Body, Is.EqualTo("""["b"]"""));
            Assert.That(older.Body, Is.EqualTo("""["a"]"""));
            Assert.That(chosen.Body, Is.EqualTo("""["b"]"""));
        }
    }

    [Test]
    public async Task Get_MissingCollection_IsEmpty()
    {
        using var user = Cluster.NewUser();

        var list = await user.GetAsync("/storage/nobody-ever-wrote-here");
        var item = await user.GetAsync("/storage/nobody-ever-wrote-here/i");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((list.Status, list.Body, list.LastModified), Is.EqualTo((HttpStatusCode.OK, "[]", SyncTimestamp.Zero)));
            Assert.That((item.Status, item.Body), Is.EqualTo((HttpStatusCode.NotFound, "0")));
        }
    }

    private static string[] Accept(string? accept) => accept is null ? [] : [$"Accept: {accept}"];
}
