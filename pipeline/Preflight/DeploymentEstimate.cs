using Amazon.Runtime;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.History;
using SyncStorage.Pipeline.Journal;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Preflight;

/// <summary>How long a deployment takes, and what the cluster costs: estimates, and said to be.</summary>
public sealed class DeploymentEstimate
{
    private const int Looked = 10;

    /// <summary>Databases of AWS take five to ten minutes; image and cache are made meanwhile.</summary>
    private static readonly TimeSpan Beginnings = TimeSpan.FromMinutes(12);

    /// <summary>To boot, pass the gate and come into service.</summary>
    private static readonly TimeSpan ABatch = TimeSpan.FromMinutes(2);

    private readonly EnvironmentSettings settings;
    private readonly IProgress progress;
    private readonly Memo<IReadOnlyList<TimeSpan>> earlier;

    /// <summary>Reads nothing yet.</summary>
    public DeploymentEstimate(EnvironmentSettings settings, DeploymentHistory history, IProgress progress)
    {
        (this.settings, this.progress) = (settings, progress);
        earlier = new(token => ReadAsync(history, token));
    }

    /// <summary>How long the next deployment takes: as long as the longest of the last ones, or by rule of thumb.</summary>
    public async Task<TimeSpan> DurationAsync(CancellationToken cancellationToken) =>
        await earlier.GetAsync(cancellationToken) is { Count: > 0 } known ? known.Max() : RuleOfThumb();

    /// <summary>Prints both estimates.</summary>
    public async Task ReportAsync(CancellationToken cancellationToken)
    {
        var known = await earlier.GetAsync(cancellationToken);
        var duration = (await DurationAsync(cancellationToken)).TotalMinutes;
        if (known.Count > 0) progress.Found(FormattableString.Invariant($"time: at most {duration:0.0} min, as the last {known.Count} deployments took"));
        if (settings.LocalCloud is not null) return;

        if (known.Count == 0) progress.Found(FormattableString.Invariant($"time: about {duration:0} min by rule of thumb; there is no deployment to go by yet"));

        var cost = MonthlyCost.Of(settings);
        progress.Found(FormattableString.Invariant(
            $"cost: about ${cost.Dollars:0} a month, an estimate by on-demand prices of {cost.Source}: {string.Join(", ", cost.Parts)}; without traffic and snapshots"));
        if (cost.Unknown.Count > 0) progress.Notice($"cost: no price is known of {string.Join(", ", cost.Unknown)}");
    }

    private TimeSpan RuleOfThumb()
    {
        var batches = (settings.Webheads.Count + settings.Rollout.BatchSize - 1) / settings.Rollout.BatchSize;
        return Beginnings + batches * (ABatch + TimeSpan.FromSeconds(settings.Rollout.BakeSeconds));
    }

    private static async Task<IReadOnlyList<TimeSpan>> ReadAsync(DeploymentHistory history, CancellationToken cancellationToken)
    {
        try
        {
            return [.. (await history.ReadAsync(Looked, cancellationToken))
                .Where(entry => entry is { Kind: DeploymentKind.Deploy, Outcome: "succeeded", Runs: 1 }).Select(entry => entry.EndedAt - entry.StartedAt)];
        }
        catch (AmazonServiceException missing) when (missing.IsMissing())
        {
            // No bucket, no history.
            return [];
        }
    }
}
