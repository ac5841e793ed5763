using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SyncStorage.SyncClient;

namespace SyncStorage.Webhead.Tests.Protocol;

/// <summary>What becomes of what clients write and delete (sections 3 and 4).</summary>
[TestFixture("c")]
[TestFixture("clients")]
[TestFixture("tabs")]
internal sealed class WriteTests(string name) : ClusterTests
{
    private string Collection => $"/storage/{name}";

    private string Item => Collection + "/i";

    [Test]
    public async Task Update_PartsOfItems_KeepsTheRestAndItsTime()
    {
        using var user = Cluster.NewUser();
        var first = await user.PostAsync(Collection, """[{"id":"a","payload":"x"},{"id":"b","payload":"x","sortindex":1},{"id":"c","payload":"x"}]""");

        var second = await user.PostAsync(Collection,
            """[{"id":"a","ttl":1000},{"id":"b","sortindex":2},{"id":"c","payload":"xx","ttl":1000},{"id":"d","ttl":1000},{"id":"a2","sortindex":9}]""");

        var items = await user.ReadAllAsync(name);
        var (old, now) = (first.LastModified, second.LastModified);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(items["a"].ToJsonString(), Is.EqualTo($$"""{"id":"a","modified":{{old}},"payload":"x"}"""));
            Assert.That(items["b"].ToJsonString(), Is.EqualTo($$"""{"id":"b","modified":{{old}},"payload":"x","sortindex":2}"""));
            Assert.That(items["c"].ToJsonString(), Is.EqualTo($$"""{"id":"c","modified":{{now}},"payload":"xx"}"""));
            Assert.That(items["d"].ToJsonString(), Is.EqualTo($$"""{"id":"d","modified":{{now}},"payload":""}"""));
            Assert.That(items["a2"].ToJsonString(), Is.EqualTo($$"""{"id":"a2","modified":{{now}},"payload":"","sortindex":9}"""));
            Assert.That((await user.GetAsync("/info/collections")).Body, Is.EqualTo($$"""{"{{name}}":{{now}}}"""));
        }
    }

    [Test]
    public async Task Ttl_Zero_IsExpiredAtOnceAndWrittenAnew()
    {
        using var user = Cluster.NewUser();
        await user.PostAsync(Collection, """[{"id":"i","payload":"old","sortindex":3,"ttl":0},{"id":"j","payload":"old","sortindex":3,"ttl":0},{"id":"k","payload":"k","ttl":100}]""");

        var list = await user.GetAsync(Collection);
        var item = await user.GetAsync(Item);
        var delete = await user.DeleteAsync(Item);
        var put = await user.PutAsync(Item, """{"sortindex":5}""");
        var post = await user.PostAsync(Collection, """[{"id":"j","ttl":100}]""");

        var items = await user.ReadAllAsync(name);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(list.Ids(), Is.EqualTo((string[])["k"]));
            Assert.That((item.Status, delete.Status), Is.EqualTo((HttpStatusCode.NotFound, HttpStatusCode.NotFound)));
            Assert.That(items["i"].ToJsonString(), Is.EqualTo($$"""{"id":"i","modified":{{put.LastModified}},"payload":"","sortindex":5}"""));
            Assert.That(items["j"].ToJsonString(), Is.EqualTo($$"""{"id":"j","modified":{{post.LastModified}},"payload":""}"""));
        }
    }

    [Test]
    public async Task Delete_Ids_TouchesTheCollectionAlsoIfNothingMatched()
    {
        using var user = Cluster.NewUser();
        await user.PostAsync(Collection, UserRequests.Items("a"));

        var nothing = await user.DeleteAsync(Collection + "?ids=nobody");
        var touched = await user.GetAsync("/info/collections");
        var last = await user.DeleteAsync(Collection + "?ids=a");
        var empty = await user.GetAsync("/info/collections");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(nothing.Answer(), Is.EqualTo((HttpStatusCode.OK, $$"""{"modified":{{nothing.LastModified}}}""")));
            Assert.That(touched.Body, Is.EqualTo($$"""{"{{name}}":{{nothing.LastModified}}}"""));
            Assert.That(empty.Body, Is.EqualTo($$"""{"{{name}}":{{last.LastModified}}}"""), "empty, but there");
            Assert.That(last.Timestamp, Is.EqualTo(last.LastModified));
        }
    }

    [Test]
    public async Task Delete_Collection_IsTheStoragesLastChange()
    {
        using var user = Cluster.NewUser();
        await user.PostAsync(Collection, UserRequests.Items("a"));

        var deleted = await user.DeleteAsync(Collection);
        var info = await user.GetAsync("/info/collections");
        var missing = await user.DeleteAsync("/storage/never");
        var anew = await user.PutAsync(Item, """{"payload":"p"}""");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((info.Body, info.LastModified), Is.EqualTo(("{}", deleted.LastModified)));
            Assert.That(missing.Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(anew.LastModified, Is.GreaterThan(deleted.LastModified!.Value), "of another collection it may share the time");
        }
    }

    [TestCase("")]
    [TestCase("/storage")]
    public async Task Delete_Storage_LeavesNothing(string path)
    {
        using var user = Cluster.NewUser();
        using var other = Cluster.NewUser();
        await other.PostAsync(Collection, UserRequests.Items("a"));
        await user.PostAsync(Collection, UserRequests.Items("a"));
        await user.PutAsync("/storage/meta/global", """{"payload":"p"}""");
        await user.PutAsync("/storage/tabs/t", """{"payload":"p"}""");
        var batch = (await user.PostAsync(Collection + "?batch=true", UserRequests.Items("b"))).Batch();

        var deleted = await user.DeleteAsync(path);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(deleted.Answer(), Is.EqualTo((HttpStatusCode.OK, "{}")));
            Assert.That(deleted.LastModified, Is.EqualTo(deleted.Timestamp));
            Assert.That((await user.GetAsync("/info/collections")).Body, Is.EqualTo("{}"));
            Assert.That((await user.GetAsync("/info/quota")).Body, Is.EqualTo("[0.0,null]"));
            foreach (var collection in (string[])["c", "meta", "tabs"])
                Assert.That((await user.GetAsync($"/storage/{collection}")).Body, Is.EqualTo("[]"), collection);
            Assert.That((await user.PostAsync($"{Collection}?batch={batch}&commit=true", "[]")).Status, Is.EqualTo(HttpStatusCode.BadRequest));
            Assert.That((await other.GetAsync(Collection)).Ids(), Is.EqualTo((string[])["a"]));
        }
    }

    [Test]
    public async Task Put_NewItem_IsReadBackAsWritten()
    {
        using var user = Cluster.NewUser();

        var put = await user.PutAsync(Collection + "/a%2Fb%20c", """{"payload":"grüße \"quoted\" 😀","sortindex":-7,"ttl":1000}""");
        var get = await user.GetAsync(Collection + "/a%2Fb%20c");

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
    public async Task Delete_EachKind_LeavesTheRest()
    {
        using var user = Cluster.NewUser();
        await user.PostAsync(Collection, """[{"id":"a"},{"id":"b"},{"id":"c"}]""");
        await user.PutAsync("/storage/d/x", "{}");

        var item = await user.DeleteAsync(Collection + "/a");
        var again = await user.DeleteAsync(Collection + "/a");
        var none = await user.DeleteAsync(Collection + "?ids=");
        var ids = await user.DeleteAsync(Collection + "?ids=b,nobody");
        var left = await user.GetAsync(Collection);
        var collection = await user.DeleteAsync(Collection);
        var info = await user.GetAsync("/info/collections");
        var all = await user.DeleteAsync("/storage");
        var empty = await user.GetAsync("/info/collections");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(item.Body, Does.Match("^" + Regex.Escape("{\"modified\":") + @"[0-9.]+\}$"));
            Assert.That(again.Status, Is.EqualTo(HttpStatusCode.NotFound));
            Assert.That(none.Status, Is.EqualTo(HttpStatusCode.BadRequest));
            Assert.That(ids.Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(left.Body, Is.EqualTo("""["c"]"""));
            Assert.That(left.LastModified, Is.EqualTo(ids.LastModified));
            Assert.That(info.Body, Does.StartWith("{\"d\":").And.Not.Contains(name));
            Assert.That(info.LastModified, Is.EqualTo(collection.LastModified), "the deletion is the storage's last change");
            Assert.That((all.Status, all.Body), Is.EqualTo((HttpStatusCode.OK, "{}")));
            Assert.That(empty.Body, Is.EqualTo("{}"));
        }
    }

    [Test]
    public async Task Writes_ManyAtOnce_EachHasItsOwnTime()
    {
        using var user = Cluster.NewUser();

        var responses = await Task.WhenAll(Enumerable.Range(0, 12)
            .Select(number => user.PutAsync($"{Collection}/i{number}", """{"payload":"p"}""")));

        Assert.That(responses.Select(response => response.Status), Is.All.EqualTo(HttpStatusCode.OK));
        Assert.That(responses.Select(response => response.Body), Is.Unique);
        var info = await user.GetAsync("/info/collections");
        Assert.That(info.Body, Is.EqualTo($$"""{"{{name}}":{{responses.Max(response => response.LastModified)}}}"""));
    }

    [Test]
    public async Task Ids_DifferingInCaseOrBlank_AreDifferent()
    {
        using var user = Cluster.NewUser();

        await user.PostAsync(Collection, """[{"id":"a","payload":"1"},{"id":"A","payload":"2"},{"id":"a ","payload":"3"}]""");

        Assert.That(JsonSerializer.Deserialize<string[]>((await user.GetAsync(Collection)).Body), Is.EquivalentTo((string[])["a", "A", "a "]));
    }
}
