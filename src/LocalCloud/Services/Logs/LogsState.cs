namespace SyncStorage.LocalCloud.Services.Logs;

/// <summary>What CloudWatch Logs keeps across restarts, but for the events, which have files of their own.</summary>
internal sealed class LogsState
{
    public SortedDictionary<string, LogGroupRecord> Groups { get; set; } = new(StringComparer.Ordinal);
}

/// <summary>A log group.</summary>
internal sealed class LogGroupRecord
{
    public required string Name { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Days that events are kept; null for ever.</summary>
    public int? RetentionInDays { get; set; }

    /// <summary>When each stream was made, by its name.</summary>
    public SortedDictionary<string, DateTimeOffset> Streams { get; set; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, string> Tags { get; set; } = new(StringComparer.Ordinal);
}

/// <summary>One event.</summary>
/// <param name="Id">Grows with every event.</param>
/// <param name="At">When it happened, in milliseconds since 1970.</param>
/// <param name="Taken">When it came.</param>
/// <param name="Message">What it says.</param>
internal sealed record LogEvent(long Id, long At, long Taken, string Message);
