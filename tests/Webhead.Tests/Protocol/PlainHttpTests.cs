using SyncStorage.Webhead.Protocol;

namespace SyncStorage.Webhead.Tests.Protocol;

internal sealed class PlainHttpTests
{
    [TestCase("https://sync0.example.com", "http", ExpectedResult = "https://sync0.example.com/1.5/7/info/quota?a=%2f")]
    [TestCase("https://sync0.example.com:8443", "HTTP", ExpectedResult = "https://sync0.example.com:8443/1.5/7/info/quota?a=%2f")]
    [TestCase("https://sync0.example.com", "https", ExpectedResult = null)]
    [TestCase("https://sync0.example.com", null, ExpectedResult = null)]
    [TestCase("http://sync0.example.com", "http", ExpectedResult = null)]
    public string? MovedTo_ByOriginAndProtocol_IsTheSameTargetOverHttps(string origin, string? protocol) =>
        PlainHttp.MovedTo(new Uri(origin), protocol, "/1.5/7/info/quota?a=%2f");

    [Test]
    public void MovedTo_AbsoluteTarget_IsNotMixedIntoTheLocation() =>
        Assert.That(PlainHttp.MovedTo(new Uri("https://sync0.example.com"), "http", "http://evil.example/1.5/7/info/quota"), Is.Null);
}
