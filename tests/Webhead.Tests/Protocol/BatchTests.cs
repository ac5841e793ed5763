using System.Globalization;
using System.Net;
using System.Text;
using SyncStorage.SyncClient;

namespace SyncStorage.Webhead.Tests.Protocol;

/// <summary>Uploads in several requests (section 5).</summary>
[TestFixture("c")]
[TestFixture("clients")]
[TestFixture("tabs")]
internal sealed class BatchTests(string name) : ClusterTests
{
    private string Collection => $"/storage/{name}";

    private static readonly string[] BeforeCommit = ["12", "13"];
    private static readonly string[] AfterCommit = ["12", "13", "14", "a", "b", "c"];

    [TestCase("?batch=true")]
    [TestCase("?batch=TRUE")]
    [TestCase("?batch=")]
    [TestCase("?batch")]
    public async Task Post_StartsBatch_ShowsNothingYet(string query)
    {
        using var user = Cluster.NewUser();
        var before = await user.PostAsync(Collection, UserRequests.Items("12", "13"));

        var opened = await user.PostAsync(Collection + query, UserRequests.Items("a", "b"));

        var list = await user.GetAsync(Collection + "?sort=index");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(opened.Status, Is.EqualTo(HttpStatusCode.Accepted));
            Assert.That(opened.Json().AsObject().Select(field => field.Key), Is.EquivalentTo((string[])["batch", "success", "failed"]));
            Assert.That(opened.Success(), Is.EqualTo((string[])["a", "b"]));
            Assert.That(opened.LastModified, Is.EqualTo(before.LastModified));
            Assert.That(opened.Timestamp, Is.GreaterThanOrEqualTo(before.LastModified!.Value));
            Assert.That(list.Ids(), Is.EqualTo(BeforeCommit));
            Assert.That((list.LastModified, list.Records), Is.EqualTo((before.LastModified, 2)));
            Assert.That((await user.GetAsync("/info/collections")).Body, Is.EqualTo($$"""{"{{name}}":{{before.LastModified}}}"""));
        }
    }

    [Test]
    public async Task Commit_StagedAndOwnItems_ShowsAllAtOneTime()
    {
        using var user = Cluster.NewUser();
        await user.PostAsync(Collection, UserRequests.Items("12", "13"));
        var batch = (await user.PostAsync(Collection + "?batch=true", UserRequests.Items("a", "b"))).Batch();

        var committed = await user.PostAsync($"{Collection}?batch={batch}&commit=true",
            """[{"id":"c","payload":"tinsel"},{"id":"13","payload":"portnoy"},{"id":"14","payload":"itsybitsy"}]""");

        var items = await user.ReadAllAsync(name);
        var info = await user.GetAsync("/info/collections");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(committed.Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(committed.Json()["modified"]!.ToJsonString(), Is.EqualTo(committed.LastModified.ToString()));
            Assert.That(committed.Json()["batch"], Is.Null);
            Assert.That(committed.Success(), Is.EqualTo((string[])["c", "13", "14"]), "only the last request's");
            Assert.That(items.Keys, Is.EquivalentTo(AfterCommit));
            Assert.That(items.Where(item => item.Key != "12").Select(item => item.Value["modified"]!.ToJsonString()),
                Is.All.EqualTo(committed.LastModified.ToString()));
            Assert.That(items["13"]["payload"]!.GetValue<string>(), Is.EqualTo("portnoy"));
            Assert.That(info.Body, Is.EqualTo($$"""{"{{name}}":{{committed.LastModified}}}"""));
            Assert.That(info.LastModified, Is.EqualTo(committed.LastModified));
        }
    }

    [Test]
    public async Task Commit_SameItemStagedAndSent_SentWinsFieldByField()
    {
        using var user = Cluster.NewUser();
        var batch = (await user.PostAsync(Collection + "?batch=true",
            """[{"id":"a","payload":"staged","sortindex":1},{"id":"b","payload":"kept","sortindex":2}]""")).Batch();
        await user.PostAsync($"{Collection}?batch={batch}", """[{"id":"b","sortindex":3}]""");

        var committed = await user.PostAsync($"{Collection}?batch={batch}&commit=true", """[{"id":"a","payload":"sent"}]""");

        var items = await user.ReadAllAsync(name);
        var time = committed.LastModified;
        Assert.That(items["a"].ToJsonString(), Is.EqualTo($$"""{"id":"a","modified":{{time}},"payload":"sent","sortindex":1}"""));
        Assert.That(items["b"].ToJsonString(), Is.EqualTo($$"""{"id":"b","modified":{{time}},"payload":"kept","sortindex":3}"""));
    }

    [Test]
    public async Task Commit_PartsOfItems_KeepsTheRestOfThem()
    {
        using var user = Cluster.NewUser();
        var first = await user.PostAsync(Collection,
            """[{"id":"a","payload":"aai"},{"id":"b","payload":"bee","sortindex":17},{"id":"d","payload":"dee"},{"id":"e","payload":"old","sortindex":4,"ttl":0}]""");
        var batch = (await user.PostAsync(Collection + "?batch=true",
            """[{"id":"b","payload":"bii"},{"id":"c","payload":"sea"},{"id":"d","ttl":1000,"sortindex":5},{"id":"e","ttl":1000}]""")).Batch();

        var committed = await user.PostAsync($"{Collection}?batch={batch}&commit=true", "[]");

        var items = await user.ReadAllAsync(name);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(items["a"].ToJsonString(), Is.EqualTo($$"""{"id":"a","modified":{{first.LastModified}},"payload":"aai"}"""));
            Assert.That(items["b"].ToJsonString(), Is.EqualTo($$"""{"id":"b","modified":{{committed.LastModified}},"payload":"bii","sortindex":17}"""));
            Assert.That(items["c"].ToJsonString(), Is.EqualTo($$"""{"id":"c","modified":{{committed.LastModified}},"payload":"sea"}"""));
            Assert.That(items["d"].ToJsonString(), Is.EqualTo($$"""{"id":"d","modified":{{first.LastModified}},"payload":"dee","sortindex":5}"""));
            Assert.That(items["e"].ToJsonString(), Is.EqualTo($$"""{"id":"e","modified":{{committed.LastModified}},"payload":""}"""), "expired, so new");
        }
    }

    [TestCase("application/json", "[]", HttpStatusCode.OK)]
    [TestCase("application/json", "{}", HttpStatusCode.BadRequest)]
    [TestCase("application/json", "", HttpStatusCode.BadRequest)]
    [TestCase("application/newlines", "", HttpStatusCode.OK)]
    [TestCase("application/newlines", "\n", HttpStatusCode.BadRequest)]
    [TestCase("application/newlines", "{}", HttpStatusCode.BadRequest)]
    [TestCase("application/newlines", "[]", HttpStatusCode.BadRequest)]
    public async Task Commit_WithoutItems_NeedsAnEmptyList(string type, string body, HttpStatusCode expected)
    {
        using var user = Cluster.NewUser();
        var batch = (await user.PostAsync(Collection + "?batch=true", UserRequests.Items(5))).Batch();

        var committed = await user.SendAsync("POST", $"{Collection}?commit=true&batch={batch}", body, type);

        Assert.That(committed.Status, Is.EqualTo(expected));
        Assert.That((await user.GetAsync(Collection)).Ids(), Has.Length.EqualTo(expected == HttpStatusCode.OK ? 5 : 0));
    }

    [Test]
    public async Task Commit_AtOnce_IsAPlainWrite()
    {
        using var user = Cluster.NewUser();

        var written = await user.PostAsync(Collection + "?batch=true&commit=true", UserRequests.Items("a"));

        Assert.That(written.Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(written.Body, Is.EqualTo("{\"modified\":" + written.LastModified + ",\"success\":[\"a\"],\"failed\":{}}"));
    }

    [Test]
    public async Task Commit_BadItems_FailAlone()
    {
        using var user = Cluster.NewUser();

        var opened = await user.PostAsync(Collection + "?batch=true", """[{"id":"a","payload":"aai"},{"id":"b\n","payload":"invalid"}]""");
        var committed = await user.PostAsync($"{Collection}?batch={opened.Batch()}&commit=true",
            """[{"id":"c","payload":"sea"},{"id":"d","payload":"dii","ttl":-12}]""");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((opened.Success(), opened.Failed()["b\n"]), Is.EqualTo(((string[])["a"], "invalid id")));
            Assert.That((committed.Success(), committed.Failed()["d"]), Is.EqualTo(((string[])["c"], "invalid ttl")));
            Assert.That((await user.GetAsync(Collection)).Ids(), Is.EquivalentTo((string[])["a", "c"]));
        }
    }

    [TestCase("?batch=sammich")]
    [TestCase("?batch=12345")]
    [TestCase("?batch=MTIzNDU=")]
    [TestCase("?batch=-1")]
    [TestCase("?batch=99999999999999999999999999")]
    [TestCase("?commit=true")]
    [TestCase("?batch=true&commit=bananas")]
    [TestCase("?batch=true&commit=")]
    [TestCase("?batch=true&commit=false")]
    public async Task Post_BatchThatCannotBe_IsRefused(string query)
    {
        using var user = Cluster.NewUser();

        var refused = await user.PostAsync(Collection + query, UserRequests.Items("a"));

        Assert.That(refused.Answer(), Is.EqualTo((HttpStatusCode.BadRequest, "1")));
        Assert.That((await user.GetAsync("/info/collections")).Body, Is.EqualTo("{}"));
    }

    [Test]
    public async Task Post_BatchOfAnother_IsRefused([Values("", "&commit=true")] string commit)
    {
        using var user = Cluster.NewUser();
        using var other = Cluster.NewUser();
        var batch = (await user.PostAsync(Collection + "?batch=true", UserRequests.Items("a"))).Batch();

        var collection = await user.PostAsync($"/storage/d?batch={batch}{commit}", UserRequests.Items("b"));
        var stranger = await other.PostAsync($"{Collection}?batch={batch}{commit}", UserRequests.Items("b"));

        var rightful = await user.PostAsync($"{Collection}?batch={batch}&commit=true", "[]");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(collection.Status, Is.EqualTo(HttpStatusCode.BadRequest));
            Assert.That(stranger.Status, Is.EqualTo(HttpStatusCode.BadRequest));
            Assert.That(rightful.Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That((await user.GetAsync(Collection)).Ids(), Is.EqualTo((string[])["a"]));
            Assert.That((await other.GetAsync("/info/collections")).Body, Is.EqualTo("{}"));
        }
    }

    [Test]
    public async Task Post_CommittedBatch_IsNoMore()
    {
        using var user = Cluster.NewUser();
        var batch = (await user.PostAsync(Collection + "?batch=true", UserRequests.Items("a"))).Batch();
        await user.PostAsync($"{Collection}?batch={batch}&commit=true", "[]");
        await user.DeleteAsync(Collection);

        var again = await user.PostAsync($"{Collection}?batch={batch}&commit=true", "[]");

        Assert.That(again.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That((await user.GetAsync(Collection)).Body, Is.EqualTo("[]"));
    }

    [Test]
    public async Task Id_IsTheBase64OfItsTime_AndTheBareNumberServesToo()
    {
        using var user = Cluster.NewUser();

        var opened = await user.PostAsync(Collection + "?batch=true", UserRequests.Items("a"));

        var number = Encoding.ASCII.GetString(Convert.FromBase64String(opened.Batch()));
        var late = opened.Timestamp!.Value.Milliseconds - long.Parse(number, CultureInfo.InvariantCulture);
        var committed = await user.PostAsync($"{Collection}?batch={number}&commit=true", "[]");
        Assert.That(late, Is.InRange(-20, 5000));
        Assert.That(committed.Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Id_ManyAtTheSameTime_AreDifferentAndApart()
    {
        using var user = Cluster.NewUser();

        var opened = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => user.PostAsync($"/storage/c{number % 2}?batch=true", UserRequests.Items($"i{number}"))));

        Assert.That(opened.Select(response => response.Batch()), Is.Unique);
        for (var number = 0; number < opened.Length; number++)
            await user.PostAsync($"/storage/c{number % 2}?batch={opened[number].Batch()}&commit=true", "[]");
        Assert.That((await user.GetAsync("/storage/c1")).Ids(), Is.EquivalentTo((string[])["i1", "i3", "i5", "i7"]));
    }

    [Test]
    public async Task Conditions_CompareTheCollection()
    {
        using var user = Cluster.NewUser();
        var written = await user.PutAsync(Collection + "/i", """{"payload":"p"}""");
        var stale = $"X-If-Unmodified-Since: {new SyncTimestamp(written.LastModified!.Value.Milliseconds - 10)}";
        var current = $"X-If-Unmodified-Since: {written.LastModified}";

        var refused = await user.SendAsync("POST", Collection + "?batch=true", UserRequests.Items("a"), headers: stale);
        var opened = await user.SendAsync("POST", Collection + "?batch=true", UserRequests.Items("a"), headers: current);
        var late = await user.SendAsync("POST", $"{Collection}?batch={opened.Batch()}&commit=true", "[]", headers: stale);
        var committed = await user.SendAsync("POST", $"{Collection}?batch={opened.Batch()}&commit=true", "[]", headers: current);

        Assert.That((refused.Status, opened.Status, late.Status, committed.Status), Is.EqualTo(
            (HttpStatusCode.PreconditionFailed, HttpStatusCode.Accepted, HttpStatusCode.PreconditionFailed, HttpStatusCode.OK)));
    }
}
