using System.Buffers.Text;
using Microsoft.Extensions.Time.Testing;
using SyncStorage.TokenServer.Accounts;
using SyncStorage.TokenServer.Tests.Fixtures;

namespace SyncStorage.TokenServer.Tests.Accounts;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class OAuthVerifierTests : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);
    private static readonly SigningKey Key = new("one");
    private static readonly SigningKey Stranger = new("one");

    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero));
    private readonly FakeAccounts server = new();
    private readonly OAuthVerifier verifier;

    public OAuthVerifierTests()
    {
        server.Keys.Add(Key.Public);
        verifier = new OAuthVerifier(server, new SigningKeys(server, null, time), Timeout, time);
    }

    public void Dispose() => verifier.Dispose();

    [OneTimeTearDown]
    public static void DisposeKeys()
    {
        Key.Dispose();
        Stranger.Dispose();
    }

    [Test]
    public async Task Verify_GoodToken_TellsUserAndGeneration()
    {
        var (verdict, identity) = await VerifyAsync(Key.Sign(SigningKey.Claims("abc", time, 42, $"profile {OAuthVerifier.Scope} other")));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(verdict, Is.EqualTo(TokenVerdict.Good));
            Assert.That(identity, Is.EqualTo(new Identity("abc", 42)));
            Assert.That(server.Verifications, Is.Zero);
        }
    }

    [Test]
    public async Task Verify_SameTokenAfterItsExpiry_IsRefused()
    {
        var token = Key.Sign(SigningKey.Claims("abc", time, seconds: 60));
        var before = await VerifyAsync(token);
        time.Advance(TimeSpan.FromSeconds(59));
        var lastSecond = await VerifyAsync(token);
        time.Advance(TimeSpan.FromSeconds(1));
        var after = await VerifyAsync(token);

        Assert.That(new[] { before.Verdict, lastSecond.Verdict, after.Verdict },
            Is.EqualTo([TokenVerdict.Good, TokenVerdict.Good, TokenVerdict.Refused]));
    }

    private static IEnumerable<TestCaseData> Refused()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero));
        var good = SigningKey.Claims("abc", time);
        yield return Case("another key of the same name", Stranger.Sign(good));
        yield return Case("no scope", Key.Sign(good with { Scope = null }));
        yield return Case("another scope", Key.Sign(good with { Scope = "profile" }));
        yield return Case("a scope that begins like it", Key.Sign(good with { Scope = OAuthVerifier.Scope + "/bookmarks" }));
        yield return Case("no expiry", Key.Sign(good with { Expires = null }));
        yield return Case("no subject", Key.Sign(good with { Subject = null }));
        yield return Case("an empty subject", Key.Sign(good with { Subject = "" }));
        yield return Case("a subject that no webhead takes", Key.Sign(good with { Subject = "a@b" }));
        yield return Case("a negative generation", Key.Sign(good with { Generation = -1 }));
        yield return Case("an id token", Key.Sign(good, new { alg = "RS256", typ = "JWT", kid = "one" }));
        yield return Case("no type", Key.Sign(good, new { alg = "RS256", kid = "one" }));
        yield return Case("no algorithm", Key.Sign(good, new { typ = "at+jwt", kid = "one" }));
        yield return Case("algorithm none", Key.Sign(good, new { alg = "none", typ = "at+jwt", kid = "one" }));
        yield return Case("a MAC with the public key", Key.Sign(good, new { alg = "HS256", typ = "at+jwt", kid = "one" }));
        var parts = Key.Sign(good).Split('.');
        var other = Key.Sign(good with { Subject = "another" }).Split('.');
        yield return Case("another's claims", $"{parts[0]}.{other[1]}.{parts[2]}");
        yield return Case("half a signature", $"{parts[0]}.{parts[1]}.{parts[2][..40]}");

        static TestCaseData Case(string what, string token) => new TestCaseData(token).SetArgDisplayNames(what);
    }

    [TestCaseSource(nameof(Refused))]
    public async Task Verify_BadToken_IsRefusedWithoutAskingAnybody(string token)
    {
        var (verdict, identity) = await VerifyAsync(token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(verdict, Is.EqualTo(TokenVerdict.Refused));
            Assert.That(identity, Is.Null);
            Assert.That(server.Verifications, Is.Zero);
        }
    }

    private static IEnumerable<TestCaseData> Undecodable()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero));
        var parts = Key.Sign(SigningKey.Claims("abc", time)).Split('.');
        yield return new TestCaseData("0123456789abcdef").SetArgDisplayNames("hexadecimal");
        yield return new TestCaseData($"{parts[0]}.{parts[1]}").SetArgDisplayNames("two parts");
        yield return new TestCaseData($"{parts[0]}.{parts[1]}.").SetArgDisplayNames("an empty signature");
        yield return new TestCaseData($"{parts[0]}=.{parts[1]}.{parts[2]}").SetArgDisplayNames("padding");
        yield return new TestCaseData($"{Base64Url.EncodeToString("no json"u8)}.{parts[1]}.{parts[2]}").SetArgDisplayNames("a header that is no JSON");
        yield return new TestCaseData($"{parts[0]}.{Base64Url.EncodeToString("[]"u8)}.{parts[2]}").SetArgDisplayNames("claims that are no object");
        yield return new TestCaseData($"{parts[0]}.{Base64Url.EncodeToString("null"u8)}.{parts[2]}").SetArgDisplayNames("claims that are null");
    }

    [TestCaseSource(nameof(Undecodable))]
    public async Task Verify_TokenThatIsNoJwt_IsAskedOf(string token)
    {
        var refused = await VerifyAsync(token);
        server.Opaque[token] = new VerifyAnswer { User = "abc", Scope = ["profile", OAuthVerifier.Scope], Generation = 7 };
        var good = await VerifyAsync(token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(refused.Verdict, Is.EqualTo(TokenVerdict.Refused));
            Assert.That(good, Is.EqualTo((TokenVerdict.Good, new Identity("abc", 7))));
            Assert.That(server.Verifications, Is.EqualTo(2));
        }
    }

    [TestCase("one", TestName = "Verify_AnswerWithoutTheScope_IsRefused")]
    [TestCase(null, TestName = "Verify_AnswerWithoutAnyScope_IsRefused")]
    public async Task Verify_Answer_IsJudged(string? scope)
    {
        server.Opaque["opaque"] = new VerifyAnswer { User = "abc", Scope = scope is null ? null : [scope] };

        Assert.That((await VerifyAsync("opaque")).Verdict, Is.EqualTo(TokenVerdict.Refused));
    }

    [Test]
    public async Task Verify_UnknownKey_FetchesKeysAndThenAsks()
    {
        using var unknown = new SigningKey("two");
        var token = unknown.Sign(SigningKey.Claims("abc", time));
        server.Opaque[token] = new VerifyAnswer { User = "abc", Scope = [OAuthVerifier.Scope] };
        var asked = await VerifyAsync(token);
        server.Keys.Add(unknown.Public);
        time.Advance(TimeSpan.FromSeconds(11));
        var known = await VerifyAsync(token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(new[] { asked.Verdict, known.Verdict }, Is.All.EqualTo(TokenVerdict.Good));
            Assert.That(server.KeyReads, Is.EqualTo(2));
            Assert.That(server.Verifications, Is.EqualTo(1), "the second time the key was known");
        }
    }

    [Test]
    public async Task Verify_NoKeyNamed_TriesAllAndThenAsks()
    {
        using var other = new SigningKey("two");
        server.Keys.Insert(0, other.Public);
        var header = new { alg = "RS256", typ = "application/at+jwt" };
        var good = await VerifyAsync(Key.Sign(SigningKey.Claims("abc", time), header));
        var strange = await VerifyAsync(Stranger.Sign(SigningKey.Claims("abc", time), header));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(good.Verdict, Is.EqualTo(TokenVerdict.Good));
            Assert.That(strange.Verdict, Is.EqualTo(TokenVerdict.Refused));
            Assert.That(server.Verifications, Is.EqualTo(1));
        }
    }

    [Test]
    public async Task Verify_KeysCannotBeHad_AsksAndThenDoesNotKnow()
    {
        server.Trouble = new AccountsException("/v1/jwks answers 500");
        var (verdict, _) = await VerifyAsync(Key.Sign(SigningKey.Claims("abc", time)));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(verdict, Is.EqualTo(TokenVerdict.Unknown));
            Assert.That(server.Verifications, Is.EqualTo(1));
        }
    }

    [Test]
    public async Task Verify_ServerHangs_DoesNotKnowAfterTheTimeout()
    {
        server.Hold = new TaskCompletionSource();
        var verification = VerifyAsync("opaque");
        time.Advance(Timeout - TimeSpan.FromMilliseconds(1));
        var early = verification.IsCompleted;
        time.Advance(TimeSpan.FromMilliseconds(1));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(early, Is.False);
            Assert.That((await verification).Verdict, Is.EqualTo(TokenVerdict.Unknown));
        }
    }

    [Test]
    public async Task Verify_ServerHangsForMany_OthersAreToldAtOnce()
    {
        server.Hold = new TaskCompletionSource();
        var waiting = Enumerable.Range(0, 64).Select(number => VerifyAsync($"opaque{number}")).ToList();
        var turnedAway = await VerifyAsync("one more");
        var signed = await VerifyAsync(Key.Sign(SigningKey.Claims("abc", time)), hold: null);
        server.Hold?.SetResult();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(turnedAway.Verdict, Is.EqualTo(TokenVerdict.Unknown));
            Assert.That(signed.Verdict, Is.EqualTo(TokenVerdict.Good), "what can be verified here needs no place");
            Assert.That((await Task.WhenAll(waiting)).Select(result => result.Verdict), Is.All.EqualTo(TokenVerdict.Refused));
        }
    }

    [Test]
    public void Verify_CallerGone_Throws()
    {
        server.Hold = new TaskCompletionSource();
        using var gone = new CancellationTokenSource();
        var verification = verifier.VerifyAsync("opaque", gone.Token);
        gone.Cancel();

        Assert.That(async () => await verification, Throws.InstanceOf<OperationCanceledException>());
    }

    private Task<(TokenVerdict Verdict, Identity? Identity)> VerifyAsync(string token) => verifier.VerifyAsync(token, CancellationToken.None);

    private async Task<(TokenVerdict Verdict, Identity? Identity)> VerifyAsync(string token, TaskCompletionSource? hold)
    {
        var held = server.Hold;
        server.Hold = hold;
        var result = await VerifyAsync(token);
        server.Hold = held;
        return result;
    }
}
