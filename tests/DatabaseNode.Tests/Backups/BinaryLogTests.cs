using System.Buffers.Binary;
using SyncStorage.DatabaseNode.Backups;

namespace SyncStorage.DatabaseNode.Tests.Backups;

internal sealed class BinaryLogTests
{
    private const byte Description = 15;
    private const byte Transaction = 162;
    private const byte Rows = 30;

    [Test]
    public void FirstAfter_Transactions_IsWhereTheFirstOneThatIsTooLateBegins()
    {
        using var log = Log((Description, 100, 0), (Transaction, 110, 0), (Rows, 130, 40), (Transaction, 120, 0), (Rows, 120, 40));

        using (Assert.EnterMultipleScope())
        {
            // The rows of the first transaction were written later than it began: they are no reason to stop within it.
            Assert.That(BinaryLog.FirstAfter(log, At(110)), Is.EqualTo(4 + 19 + 19 + 59));
            log.Position = 0;
            Assert.That(BinaryLog.FirstAfter(log, At(120)), Is.Null);
            log.Position = 0;
            Assert.That(BinaryLog.FirstAfter(log, At(99)), Is.EqualTo(4 + 19));
        }
    }

    [Test]
    public void WholeBytes_CopiedWithinATransaction_AreThoseBeforeIt()
    {
        using var log = Log((Description, 100, 0), (Transaction, 110, 0), (Rows, 110, 40), (Transaction, 120, 0), (Rows, 120, 40));
        var whole = log.Length;
        using var cut = new MemoryStream(log.ToArray()[..^10]);

        Assert.That((BinaryLog.WholeBytes(log), BinaryLog.WholeBytes(cut)), Is.EqualTo((whole, 4L + 19 + 19 + 59)));
    }

    [TestCase(3)]
    [TestCase(30)]
    public void Events_CutOff_SayWhere(int bytes)
    {
        using var log = Log((Description, 100, 50));
        using var cut = new MemoryStream(log.ToArray()[..bytes]);

        Assert.That(() => BinaryLog.Events(cut).ToList(), Throws.InstanceOf<InvalidDataException>());
    }

    [Test]
    public void Events_SomethingElse_IsNoBinaryLog()
    {
        using var text = new MemoryStream("not a log at all, but long enough to be one"u8.ToArray());

        Assert.That(() => BinaryLog.WholeBytes(text), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("no binary log"));
    }

    [Test]
    public void NumberOf_File_IsItsExtension() => Assert.That(BinaryLog.NumberOf("/data/binlog.000012"), Is.EqualTo(12));

    private static DateTimeOffset At(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds);

    private static MemoryStream Log(params (byte, uint, int)[] events)
    {
        var stream = new MemoryStream();
        stream.Write([0xfe, 0x62, 0x69, 0x6e]);
        foreach (var (type, seconds, body) in events)
        {
            var bytes = new byte[19 + body];
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, seconds);
            bytes[4] = type;
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(9), (uint)bytes.Length);
            stream.Write(bytes);
        }

        stream.Position = 0;
        return stream;
    }
}
