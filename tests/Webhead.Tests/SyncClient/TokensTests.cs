using SyncStorage.SyncClient;

namespace SyncStorage.Webhead.Tests.SyncClient;

[TestFixture]
internal sealed class TokensTests
{
    private const string Token =
        "eyJ1aWQiOiAxMjM0NSwgIm5vZGUiOiAiaHR0cDovLzEyNy4wLjAuMTo4MDgwIiwgImV4cGlyZXMiOiAxODkzNDU2MDAwLjAsICJmeGFfdWlkIjogIkRFQ0FGQkFE" +
        "MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAxIiwgImZ4YV9raWQiOiAiMDAwMDAwMDAwMDAwMC1ERUNBRkJBRCIsICJoYXNoZWRfZnhhX3VpZCI6ICIwMTIzNDU2Nzg5" +
        "YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZiIsICJzYWx0IjogImExYjJjMyJ9IlJqZjgXeEwdUXsg2Dq71uQpX0DTyM7Ikr82P530f2k=";

    private static readonly TokenSecret Secret = new("secret0");

    [Test]
    public void SignKey_KnownSecret_IsTheVectors()
    {
        var key = Convert.ToHexStringLower(Secret.SignKey);

        Assert.That(key, Is.EqualTo("d97f4804f510ebf3161e7c140bde92f3e988b59f5d90dd38e7bf5382ddddaf91"));
    }

    [Test]
    public void TryVerify_KnownToken_GivesPayloadAndKey()
    {
        var verified = Tokens.TryVerify(Token, [new TokenSecret("other"), Secret], out var credentials);

        Assert.That(verified, Is.True);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(credentials!.Key, Is.EqualTo("go3JTk64Vld_PNCaXZzEfuws6PyocX1jxJpJCkk5JXM="));
            Assert.That(credentials.Payload.Uid, Is.EqualTo(12345));
            Assert.That(credentials.Payload.Node, Is.EqualTo("http://127.0.0.1:8080"));
            Assert.That(credentials.Payload.Expires, Is.EqualTo(1893456000));
            Assert.That(credentials.Payload.FxaKeyId, Is.EqualTo("0000000000000-DECAFBAD"));
        }
    }

    [Test]
    public void TryVerify_AnyBitOfTheTokenChanged_Refuses()
    {
        for (var i = 0; i < Token.Length; i += 7)
        {
            var changed = Token[..i] + (Token[i] == 'A' ? 'B' : 'A') + Token[(i + 1)..];

            Assert.That(Tokens.TryVerify(changed, [Secret], out _), Is.False, $"changed at {i}");
        }
    }

    [TestCase("")]
    [TestCase("no base64!")]
    [TestCase("QUJD")]
    public void TryVerify_NoToken_Refuses(string token) => Assert.That(Tokens.TryVerify(token, [Secret], out _), Is.False);

    [Test]
    public void TryVerify_PaddingCut_Refuses() => Assert.That(Tokens.TryVerify(Token.TrimEnd('='), [Secret], out _), Is.False);

    [Test]
    public void Make_ThenVerify_GivesTheSame()
    {
        var payload = new TokenPayload { Uid = 7, Node = "https://sync1.example.com", Expires = 1893456000, Salt = "a1b2c3", FxaUid = "x" };

        var made = Tokens.Make(payload, Secret);

        Assert.That(Tokens.TryVerify(made.Token, [Secret], out var verified), Is.True);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(verified!.Payload, Is.EqualTo(payload));
            Assert.That(verified.Key, Is.EqualTo(made.Key));
            Assert.That(made.ToString(), Does.Not.Contain(made.Key).And.Not.Contain(made.Token));
        }
    }
}
