namespace SyncStorage.ServiceHost.Monitoring;

/// <summary>A figure of one interval.</summary>
/// <param name="Name">E.g. <c>Requests</c>.</param>
/// <param name="Unit">As CloudWatch calls it.</param>
/// <param name="At">The interval's end.</param>
/// <param name="Values">The values, each with how often it was seen; at least one.</param>
internal sealed record Figure(string Name, string Unit, DateTimeOffset At, IReadOnlyList<(double Value, double Count)> Values);

/// <summary>A line of the log.</summary>
/// <param name="At">When it was written.</param>
/// <param name="Text">The JSON object.</param>
internal sealed record LogLine(DateTimeOffset At, string Text);

/// <summary>Where figures and log lines go: CloudWatch.</summary>
internal interface IMonitoring
{
    /// <summary>Sends figures, all or none of them.</summary>
    Task SendAsync(IReadOnlyList<Figure> figures, CancellationToken cancellationToken);

    /// <summary>Sends log lines in the order of their times, all or none of them.</summary>
    /// <exception cref="RefusedForGoodException">They will never be taken.</exception>
    Task SendAsync(IReadOnlyList<LogLine> lines, CancellationToken cancellationToken);
}

/// <summary>Sending the same again is of no use.</summary>
internal sealed class RefusedForGoodException(string message, Exception inner) : Exception(message, inner);
