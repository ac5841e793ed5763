using SyncStorage.TokenServer.Observability;
using SyncStorage.TokenServer.Serving;
using SyncStorage.TokenServer.Users;

namespace SyncStorage.TokenServer.Purging;

/// <summary>
/// Purges old records every so often; at other times than the other token servers, and the first time not at the start. Two that meet delete
/// the same data twice, which harms nobody.
/// </summary>
internal sealed partial class PurgeService(TokenServingHolder serving, TokenMetrics metrics, TimeProvider time, ILogger<PurgeService> log) : BackgroundService
{
    private const double Jitter = 0.4;
    private const int MostRecords = 10_000;
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var interval = serving.Current is { } known ? TimeSpan.FromSeconds(known.Document.Purge.IntervalSeconds) : LookAgain;
            await Task.Delay(interval * (1 - Jitter / 2 + Random.Shared.NextDouble() * Jitter), time, stoppingToken);
            if (serving.Current is { } state) await PurgeAsync(state, stoppingToken);
        }
    }

    private async Task PurgeAsync(TokenServing state, CancellationToken cancellationToken)
    {
        try
        {
            var purge = new RecordPurge(new OldRecords(state.Store.Source), new NodeData(state.Signers, time), time);
            var result = await purge.RunAsync(TimeSpan.FromSeconds(state.Document.Purge.GraceSeconds), force: false, MostRecords, cancellationToken);
            metrics.PurgedRecords.Add(result.Purged);
            metrics.FailedPurges.Add(result.Failed);
            if (result is not { Purged: 0, Failed: 0 }) LogPurged(result.Purged, result.Failed, result.LastError);
        }
        catch (Exception exception) when (exception is StoreException or ObjectDisposedException)
        {
            LogFailed(exception.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Purged {Records} old records; put {Failed} off ({Reason})")]
    private partial void LogPurged(int records, int failed, string? reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not purge: {Reason}")]
    private partial void LogFailed(string reason);
}
