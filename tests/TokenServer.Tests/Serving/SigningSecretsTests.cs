using SyncStorage.SyncClient;
using SyncStorage.TokenServer.Configuration;
using SyncStorage.TokenServer.Serving;

namespace SyncStorage.TokenServer.Tests.Serving;

[TestFixture]
internal sealed class SigningSecretsTests
{
    private const string List = "1700000000:older,1800000000:newer";

    [TestCase(null, "newer")]
    [TestCase("1700000000", "older")]
    [TestCase("1800000000", "newer")]
    public void Choose_Timestamp_NamesWhatSigns(string? signWith, string expected)
    {
        var token = Tokens.Issue(1, "https://n", SigningSecrets.Choose(Host(signWith), List), TimeSpan.FromMinutes(1), TimeProvider.System).Token;

        Assert.That(Tokens.TryVerify(token, [new TokenSecret(expected)], out _), Is.True);
    }

    [Test]
    public void Choose_TimestampThatIsNotThere_IsRefusedWithoutShowingASecret() =>
        Assert.That(() => SigningSecrets.Choose(Host("1900000000"), List), Throws.TypeOf<ConfigurationException>()
            .With.Message.Contains("1900000000").And.Message.Contains("1700000000").And.Message.Not.Contains("newer").And.Message.Not.Contains("older"));

    [Test]
    public void Choose_ListThatIsNone_IsRefused() =>
        Assert.That(() => SigningSecrets.Choose(Host(null), "nonsense"), Throws.TypeOf<ConfigurationException>().With.Message.Contains("/c/secrets/n"));

    private static TokenHost Host(string? signWith) => new() { Origin = new Uri("https://n"), SecretParameter = "/c/secrets/n", SignWith = signWith };
}
