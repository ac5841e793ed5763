namespace SyncStorage.ServiceHost.Monitoring;

/// <summary>
/// Log lines that wait to be sent, in bounded memory: what has no room is counted, and dropped. Whoever logs never waits.
/// </summary>
internal sealed class LogQueue(TimeProvider time)
{
    /// <summary>The most that waits, in characters.</summary>
    public const int MostCharacters = 4 * 1024 * 1024;

    // A batch of CloudWatch Logs may have 1 MiB of UTF-8 with 26 bytes more a line, and 10,000 lines.
    private const int BatchCharacters = 250 * 1024;
    private const int BatchLines = 5000;
    private const int LineOverhead = 26;

    /// <summary>CloudWatch Logs takes no longer lines.</summary>
    private const int LongestLine = 200 * 1024;

    // All lines of a batch are of the same day.
    private static readonly TimeSpan BatchSpan = TimeSpan.FromHours(23);

    private readonly Lock gate = new();
    private readonly Queue<LogLine> lines = new();
    private int characters;
    private long dropped;

    /// <summary>Lines that had no room, ever.</summary>
    public long Dropped => Interlocked.Read(ref dropped);

    /// <summary>Whether nothing waits.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (gate) return lines.Count == 0;
        }
    }

    public void Add(string text)
    {
        var line = new LogLine(time.GetUtcNow(), text.Length <= LongestLine ? text : text[..LongestLine]);
        lock (gate)
        {
            if (characters + line.Text.Length > MostCharacters)
            {
                Interlocked.Increment(ref dropped);
                return;
            }

            lines.Enqueue(line);
            characters += line.Text.Length;
        }
    }

    /// <summary>The oldest lines, as many as one call takes; they stay until <see cref="Remove"/>.</summary>
    public IReadOnlyList<LogLine> Peek()
    {
        lock (gate)
        {
            if (lines.Count == 0) return [];
            var until = lines.Peek().At + BatchSpan;
            var size = 0;
            var batch = lines.Take(BatchLines).TakeWhile(line => line.At < until && (size += line.Text.Length + LineOverhead) <= BatchCharacters).ToList();
            batch.Sort((one, other) => one.At.CompareTo(other.At));
            return batch;
        }
    }

    /// <summary>The oldest lines were sent, or never will be.</summary>
    public void Remove(int count)
    {
        lock (gate)
        {
            for (var i = 0; i < count; i++) characters -= lines.Dequeue().Text.Length;
        }
    }
}
