using SyncStorage.Pipeline.Planning;

namespace SyncStorage.Pipeline.Tests.Planning;

public sealed class EngineVersionsTests
{
    [TestCase("8.4", "8.4.3", true)]
    [TestCase("8.4", "8.40.1", false)]
    [TestCase("8", "8.4.3", true)]
    [TestCase("8.4.3", "8.4.3", true)]
    [TestCase("8.4.6", "8.4.7", true)]
    [TestCase("8.4.9", "8.4.10", true)]
    [TestCase("8.4.6", "8.4.5", false)]
    [TestCase("8.4.6", "8.4", false)]
    [TestCase("8.4.6", "9.0.7", false)]
    [TestCase("5.7.44", "5.7.44-rds.20250213", true)]
    [TestCase("8.4", null, false)]
    public void Covers_TheSameOrALaterPatchOfItsLine(string wanted, string? found, bool expected) => Assert.That(EngineVersions.Covers(wanted, found), Is.EqualTo(expected));

    [TestCase("8.0", "8.4.3", true)]
    [TestCase("8.4", "8.40.1", true)]
    [TestCase("8.4.6", "9.0", true)]
    [TestCase("8.4.6", "8.4.7", false)]
    [TestCase("8.4", "8.0.40", false)]
    [TestCase("8.4.6", "8.4.5", false)]
    [TestCase("8.4.6", "8.4", false)]
    [TestCase("8.4", null, false)]
    public void IsBeyond_OnlyALaterLine(string wanted, string? found, bool expected) => Assert.That(EngineVersions.IsBeyond(wanted, found), Is.EqualTo(expected));
}
