using Microsoft.Extensions.Time.Testing;
using SyncStorage.TokenServer.Accounts;
using SyncStorage.TokenServer.Configuration;
using SyncStorage.TokenServer.Tests.Fixtures;

namespace SyncStorage.TokenServer.Tests.Accounts;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class SigningKeysTests
{
    private readonly FakeTimeProvider time = new();
    private readonly FakeAccounts server = new();

    [Test]
    public async Task Find_ManyUnknownKeys_FetchesOnceInTenSeconds()
    {
        using var key = new SigningKey("one");
        server.Keys.Add(key.Public);
        var keys = new SigningKeys(server, null, time);
        for (var i = 0; i < 50; i++) await keys.FindAsync($"invented{i}", CancellationToken.None);
        var first = server.KeyReads;
        time.Advance(TimeSpan.FromSeconds(11));
        for (var i = 0; i < 50; i++) await keys.FindAsync($"invented{i}", CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(first, Is.EqualTo(1));
            Assert.That(server.KeyReads, Is.EqualTo(2));
            Assert.That(await keys.FindAsync("one", CancellationToken.None), Has.Count.EqualTo(1));
        }
    }

    [Test]
    public async Task Find_AtOnce_ShareOneRequest()
    {
        using var key = new SigningKey("one");
        server.Keys.Add(key.Public);
        server.Hold = new TaskCompletionSource();
        var keys = new SigningKeys(server, null, time);
        var finds = Enumerable.Range(0, 20).Select(_ => keys.FindAsync("one", CancellationToken.None).AsTask()).ToList();
        server.Hold.SetResult();

        using (Assert.EnterMultipleScope())
        {
            Assert.That((await Task.WhenAll(finds)).Select(found => found.Count), Is.All.EqualTo(1));
            Assert.That(server.KeyReads, Is.EqualTo(1));
        }
    }

    [Test]
    public async Task Find_OldKeys_AreGoodWhileNewOnesAreFetched()
    {
        using var key = new SigningKey("one");
        server.Keys.Add(key.Public);
        var keys = new SigningKeys(server, null, time);
        await keys.FindAsync("one", CancellationToken.None);
        time.Advance(TimeSpan.FromHours(2));
        server.Trouble = new AccountsException("/v1/jwks answers 503");
        var whileAway = await keys.FindAsync("one", CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(whileAway, Has.Count.EqualTo(1));
            Assert.That(server.KeyReads, Is.EqualTo(2));
            Assert.That(keys.Trouble, Does.Contain("503"));
        }
    }

    [Test]
    public async Task Find_KeyWithdrawn_IsNoLongerGoodAfterTheNextFetch()
    {
        using var key = new SigningKey("one");
        server.Keys.Add(key.Public);
        var keys = new SigningKeys(server, null, time);
        await keys.FindAsync("one", CancellationToken.None);
        server.Keys.Clear();
        time.Advance(TimeSpan.FromHours(2));
        await keys.FindAsync("one", CancellationToken.None);

        Assert.That(await keys.FindAsync("one", CancellationToken.None), Is.Empty);
    }

    [Test]
    public async Task Find_ConfiguredKeys_NeverAsks()
    {
        using var key = new SigningKey("one");
        var keys = new SigningKeys(server, [key.Public], time);
        var found = await keys.FindAsync("one", CancellationToken.None);
        var unknown = await keys.FindAsync("two", CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(found, Has.Count.EqualTo(1));
            Assert.That(unknown, Is.Empty);
            Assert.That(server.KeyReads, Is.Zero);
        }
    }

    [TestCase("EC", "sig", "RS256")]
    [TestCase("RSA", "enc", "RS256")]
    [TestCase("RSA", "sig", "RS512")]
    public void TryMake_KeyForSomethingElse_IsNone(string type, string use, string algorithm)
    {
        using var key = new SigningKey("one");

        Assert.That(RsaKey.TryMake(key.Public with { KeyType = type, Use = use, Algorithm = algorithm }), Is.Null);
    }

    [TestCase(1024, false)]
    [TestCase(2048, true)]
    [TestCase(4096, true)]
    public void TryMake_Size_IsWhatIsSafe(int bits, bool usable)
    {
        using var key = new SigningKey("one", bits);

        Assert.That(RsaKey.TryMake(key.Public), usable ? Is.Not.Null : Is.Null);
    }

    [TestCase("!", "AQAB")]
    [TestCase("", "AQAB")]
    [TestCase("AQAB", "")]
    public void TryMake_Nonsense_IsNone(string modulus, string exponent) =>
        Assert.That(RsaKey.TryMake(new JsonWebKey { KeyType = "RSA", Modulus = modulus, Exponent = exponent }), Is.Null);
}
