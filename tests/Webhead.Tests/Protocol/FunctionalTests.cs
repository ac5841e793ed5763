using System.Net;

namespace SyncStorage.Webhead.Tests.Protocol;

/// <summary>What clients of all sorts have been seen to send, and what they expect to get for it.</summary>
[TestFixture]
internal sealed class FunctionalTests : ClusterTests
{
    private const string Collection = "/storage/c";
    private const string Json = "application/json";
    private const string Newlines = "application/newlines";

    [TestCase("*", Json)]
    [TestCase("text/html, image/gif, *; q=.2, */*; q=.2", Json)]
    [TestCase("application/json;charset=utf-8", Json)]
    [TestCase("APPLICATION/JSON; version=1", Json)]
    [TestCase("application/json;q=abc", Json)]
    [TestCase("application/json;q=0.5, junk, x/y", Json)]
    [TestCase("application/newlines;charset=utf-8", Newlines)]
    [TestCase("application/json;q=0, */*", Newlines)]
    [TestCase("application/json;q=0.5, application/*;q=0.7", Newlines)]
    [TestCase("application/newlines, application/json", Newlines)]
    [TestCase("application/json, application/newlines", Json)]
    public async Task List_UnusualAccept_IsReadForItsMeaning(string accept, string type)
    {
        using var user = Cluster.NewUser();

        var list = await user.SendAsync("GET", Collection, headers: $"Accept: {accept}");

        Assert.That((list.Status, list.Header("Content-Type")), Is.EqualTo((HttpStatusCode.OK, type)));
    }

    [TestCase("json")]
    [TestCase("text/*")]
    [TestCase("*/*;q=0")]
    [TestCase("application/jsonp")]
    public async Task Read_AcceptOfNeitherFormat_IsRefusedWhateverIsRead(string accept)
    {
        using var user = Cluster.NewUser();

        foreach (var path in (string[])[Collection, Collection + "/i", "/info/collections", "/info/quota", "/info/configuration"])
        {
            var response = await user.SendAsync("GET", path, headers: $"Accept: {accept}");

            Assert.That(response.Answer(), Is.EqualTo((HttpStatusCode.NotAcceptable, "0")), path);
        }
    }

    [TestCase("/storage/c/%ff")]
    [TestCase("/storage/c/a%80b")]
    [TestCase("/storage/c%ff/i")]
    public async Task Path_BytesThatAreNoText_IsNotFound(string path)
    {
        using var user = Cluster.NewUser();

        Assert.That((await user.PutAsync(path, "{}")).Answer(), Is.EqualTo((HttpStatusCode.NotFound, "0")));
        Assert.That((await user.PutAsync("/storage/c/%25ff", "{}")).Status, Is.EqualTo(HttpStatusCode.OK), "spelt out, it is an id");
    }

    [TestCase("1795354212350")]
    [TestCase("9999999999999999999")]
    public async Task Timestamp_FarInTheFuture_IsANumberLikeAnyOther(string future)
    {
        using var user = Cluster.NewUser();
        await user.PutAsync(Collection + "/i", "{}");

        var newer = await user.GetAsync($"{Collection}?newer={future}");
        var older = await user.GetAsync($"{Collection}?older={future}");
        var modified = await user.SendAsync("GET", Collection, headers: $"X-If-Modified-Since: {future}");
        var unmodified = await user.SendAsync("PUT", Collection + "/i", "{}", headers: $"X-If-Unmodified-Since: {future}");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((newer.Body, older.Body), Is.EqualTo(("[]", """["i"]""")));
            Assert.That((modified.Status, unmodified.Status), Is.EqualTo((HttpStatusCode.NotModified, HttpStatusCode.OK)));
        }
    }
}
