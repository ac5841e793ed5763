using System.Text.Json;
using SyncStorage.TokenServer.Configuration;

namespace SyncStorage.TokenServer.Tests.Configuration;

[TestFixture]
internal sealed class TokenDocumentTests
{
    private const string Least = """
        { "format": 1, "version": 7, "origin": "https://token.example.com", "future": [1],
          "database": { "address": "10.0.0.1", "port": 3306, "user": "t", "passwordParameter": "p", "database": "tokenserver" },
          "metricsSecretParameter": "m", "hosts": [ { "origin": "https://sync0.example.com", "secretParameter": "s" } ] }
        """;

    [Test]
    public void Read_Least_HasDefaults()
    {
        var document = Read(Least);
        TokenDocumentRules.Check(document);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(document.Accounts, Is.EqualTo(new AccountsSettings("https://oauth.accounts.firefox.com", "api.accounts.firefox.com", 10, null)));
            Assert.That(document.Tokens, Is.EqualTo(new TokenSettings(3600, true, "mysql")));
            Assert.That(document.Purge, Is.EqualTo(new PurgeSettings(86_400, 3600)));
            Assert.That(document.Hosts[0].Node, Is.EqualTo("https://sync0.example.com"));
        }
    }

    [Test]
    public void Read_PartOfTheAccounts_HasDefaultsForTheRest() =>
        Assert.That(Read(Least.Replace("\"future\": [1]", "\"accounts\": { \"url\": \"http://localhost:1/\" }", StringComparison.Ordinal)).Accounts,
            Is.EqualTo(new AccountsSettings("http://localhost:1/")));

    [TestCase("\"format\": 1", "\"format\": 3", "format 3")]
    [TestCase("https://token.example.com", "ftp://token.example.com", "origin must be")]
    [TestCase("https://token.example.com", "https://token.example.com/path", "origin must be")]
    [TestCase("https://sync0.example.com", "https://sync0.example.com/1.5", "hosts[0].origin must be")]
    [TestCase("3306", "0", "database.port")]
    [TestCase("\"user\": \"t\"", "\"user\": \"t'\"", "database.user")]
    [TestCase("\"tokenserver\"", "\"token-server\"", "database.database")]
    [TestCase("\"future\": [1]", "\"tokens\": { \"durationSeconds\": 3601 }", "tokens.durationSeconds")]
    [TestCase("\"future\": [1]", "\"tokens\": { \"durationSeconds\": 0 }", "tokens.durationSeconds")]
    [TestCase("\"future\": [1]", "\"purge\": { \"graceSeconds\": -1 }", "purge.graceSeconds")]
    [TestCase("\"future\": [1]", "\"accounts\": { \"url\": \"accounts\" }", "accounts.url")]
    [TestCase("\"future\": [1]", "\"accounts\": { \"timeoutSeconds\": 0 }", "accounts.timeoutSeconds")]
    [TestCase("\"future\": [1]", "\"accounts\": { \"emailDomain\": \"a@b\" }", "accounts.emailDomain")]
    public void Check_Wrong_IsSaid(string what, string wrong, string error) =>
        Assert.That(() => TokenDocumentRules.Check(Read(Least.Replace(what, wrong, StringComparison.Ordinal))),
            Throws.TypeOf<ConfigurationException>().With.Message.Contains(error));

    [Test]
    public void Check_HostTwice_IsSaid() =>
        Assert.That(() => TokenDocumentRules.Check(Read(Least) with { Hosts = [.. Read(Least).Hosts, .. Read(Least).Hosts] }),
            Throws.TypeOf<ConfigurationException>().With.Message.Contains("there twice"));

    private static TokenDocument Read(string json) => JsonSerializer.Deserialize(json, TokenDocumentJson.Default.TokenDocument)!;
}
