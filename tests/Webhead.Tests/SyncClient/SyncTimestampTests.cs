using SyncStorage.SyncClient;

namespace SyncStorage.Webhead.Tests.SyncClient;

[TestFixture]
internal sealed class SyncTimestampTests
{
    [TestCase("1795354212.35", 1795354212350)]
    [TestCase("0", 0)]
    [TestCase("12.3456", 12345)]
    [TestCase("1795354212350", 999_999_999_999_000)]
    public void TryParse_Decimal_IsExact(string text, long milliseconds)
    {
        var parsed = SyncTimestamp.TryParse(text, out var timestamp);

        Assert.That(parsed, Is.True);
        Assert.That(timestamp.Milliseconds, Is.EqualTo(milliseconds));
    }

    [TestCase("-1")]
    [TestCase("1e3")]
    [TestCase("NaN")]
    [TestCase(" 1")]
    [TestCase("1,000")]
    [TestCase("")]
    [TestCase(null)]
    [TestCase("99999999999999999999999999999999999")]
    public void TryParse_NoPlainNumber_Refuses(string? text) => Assert.That(SyncTimestamp.TryParse(text, out _), Is.False);

    [TestCase(1795354212300, "1795354212.30")]
    [TestCase(0, "0.00")]
    [TestCase(50, "0.05")]
    public void ToString_Always_HasTwoPlaces(long milliseconds, string text) =>
        Assert.That(new SyncTimestamp(milliseconds).ToString(), Is.EqualTo(text));
}
