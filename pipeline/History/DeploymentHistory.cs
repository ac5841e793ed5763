using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Journal;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.State;

namespace SyncStorage.Pipeline.History;

/// <summary>The deployments of a cluster: one object each. Those that found nothing to change leave none.</summary>
public sealed class DeploymentHistory(
    StateObjects objects, DeploymentJournal journal, ConfigStore configuration, RunOptions options, RunOrigin origin, RunReport report, TimeProvider time)
{
    /// <summary>Writes this run's entry; a run that goes on with a deployment replaces the one of the run before.</summary>
    /// <param name="failure">How it ended.</param>
    /// <param name="cancellationToken">Cancels the calls.</param>
    public async Task WriteAsync(PipelineException? failure, CancellationToken cancellationToken)
    {
        if (journal.Current is not { } deployment || failure is { Code: ErrorCode.LockLost }) return;
        var document = report.Document(failure);
        if (document.ApiCalls.Mutating == 0 && failure is null && deployment.Runs == 1) return;

        var entry = new HistoryEntry
        {
            Deployment = deployment.Deployment,
            Kind = deployment.Kind,
            Target = options.Target,
            Outcome = document.Result,
            ExitCode = document.ExitCode,
            Error = document.Error is { } error ? $"{error.Code}: {error.Message}" : null,
            Who = origin.Who,
            Run = origin.Run,
            Commit = await origin.CommitAsync(cancellationToken),
            StartedAt = deployment.StartedAt,
            EndedAt = time.GetUtcNow(),
            Runs = deployment.Runs,
            Release = deployment.Release ?? document.Release,
            PreviousRelease = deployment.PreviousRelease,
            TokenServerRelease = deployment.TokenServer?.Release ?? document.TokenServer?.Release,
            PreviousTokenServerRelease = deployment.TokenServer?.PreviousRelease,
            BundleDigest = document.BundleDigest,
            ImageId = document.ImageId,
            LaunchSpec = deployment.LaunchSpec,
            Configuration = (await ConfigurationAsync(cancellationToken))?.Version,
            Stages = [.. document.Stages.Select(stage => new HistoryStage(stage.Name, stage.Seconds, stage.Changes.Count))],
        };
        for (var tries = 0; tries < 3; tries++)
        {
            var before = deployment.Runs == 1 && tries == 0 ? null : await objects.ReadAsync(entry.Key, cancellationToken);
            if (await objects.SwapAsync(entry.Key, entry.ToJson(), before?.ETag, cancellationToken) is not null) return;
        }
    }

    /// <summary>The newest entries, newest first.</summary>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellationToken">Cancels the calls.</param>
    public async Task<IReadOnlyList<HistoryEntry>> ReadAsync(int most, CancellationToken cancellationToken)
    {
        var keys = await objects.ListAsync(HistoryEntry.Prefix, cancellationToken);
        var entries = new List<HistoryEntry>();
        foreach (var key in keys.OrderDescending(StringComparer.Ordinal).Take(most))
        {
            if (await objects.ReadAsync(key, cancellationToken) is { } stored && HistoryEntry.TryParse(stored.Text) is { } entry) entries.Add(entry);
        }

        return entries;
    }

    private async Task<ConfigDocument?> ConfigurationAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await configuration.CurrentAsync(cancellationToken);
        }
        catch (PipelineException exception) when (exception.Code == ErrorCode.ConfigurationConflict)
        {
            // Such a run has failed of that already.
            return null;
        }
    }
}
