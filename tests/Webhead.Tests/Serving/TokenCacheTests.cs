using System.Text;
using SyncStorage.SyncClient;
using SyncStorage.Webhead.Serving;

namespace SyncStorage.Webhead.Tests.Serving;

[TestFixture]
internal sealed class TokenCacheTests
{
    private static readonly TokenSecret Newer = new("newer");
    private static readonly TokenSecret Older = new("older");
    private readonly TokenCache cache = new([Newer, Older]);

    [Test]
    public void TryVerify_AnySecret_GivesPayloadAndKey()
    {
        foreach (var secret in (TokenSecret[])[Newer, Older])
        {
            var credentials = Issue(5, secret);

            var first = cache.TryVerify(credentials.Token, out var verified);
            cache.TryVerify(credentials.Token, out var again);

            using (Assert.EnterMultipleScope())
            {
                Assert.That(first, Is.True);
                Assert.That(verified!.Payload.Uid, Is.EqualTo(5));
                Assert.That(verified.Key, Is.EqualTo(Encoding.ASCII.GetBytes(credentials.Key)));
                Assert.That(again, Is.SameAs(verified));
            }
        }
    }

    [Test]
    public void TryVerify_RightOneChanged_IsRefused()
    {
        var token = Issue(5, Newer).Token;
        cache.TryVerify(token, out _);

        var changed = token[..10] + (token[10] == 'A' ? 'B' : 'A') + token[11..];

        using (Assert.EnterMultipleScope())
        {
            Assert.That(cache.TryVerify(changed, out _), Is.False);
            Assert.That(cache.TryVerify(token + "=", out _), Is.False);
            Assert.That(cache.TryVerify(Issue(5, new TokenSecret("another")).Token, out _), Is.False);
        }
    }

    [Test]
    public void TryVerify_MoreTokensThanAreRemembered_StaysRightAndKeepsWhatIsUsed()
    {
        var used = Issue(1, Newer).Token;
        cache.TryVerify(used, out var first);
        for (var uid = 2; uid < 25_000; uid++)
        {
            Assert.That(cache.TryVerify(Issue(uid, Newer).Token, out _), Is.True);
            if (uid % 1000 == 0) cache.TryVerify(used, out _);
        }

        cache.TryVerify(used, out var last);

        Assert.That(last, Is.SameAs(first));
    }

    private static HawkCredentials Issue(long uid, TokenSecret secret) =>
        Tokens.Issue(uid, "http://sync0.localhost:8080", secret, TimeSpan.FromMinutes(5), TimeProvider.System);
}
