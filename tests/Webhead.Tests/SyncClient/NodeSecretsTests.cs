using SyncStorage.SyncClient;

namespace SyncStorage.Webhead.Tests.SyncClient;

[TestFixture]
internal sealed class NodeSecretsTests
{
    [Test]
    public void Derive_KnownMaster_IsTheVectors() =>
        Assert.That(NodeSecrets.Derive("0123456789abcdef0123456789abcdef", "https://sync1.example.com"),
            Is.EqualTo("4f607d1514a5372a6a8f4d7d17eb0357"));

    [Test]
    public void ParseList_Several_NewestFirst()
    {
        var payload = new TokenPayload { Uid = 1, Node = "n", Expires = 1, Salt = "abcdef" };

        var secrets = NodeSecrets.ParseList("1700000001:old, 1800000000:new,1600000000:oldest");

        Assert.That(Tokens.Make(payload, secrets[0]).Token, Is.EqualTo(Tokens.Make(payload, new TokenSecret("new")).Token));
        Assert.That(secrets, Has.Count.EqualTo(3));
        Assert.That(secrets[0].ToString(), Is.EqualTo("[REDACTED]"));
    }

    [TestCase(null, "new")]
    [TestCase("1700000001", "old")]
    [TestCase("1", "new")]
    public void SignerOf_GoesByTheTimestampAndElseByTheNewest(string? signWith, string expected)
    {
        var signer = NodeSecrets.SignerOf("1700000001:old,1800000000:new", signWith);

        Assert.That(signer.SignKey.ToArray(), Is.EqualTo(new TokenSecret(expected).SignKey.ToArray()));
    }

    [TestCase("")]
    [TestCase("secret")]
    [TestCase("1:")]
    [TestCase("1:a,b")]
    public void ParseList_Malformed_SaysSoWithoutTheSecret(string list) =>
        Assert.That(() => NodeSecrets.ParseList(list), Throws.TypeOf<FormatException>().With.Message.Not.Contains("1:a"));
}
