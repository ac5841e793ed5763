using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using SyncStorage.SyncClient;

namespace SyncStorage.Webhead.Tests.Protocol;

/// <summary>What is taken of what clients send, and what is refused (section 3).</summary>
[TestFixture("c")]
[TestFixture("clients")]
[TestFixture("tabs")]
internal sealed class BodyTests(string name) : ClusterTests
{
    private string Collection => $"/storage/{name}";

    private string Item => Collection + "/i";

    private bool IsInDatabase => name == "c";
    private const int MaxBytes = 60_000;

    [TestCase("\"notabso\"", "8")]
    [TestCase("42", "8")]
    [TestCase("null", "8")]
    [TestCase("""{"id":["01","02"],"payload":{"3":"4"}}""", "8")]
    [TestCase("""{"payload":"p","sortindex":"xxx"}""", "8")]
    [TestCase("""{"payload":"p","sortindex":"7"}""", "8")]
    [TestCase("""{"payload":"p","sortindex":true}""", "8")]
    [TestCase("""{"payload":"p","sortindex":-1000000000}""", "8")]
    [TestCase("""{"payload":"p","ttl":"4.2"}""", "8")]
    [TestCase("""{"payload":"p","ttl":4.2}""", "8")]
    [TestCase("""{"payload":"p","ttl":1000000000}""", "8")]
    [TestCase("""{"payload":"p","unknown":null}""", "8")]
    [TestCase("""{"payload":["p"]}""", "8")]
    [TestCase("""{"payload":"\ud800"}""", "8")]
    [TestCase("""{"\ud800":1}""", "8")]
    [TestCase("[]", "8")]
    [TestCase("", "6")]
    [TestCase("""{"payload":"p"}}""", "6")]
    [TestCase("""{"payload":"p""", "6")]
    [TestCase("{'payload':'p'}", "6")]
    [TestCase("\n", "6")]
    public async Task Put_BadBody_IsRefused(string body, string number)
    {
        using var user = Cluster.NewUser();

        Assert.That((await user.PutAsync(Item, body)).Answer(), Is.EqualTo((HttpStatusCode.BadRequest, number)));
        Assert.That((await user.GetAsync("/info/collections")).Body, Is.EqualTo("{}"));
    }

    [TestCase("{}", "\"payload\":\"\"}")]
    [TestCase("""{"payload":null,"sortindex":null,"ttl":null}""", "\"payload\":\"\"}")]
    [TestCase("""{"payload":"p","sortindex":-999999999}""", "\"payload\":\"p\",\"sortindex\":-999999999}")]
    [TestCase("""{"payload":"p","sortindex":999999999,"ttl":999999999}""", "\"payload\":\"p\",\"sortindex\":999999999}")]
    [TestCase("""{"id":"other","collection":"d","modified":12.5,"payload":"p"}""", "\"payload\":\"p\"}")]
    [TestCase("""{"id":7,"collection":[],"modified":"never","payload":"p"}""", "\"payload\":\"p\"}")]
    [TestCase("""{"payload":"a\u0000b\\\"'\u2028\ud83d\ude00\u00e9\t"}""", "\"payload\":\"a\\u0000b\\\\\\\"'")]
    [TestCase(" \t\r\n{ \"payload\" : \"p\" } \n", "\"payload\":\"p\"}")]
    public async Task Put_UsualAndUnusualBody_IsTaken(string body, string end)
    {
        using var user = Cluster.NewUser();

        var put = await user.PutAsync(Item, body);
        var get = await user.GetAsync(Item);

        Assert.That(put.Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(get.Body, Does.StartWith($$"""{"id":"i","modified":{{put.Body}},{{end}}"""));
        Assert.That((await user.GetAsync("/info/collections")).Body, Is.EqualTo($$"""{"{{name}}":{{put.Body}}}"""));
    }

    [TestCase("PUT", "{\"payload\":\"\u00ff\"}")]
    [TestCase("POST", "[{\"id\":\"i\",\"payload\":\"\u00ff\"}]")]
    [TestCase("POST", "[{\"id\":\"i\",\"\u00ff\":\"p\"}]")]
    public async Task Write_NotUtf8_IsRefused(string method, string latin1)
    {
        using var user = Cluster.NewUser();

        // The client sends UTF-8 only: this is on the wire as it is.
        var status = await SendRawAsync(user, method, method == "PUT" ? Item : Collection, Encoding.Latin1.GetBytes(latin1), "");

        Assert.That(status, Does.StartWith("HTTP/1.1 400").And.EndsWith("\r\n\r\n6"));
    }

    [TestCase("text/plain", HttpStatusCode.OK)]
    [TestCase("text/plain;charset=UTF-8", HttpStatusCode.OK)]
    [TestCase("Application/JSON; charset=utf-8", HttpStatusCode.OK)]
    [TestCase("", HttpStatusCode.OK)]
    [TestCase("application/newlines", HttpStatusCode.UnsupportedMediaType)]
    [TestCase("application/octet-stream", HttpStatusCode.UnsupportedMediaType)]
    [TestCase("application/javascript", HttpStatusCode.UnsupportedMediaType)]
    [TestCase("nonsense", HttpStatusCode.UnsupportedMediaType)]
    public async Task Put_Type_IsJsonOrPlain(string type, HttpStatusCode expected)
    {
        using var user = Cluster.NewUser();

        var response = await user.SendAsync("PUT", Item, """{"payload":"p"}""", type);

        Assert.That(response.Status, Is.EqualTo(expected));
        Assert.That(response.Timestamp, Is.Not.Null);
        Assert.That((await user.GetAsync(Item)).Status, Is.EqualTo(expected == HttpStatusCode.OK ? HttpStatusCode.OK : HttpStatusCode.NotFound));
    }

    [TestCase("text/plain;charset=UTF-8", HttpStatusCode.OK)]
    [TestCase("", HttpStatusCode.OK)]
    [TestCase("application/octet-stream", HttpStatusCode.UnsupportedMediaType)]
    public async Task Post_Type_IsOneThatIsRead(string type, HttpStatusCode expected)
    {
        using var user = Cluster.NewUser();

        Assert.That((await user.SendAsync("POST", Collection, UserRequests.Items("a"), type)).Status, Is.EqualTo(expected));
    }

    [TestCase("{\"id\":\"1\",\"payload\":\"hello\\nworld\"}\n{\"id\":\"2\",\"payload\":\"\\nmarco\\npolo\\n\"}", 2)]
    [TestCase("{\"id\":\"1\"}\n{\"id\":\"2\"}\n", 2)]
    [TestCase("{\"id\":\"1\"}\r\n{\"id\":\"2\"}\r\n", 2)]
    [TestCase("", 0)]
    public async Task Post_Newlines_IsAnItemALine(string body, int count)
    {
        using var user = Cluster.NewUser();

        var response = await user.SendAsync("POST", Collection, body, "application/newlines");

        Assert.That(response.Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(response.Success(), Has.Length.EqualTo(count));
        Assert.That((await user.GetAsync(Collection)).Ids(), Has.Length.EqualTo(count));
    }

    [TestCase("\n", "6")]
    [TestCase("{}", "8")]
    [TestCase("[]", "8")]
    [TestCase("{\"id\":\"1\"}\n\n{\"id\":\"2\"}", "6")]
    [TestCase("{\"id\":\"1\"}\n\n", "6")]
    [TestCase("{\"id\":\"1\"}{\"id\":\"2\"}", "6")]
    public async Task Post_BadNewlines_AreRefused(string body, string number)
    {
        using var user = Cluster.NewUser();

        Assert.That((await user.SendAsync("POST", Collection, body, "application/newlines")).Answer(), Is.EqualTo((HttpStatusCode.BadRequest, number)));
    }

    [TestCase("", "6")]
    [TestCase("[", "6")]
    [TestCase("\"notalist\"", "8")]
    [TestCase("42", "8")]
    [TestCase("{}", "8")]
    [TestCase("[null]", "8")]
    [TestCase("""[{"id":"01","payload":"GOOD"},"BAD"]""", "8")]
    [TestCase("""[{"id":null,"payload":"p"}]""", "8")]
    [TestCase("""[{"id":1,"payload":"p"}]""", "8")]
    [TestCase("""[{"id":"a","payload":1},{"id":"a","payload":"p"}]""", "8")]
    [TestCase("""[{"id":"\ud800"}]""", "8")]
    public async Task Post_Unusable_IsRefusedAsAWhole(string body, string number)
    {
        using var user = Cluster.NewUser();

        Assert.That((await user.PostAsync(Collection, body)).Answer(), Is.EqualTo((HttpStatusCode.BadRequest, number)));
        Assert.That((await user.GetAsync("/info/collections")).Body, Is.EqualTo("{}"));
    }

    [TestCase("\"id\":\"\"", "", "invalid id")]
    [TestCase("\"id\":\"A\\nB\"", "A\nB", "invalid id")]
    [TestCase("\"id\":\"A\\n\"", "A\n", "invalid id")]
    [TestCase("\"id\":\"\\nN\"", "\nN", "invalid id")]
    [TestCase("\"id\":\"A\\tB\"", "A\tB", "invalid id")]
    [TestCase("\"id\":\"é\"", "é", "invalid id")]
    [TestCase("\"id\":\"x\",\"sortindex\":\"xxx\"", "x", "invalid sortindex")]
    [TestCase("\"id\":\"x\",\"sortindex\":\"2.6\"", "x", "invalid sortindex")]
    [TestCase("\"id\":\"x\",\"sortindex\":1000000000", "x", "invalid sortindex")]
    [TestCase("\"id\":\"x\",\"payload\":42", "x", "invalid payload")]
    [TestCase("\"id\":\"x\",\"payload\":\"\\udc00\"", "x", "invalid payload")]
    [TestCase("\"id\":\"x\",\"ttl\":\"4.2\"", "x", "invalid ttl")]
    [TestCase("\"id\":\"x\",\"ttl\":-1", "x", "invalid ttl")]
    [TestCase("\"id\":\"x\",\"unexpected\":\"spanish-inquisition\"", "x", "unknown field")]
    public async Task Post_BadItem_FailsAloneWithTheReason(string item, string id, string reason)
    {
        using var user = Cluster.NewUser();

        var response = await user.PostAsync(Collection, $$"""[{"id":"good","payload":"p"},{{{item}}}]""");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(response.Success(), Is.EqualTo((string[])["good"]));
            Assert.That(response.Failed(), Is.EqualTo(new Dictionary<string, string> { [id] = reason }));
            Assert.That((await user.GetAsync(Collection)).Ids(), Is.EqualTo((string[])["good"]));
        }
    }

    [Test]
    public async Task Post_IdTooLong_Fails()
    {
        using var user = Cluster.NewUser();

        var response = await user.PostAsync(Collection, UserRequests.Items(new string('X', 65), new string('Y', 64)));

        Assert.That(response.Success(), Is.EqualTo((string[])[new string('Y', 64)]));
    }

    [Test]
    public async Task Post_Empty_TouchesTheCollection()
    {
        using var user = Cluster.NewUser();

        var response = await user.PostAsync(Collection, "[]");

        Assert.That(response.Body, Is.EqualTo("{\"modified\":" + response.LastModified + ",\"success\":[],\"failed\":{}}"));
        Assert.That((await user.GetAsync("/info/collections")).Body, Is.EqualTo($$"""{"{{name}}":{{response.LastModified}}}"""));
    }

    [TestCase("""{"id":"keys","payload":"{\"ciphertext\":\"x\",\"IV\": \"AAAAAAAAAAAAAAAAAAAAAA==\"}"}""")]
    [TestCase("""{"id":"keys","payload":"{\"IV\":\"AAAAAAAAAAAAAAAAAAAAAA==\"}"}""")]
    public async Task Write_EmptyVector_IsRefusedInCryptoOnly(string item)
    {
        using var user = Cluster.NewUser();

        var put = await user.PutAsync("/storage/crypto/keys", item);
        var other = await user.PutAsync("/storage/crypto/blerg", item);
        var post = await user.PostAsync("/storage/crypto", $$"""[{"id":"good","payload":"p"},{{item}}]""");
        var elsewhere = await user.PostAsync(Collection, $"[{item}]");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(put.Answer(), Is.EqualTo((HttpStatusCode.BadRequest, "8")));
            Assert.That(other.Answer(), Is.EqualTo((HttpStatusCode.BadRequest, "8")));
            Assert.That(post.Answer(), Is.EqualTo((HttpStatusCode.BadRequest, "8")));
            Assert.That(elsewhere.Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That((await user.GetAsync("/storage/crypto")).Body, Is.EqualTo("[]"));
        }
    }

    [Test]
    public async Task Post_PayloadsOverTheLimit_FailByTheirSum()
    {
        using var user = Cluster.NewUser();

        var fits = await user.PostAsync(Collection, Post(("little", 3), ("big", MaxBytes - 3)));
        var over = await user.PostAsync(Collection, Post(("little", 3), ("big", MaxBytes - 2), ("later", 1)));
        var multibyte = await user.PostAsync(Collection, $$"""[{"id":"i","payload":"{{new string('é', MaxBytes / 2 + 1)}}"}]""");
        var single = await user.PostAsync(Collection, Post(("huge", MaxBytes + 1), ("little", 3)));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(fits.Failed(), Is.Empty);
            Assert.That(over.Success(), Is.EqualTo((string[])["little"]));
            Assert.That(over.Failed(), Is.EqualTo(new Dictionary<string, string> { ["big"] = "retry bytes", ["later"] = "retry bytes" }));
            Assert.That(multibyte.Failed(), Is.EqualTo(new Dictionary<string, string> { ["i"] = "payload too large" }), "bytes count, not characters");
            Assert.That(single.Failed(), Is.EqualTo(new Dictionary<string, string> { ["huge"] = "payload too large" }));
            Assert.That(single.Success(), Is.EqualTo((string[])["little"]));
        }

        static string Post(params (string Id, int Size)[] items) =>
            JsonSerializer.Serialize(items.Select(item => new { id = item.Id, payload = new string('X', item.Size) }));
    }

    [TestCase(95, 0)]
    [TestCase(100, 0)]
    [TestCase(105, 5)]
    public async Task Post_RecordsOverTheLimit_AreToBeSentAgain(int count, int failed)
    {
        using var user = Cluster.NewUser();

        var response = await user.PostAsync(Collection, UserRequests.Items(count, "X"));

        Assert.That(response.Success(), Has.Length.EqualTo(count - failed));
        Assert.That(response.Failed().Values, Has.Count.EqualTo(failed).And.All.EqualTo("retry bso"));
    }

    [TestCase("X-Weave-Records", 100)]
    [TestCase("X-Weave-Bytes", MaxBytes)]
    [TestCase("X-Weave-Total-Records", 1000)]
    [TestCase("X-Weave-Total-Bytes", 600_000)]
    public async Task Post_Announced_IsWithinTheLimit(string header, int limit)
    {
        using var user = Cluster.NewUser();
        foreach (var query in (string[])["", "?batch=true"])
        {
            var within = await user.SendAsync("POST", Collection + query, "[]", headers: $"{header}: {limit}");
            var over = await user.SendAsync("POST", Collection + query, "[]", headers: $"{header}: {limit + 1}");
            var nonsense = await user.SendAsync("POST", Collection + query, "[]", headers: $"{header}: many");
            var negative = await user.SendAsync("POST", Collection + query, "[]", headers: $"{header}: -1");

            using (Assert.EnterMultipleScope())
            {
                Assert.That(within.Status, Is.EqualTo(query == "" ? HttpStatusCode.OK : HttpStatusCode.Accepted));
                Assert.That(over.Answer(), Is.EqualTo((HttpStatusCode.BadRequest, "17")));
                Assert.That((nonsense.Status, negative.Status), Is.EqualTo((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest)));
            }
        }
    }

    [Test]
    public async Task Write_RequestTooLarge_IsRefusedBeforeAndWhileItIsRead()
    {
        using var user = Cluster.NewUser();
        var announced = await user.PostAsync(Collection, new string(' ', 70_001));
        var body = Encoding.ASCII.GetBytes(new string(' ', 70_001));

        var chunked = await SendRawAsync(user, "POST", Collection, [.. Encoding.ASCII.GetBytes("11171\r\n"), .. body, .. "\r\n0\r\n\r\n"u8], "Transfer-Encoding: chunked\r\n");

        Assert.That(announced.Answer(), Is.EqualTo((HttpStatusCode.RequestEntityTooLarge, "17")));
        Assert.That(announced.Timestamp, Is.Not.Null);
        Assert.That(chunked, Does.StartWith("HTTP/1.1 413").And.EndsWith("\r\n\r\n17"));
    }

    [Test]
    public async Task Put_TooLarge_IsRefused()
    {
        using var user = Cluster.NewUser();

        var payload = await user.PutAsync(Item, JsonSerializer.Serialize(new { payload = new string('x', 60_001) }));
        var request = await user.PutAsync(Item, JsonSerializer.Serialize(new { payload = new string('x', 80_000) }));
        var fits = await user.PutAsync(Item, JsonSerializer.Serialize(new { payload = new string('x', 60_000) }));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((payload.Status, payload.Body), Is.EqualTo((HttpStatusCode.BadRequest, "8")));
            Assert.That((request.Status, request.Body), Is.EqualTo((HttpStatusCode.RequestEntityTooLarge, "17")));
            Assert.That(fits.Status, Is.EqualTo(HttpStatusCode.OK));
        }
    }

    /// <summary>Sends a body as it is, and returns the whole answer as text.</summary>
    private async Task<string> SendRawAsync(SyncStorageClient user, string method, string path, byte[] body, string headers)
    {
        var target = $"/1.5/{user.Uid}{path}";
        var credentials = Tokens.Issue(user.Uid, user.Origin.GetLeftPart(UriPartial.Authority), new TokenSecret("newer0"), TimeSpan.FromMinutes(5), TimeProvider.System);
        var authorization = Hawk.Authorize(credentials, new HawkRequest(method, target, user.Origin.Host, user.Origin.Port), TimeProvider.System);
        if (headers == "") headers = $"Content-Length: {body.Length}\r\n";
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(Cluster.Webhead.Address, Cluster.Webhead.Port);
        await using var stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"{method} {target} HTTP/1.1\r\nHost: {user.Origin.Authority}\r\nAuthorization: {authorization}\r\nConnection: close\r\n{headers}\r\n"));
        await stream.WriteAsync(body);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync();
    }
}
