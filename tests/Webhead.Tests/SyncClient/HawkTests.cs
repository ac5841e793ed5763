using SyncStorage.SyncClient;

namespace SyncStorage.Webhead.Tests.SyncClient;

[TestFixture]
internal sealed class HawkTests
{
    private const string _key = "go3JTk64Vld_PNCaXZzEfuws6PyocX1jxJpJCkk5JXM=";
    private static readonly HawkRequest _request = new("GET", "/1.5/12345/info/collections?x=1", "127.0.0.1", 8080);
    private static readonly HawkHeader _header = new()
    {
        Id = "t",
        Timestamp = "1700000000",
        Nonce = "abcdef",
        Mac = "Ioc3VawrrYJ9cCLRvfE5v5zPfFxsMrxjUF7wwpyqhGE=",
    };

    [Test]
    public void Mac_KnownRequest_IsTheVectors() => Assert.That(Hawk.Mac(_key, _request, _header), Is.EqualTo(_header.Mac));

    [Test]
    public void Verify_AnyPartChanged_Refuses()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Hawk.Verify(_key, _request, _header), Is.True);
            Assert.That(Hawk.Verify(_key + "x", _request, _header), Is.False);
            Assert.That(Hawk.Verify(_key, _request with { Method = "PUT" }, _header), Is.False);
            Assert.That(Hawk.Verify(_key, _request with { PathAndQuery = "/1.5/12345/info/collections?x=2" }, _header), Is.False);
            Assert.That(Hawk.Verify(_key, _request with { Host = "127.0.0.2" }, _header), Is.False);
            Assert.That(Hawk.Verify(_key, _request with { Port = 80 }, _header), Is.False);
            Assert.That(Hawk.Verify(_key, _request, _header with { Nonce = "abcdeg" }), Is.False);
            Assert.That(Hawk.Verify(_key, _request, _header with { Timestamp = "1700000001" }), Is.False);
            Assert.That(Hawk.Verify(_key, _request, _header with { Hash = "h" }), Is.False);
            Assert.That(Hawk.Verify(_key, _request, _header with { Extension = "e" }), Is.False);
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

        var value = Hawk.Authorize(credentials, _request, TimeProvider.System);

        Assert.That(HawkHeader.TryParse(value, out var header), Is.True);
        Assert.That(Hawk.Verify(credentials.Key, _request, header!), Is.True);
    }
}
