namespace SyncStorage.ServiceHost.Monitoring;

/// <summary>
/// Sends figures every interval and log lines every other second, in the background and in bounded memory: no request ever waits for it. What can't be
/// sent is tried again, more and more slowly; at the end of the service what waits is sent once more.
/// </summary>
internal sealed partial class MonitoringService(IMonitoring monitoring, LogQueue logs, FigureCollector collector, TimeSpan interval, TimeProvider time, ILogger<MonitoringService> log)
    : BackgroundService
{
    /// <summary>Intervals that are kept while CloudWatch can't be reached.</summary>
    public const int MostIntervals = 60;

    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LastBudget = TimeSpan.FromSeconds(3);

    private readonly Queue<IReadOnlyList<Figure>> waiting = new();

    /// <summary>Sends what waits, one last time.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var budget = new CancellationTokenSource(LastBudget, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(budget.Token, cancellationToken);
        Take();
        await TrySendFiguresAsync(both.Token);
        while (!logs.IsEmpty && await TrySendLogsAsync(both.Token)) { }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        RepeatAsync(interval, async token =>
        {
            Take();
            return await TrySendFiguresAsync(token);
        }, stoppingToken),
        RepeatAsync(LogInterval, async token =>
        {
            var dropped = logs.Dropped;
            while (!logs.IsEmpty)
            {
                if (!await TrySendLogsAsync(token)) return false;
            }

            if (dropped > reported) LogDropped(dropped - reported);
            reported = dropped;
            return true;
        }, stoppingToken));

    private long reported;

    private async Task RepeatAsync(TimeSpan pace, Func<CancellationToken, Task<bool>> act, CancellationToken cancellationToken)
    {
        var failures = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            // Webheads that began together shall not send together.
            var backoff = failures == 0 ? TimeSpan.Zero : Shorter(FirstBackoff * Math.Pow(2, failures - 1), LongestBackoff) * (0.5 + Random.Shared.NextDouble());
            await Task.Delay(pace + backoff, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellationToken.IsCancellationRequested) return;
            failures = await act(cancellationToken) ? 0 : failures + 1;
        }
    }

    private void Take()
    {
        waiting.Enqueue(collector.Collect(time.GetUtcNow()));
        if (waiting.Count > MostIntervals) waiting.Dequeue();
    }

    private async Task<bool> TrySendFiguresAsync(CancellationToken cancellationToken)
    {
        while (waiting.TryPeek(out var figures))
        {
            if (!await TryAsync("figures", () => monitoring.SendAsync(figures, cancellationToken))) return false;
            waiting.Dequeue();
        }

        return true;
    }

    private async Task<bool> TrySendLogsAsync(CancellationToken cancellationToken)
    {
        var batch = logs.Peek();
        if (batch.Count == 0) return true;
        if (!await TryAsync("log lines", () => monitoring.SendAsync(batch, cancellationToken))) return false;
        logs.Remove(batch.Count);
        return true;
    }

    /// <returns>Whether that is done with, sent or never to be.</returns>
    private async Task<bool> TryAsync(string what, Func<Task> send)
    {
        try
        {
            await send();
            return true;
        }
        catch (RefusedForGoodException refused)
        {
            LogRefused(what, refused.Message);
            return true;
        }
#pragma warning disable CA1031 // Whatever it is: that nobody learns of it must not end the service.
        catch (Exception failure) when (failure is not OperationCanceledException)
#pragma warning restore CA1031
        {
            LogFailed(what, failure.Message);
            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    [LoggerMessage(Level = LogLevel.Warning, Message = "CloudWatch does not take {What}, and they are tried again: {Reason}")]
    private partial void LogFailed(string what, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "CloudWatch refused {What}, and they are lost: {Reason}")]
    private partial void LogRefused(string what, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Lines} log lines had no room, and were not sent")]
    private partial void LogDropped(long lines);
}
