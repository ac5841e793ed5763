using System.Buffers.Binary;
using System.Globalization;

namespace SyncStorage.DatabaseNode.Backups;

/// <summary>An event of a binary log: where it begins, and when its statement did.</summary>
/// <param name="Position">In bytes from the file's start.</param>
/// <param name="End">Where the next one begins.</param>
/// <param name="Time">To the second.</param>
/// <param name="BeginsTransaction">Whether a transaction, or a statement that is one, begins with it.</param>
internal sealed record LogEvent(long Position, long End, DateTimeOffset Time, bool BeginsTransaction);

/// <summary>Reads what the headers of a binary log's events say; what they hold is the server's to read.</summary>
internal static class BinaryLog
{
    private const int HeaderBytes = 19;
    private const byte GlobalTransactionId = 162;

    private static readonly byte[] Magic = [0xfe, 0x62, 0x69, 0x6e];

    /// <summary>The number of a file, by which files follow each other: 12 of <c>binlog.000012</c>.</summary>
    /// <exception cref="FormatException">It is no name of a binary log.</exception>
    public static int NumberOf(string file) => int.Parse(Path.GetExtension(file).AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>All events of a file, whole.</summary>
    /// <exception cref="InvalidDataException">It is no binary log, or ends within an event.</exception>
    public static IEnumerable<LogEvent> Events(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var header = new byte[HeaderBytes];
        if (stream.ReadAtLeast(header.AsSpan(0, Magic.Length), Magic.Length, throwOnEndOfStream: false) < Magic.Length || !header.AsSpan(0, Magic.Length).SequenceEqual(Magic))
            throw new InvalidDataException("It is no binary log.");
        var position = (long)Magic.Length;
        while (stream.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) is var read && read > 0)
        {
            var length = read < HeaderBytes ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(9));
            if (length < HeaderBytes || position + length > stream.Length) throw new InvalidDataException($"It ends within the event at {position}.");
            yield return new LogEvent(position, position + length, DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadUInt32LittleEndian(header)), header[4] == GlobalTransactionId);
            position += length;
            stream.Position = position;
        }
    }

    /// <summary>How much of a file is whole: one that was copied while it was written may end within a transaction.</summary>
    /// <exception cref="InvalidDataException">It is no binary log.</exception>
    public static long WholeBytes(Stream stream)
    {
        var (begin, end) = (0L, 0L);
        try
        {
            foreach (var one in Events(stream))
            {
                if (one.BeginsTransaction) begin = one.Position;
                end = one.End;
            }

            return end;
        }
        catch (InvalidDataException) when (end > 0)
        {
            return begin > 0 ? begin : end;
        }
    }

    /// <summary>Where the first transaction that began after a time begins; null if there is none.</summary>
    public static long? FirstAfter(Stream stream, DateTimeOffset time) =>
        Events(stream).FirstOrDefault(one => one.BeginsTransaction && one.Time > time)?.Position;
}
