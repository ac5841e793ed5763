using SyncStorage.Pipeline.Config;
using SyncStorage.SyncClient;

namespace SyncStorage.Pipeline.Tests.Config;

public sealed class SecretListsTests
{
    private const string Host = "sync0.example.com";
    private static readonly Secret Master = new("0123456789abcdef0123456789abcdef");
    private static readonly NextMaster Next = new(1800000000, new Secret("fedcba9876543210fedcba9876543210"));
    private static readonly string Old = NodeSecrets.Derive(Master.Reveal(), $"https://{Host}");
    private static readonly string New = NodeSecrets.Derive(Next.Secret.Reveal(), $"https://{Host}");
    private static readonly DateTimeOffset Later = DateTimeOffset.FromUnixTimeSeconds(1900000000);

    [Test]
    public void OfNew_NothingIsRotated_IsDerivedFromTheMaster() =>
        Assert.That(SecretLists.OfNew(Host, Master, next: null, Later), Is.EqualTo($"1900000000:{Old}"));

    [Test]
    public void OfNew_WhileTheMasterIsRotated_HasBothAndTheNewOneIsTheNewest()
    {
        var list = SecretLists.OfNew(Host, Master, Next, Later);

        Assert.That(list, Is.EqualTo($"1799999999:{Old},1800000000:{New}"));
        Assert.That(SecretLists.Newest(list), Is.EqualTo("1800000000"));
        Assert.That(SecretLists.With(list, Host, Next), Is.EqualTo(list), "nothing is to be added to it");
    }

    [Test]
    public void OfNew_TheNextIsTheMasterAlready_HasNothingOfTheOld() =>
        Assert.That(SecretLists.OfNew(Host, Next.Secret, Next, Later), Is.EqualTo($"1800000000:{New}"));

    [Test]
    public void With_Again_AddsOnce()
    {
        var once = SecretLists.With($"1700000000:{Old}", Host, Next);

        Assert.That(once, Is.EqualTo($"1700000000:{Old},1800000000:{New}"));
        Assert.That(SecretLists.With(once, Host, Next), Is.EqualTo(once));
    }

    [TestCase("1700000000:old,1800000000:new", "1800000000:new")]
    [TestCase("1600000000:older, 1700000000:old , 1800000000:new", "1800000000:new")]
    [TestCase("1800000000:new", "1800000000:new")]
    [TestCase("1700000000:old", "1700000000:old")]
    public void Only_OfTheNew_NeverLeavesAListEmpty(string list, string expected) => Assert.That(SecretLists.Only(list, 1800000000), Is.EqualTo(expected));

    [Test]
    public void NextMaster_StoredAndRead_IsTheSame()
    {
        var read = NextMaster.Of(Next.Stored)!;

        Assert.That((read.Timestamp, read.Secret.Reveal()), Is.EqualTo((Next.Timestamp, Next.Secret.Reveal())));
        Assert.That(NextMaster.Of(new Secret("no such thing")), Is.Null);
        Assert.That($"{Next}", Does.Not.Contain("fedcba"));
    }
}
