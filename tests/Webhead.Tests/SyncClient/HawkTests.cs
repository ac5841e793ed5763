using SyncStorage.SyncClient;

namespace SyncStorage.Webhead.Tests.SyncClient;

[TestFixture]
internal sealed class HawkTests
{
    private const string Key = "go3JTk64Vld_PNCaXZzEfuws6PyocX1jxJpJCkk5JXM=";
    private static readonly HawkRequest Request = new("GET", "/1.5/12345/info/collections?x=1", "127.0.0.1", 8080);
    private static readonly HawkHeader Header = new()
    {
        Id = "t",
        Timestamp = "1700000000",
        Nonce = "abcdef",
        Mac = "Ioc3VawrrYJ9cCLRvfE5v5zPfFxsMrxjUF7wwpyqhGE=",
    };

    [Test]
    public void Mac_KnownRequest_IsTheVectors() => Assert.That(Hawk.Mac(Key, Request, Header), Is.EqualTo(Header.Mac));

    [Test]
    public void Verify_AnyPartChanged_Refuses()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Hawk.Verify(Key, Request, Header), Is.True);
            Assert.That(Hawk.Verify(Key + "x", Request, Header), Is.False);
            Assert.That(Hawk.Verify(Key, Request with { Method = "PUT" }, Header), Is.False);
            Assert.That(Hawk.Verify(Key, Request with { PathAndQuery = "/1.5/12345/info/collections?x=2" }, Header), Is.False);
            Assert.That(Hawk.Verify(Key, Request with { Host = "127.0.0.2" }, Header), Is.False);
            Assert.That(Hawk.Verify(Key, Request with { Port = 80 }, Header), Is.False);
            Assert.That(Hawk.Verify(Key, Request, Header with { Nonce = "abcdeg" }), Is.False);
            Assert.That(Hawk.Verify(Key, Request, Header with { Timestamp = "1700000001" }), Is.False);
            Assert.That(Hawk.Verify(Key, Request, Header with { Hash = "h" }), Is.False);
            Assert.That(Hawk.Verify(Key, Request, Header with { Extension = "e" }), Is.False);
        }
    }

    [TestCase("Hawk id=\"a\", ts=\"1\", nonce=\"n\", mac=\"m\"")]
    [TestCase("hawk mac=\"m\",nonce=\"n\",ts=\"1\" , id=\"a\"")]
    public void TryParse_AnyOrder_Reads(string value)
    {
        var parsed = HawkHeader.TryParse(value, out var header);

        Assert.That(parsed, Is.True);
        Assert.That(header, Is.EqualTo(new HawkHeader { Id = "a", Timestamp = "1", Nonce = "n", Mac = "m" }));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("Hawk")]
    [TestCase("Hawk ")]
    [TestCase("Basic dTpw")]
    [TestCase("Hawk id=\"a\", ts=\"1\", nonce=\"n\"")]
    [TestCase("Hawk id=\"a\", ts=\"x\", nonce=\"n\", mac=\"m\"")]
    [TestCase("Hawk id=\"a\", id=\"b\", ts=\"1\", nonce=\"n\", mac=\"m\"")]
    [TestCase("Hawk id=\"a\", ts=\"1\", nonce=\"n\", mac=\"m\", evil=\"1\"")]
    [TestCase("Hawk id=\"a\", ts=\"1\", nonce=\"n\", mac=\"m")]
    public void TryParse_Malformed_Refuses(string? value) => Assert.That(HawkHeader.TryParse(value, out _), Is.False);

    [Test]
    public void Authorize_Request_VerifiesAgainstItself()
    {
        var credentials = Tokens.Issue(7, "http://127.0.0.1:8080", new TokenSecret("s"), TimeSpan.FromMinutes(1), TimeProvider.System);

        var value = Hawk.Authorize(credentials, Request, TimeProvider.System);

        Assert.That(HawkHeader.TryParse(value, out var header), Is.True);
        Assert.That(Hawk.Verify(credentials.Key, Request, header!), Is.True);
    }
}
