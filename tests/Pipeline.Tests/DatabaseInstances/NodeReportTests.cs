using SyncStorage.Pipeline.DatabaseInstances;
using SyncStorage.Pipeline.Remote;

namespace SyncStorage.Pipeline.Tests.DatabaseInstances;

public sealed class NodeReportTests
{
    [TestCase("107374182400", "107374182400", false)]
    [TestCase("1073741825", "107374182400", false)]
    [TestCase("1073741000", "107374182400", true)]
    [TestCase("0", "107374182400", true)]
    [TestCase("many", "107374182400", false)]
    public void IsFull_LessThanAHundredthIsFree(string free, string total, bool isFull)
    {
        var report = NodeReport.Of(Answer($$"""{"ok":true,"state":"ready","backups":"running","freeBytes":"{{free}}","totalBytes":"{{total}}"}"""));

        Assert.That(report!.IsFull, Is.EqualTo(isFull));
    }

    [Test]
    public void IsFull_OfAnEarlierReleaseThatDoesNotTell_IsNot() => Assert.That(NodeReport.Of(Answer("""{"ok":true,"state":"ready"}"""))!.IsFull, Is.False);

    private static RemoteResult Answer(string json) => new("i-1", "Success", 0, json);
}
