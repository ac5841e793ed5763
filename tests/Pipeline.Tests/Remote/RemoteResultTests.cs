using SyncStorage.Pipeline.Remote;

namespace SyncStorage.Pipeline.Tests.Remote;

public sealed class RemoteResultTests
{
    [TestCase("""{"ok":true}""", true)]
    [TestCase("""{"configuration":3,"error":null}""", true, Description = "a nudge's answer has no ok")]
    [TestCase("""{"ok":false,"error":"degraded"}""", false, Description = "told with exit code 0, by curl")]
    [TestCase("""{"ok":false,"error":"a long one, which SSM cut""", false)]
    [TestCase("", false)]
    public void Succeeded_ExitCodeIsZero_TheAnswerDecides(string output, bool expected) =>
        Assert.That(new RemoteResult("i-1", "Success", 0, output).Succeeded, Is.EqualTo(expected));

    [Test]
    public void Reason_AnswerWasCut_IsWhatCame() =>
        Assert.That(new RemoteResult("i-1", "Success", 0, """{"ok":false,"error":"db""").Reason, Is.EqualTo("""{"ok":false,"error":"db"""));
}
