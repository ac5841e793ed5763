using System.Text.Json;
using Spectre.Console;
using SyncStorage.Pipeline.Bundles;
using SyncStorage.Pipeline.Journal;
using SyncStorage.Pipeline.Locking;
using SyncStorage.Pipeline.Monitoring;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Rollout;
using SyncStorage.Pipeline.Rotation;
using SyncStorage.Pipeline.State;

namespace SyncStorage.Pipeline.Planning;

/// <summary>Status: what runs now, who deploys, what is unfinished, and what has drifted from the last deployment. Reads only.</summary>
public sealed class StatusStage(
    ClusterStatus status, DeploymentPlan plan, MonitoringStage monitoring, WebheadBuild bundles, Fleet fleet, StateObjects objects, RunOptions options, RunReport report, IAnsiConsole console, TimeProvider time)
{
    // What is compared with a bundle: without one of the release that runs, it would be a plan, and no drift.
    private static readonly HashSet<string> OfTheRelease = ["image", "fleet", "token server's release", "old images"];

    /// <summary>Prints it, and puts it into the report; or gives it as JSON.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var summary = await ReadAsync(cancellationToken);
        report.Take(summary);
        if (options.Json) report.Answer = JsonSerializer.Serialize(summary, StateObjects.Json);
        else if (summary.IsEmpty) console.MarkupLine("Nothing is deployed: ./build.sh --target=Deploy");
        else console.WriteSummary(summary, time.GetUtcNow());
    }

    private async Task<ClusterSummary> ReadAsync(CancellationToken cancellationToken)
    {
        var summary = await status.ReadAsync(cancellationToken);
        if (summary.IsEmpty) return summary;

        var unknown = summary.Unknown.ToList();
        var held = await ClusterStatus.TryAsync("the deploy lock", () => objects.ReadAsync(BucketLockStore.Key, cancellationToken), unknown);
        var journal = await ClusterStatus.TryAsync("the journal", () => DeploymentJournal.LastAsync(objects, cancellationToken), unknown);
        var alarms = await ClusterStatus.TryAsync("alarms", () => monitoring.AlarmsAsync(cancellationToken), unknown);
        var rotations = await ClusterStatus.TryAsync("the rotations", () => RotationStore.UnfinishedAsync(objects, cancellationToken), unknown);
        var notCompared = new List<string>();
        var drift = await DriftAsync(notCompared, cancellationToken);
        return summary with
        {
            Unknown = unknown,
            Lock = held is null ? null : LockDocument.TryParse(held.Text) switch
            {
                { Held: true } document => $"held by {document.Describe()}",
                { } => null,
                null => "held by something that is no holder's document; ./build.sh --target=Unlock",
            },
            Unfinished = journal is { Open: true } open ? Describe(open) : null,
            Rotations = rotations ?? [],
            Drift = drift,
            Alarms = alarms,
            NotCompared = notCompared,
        };
    }

    private static string Describe(JournalDocument journal) =>
        $"{journal.Kind.ToString().ToLowerInvariant()} {journal.Deployment} of {journal.StartedAt:yyyy-MM-dd HH:mm:ss} UTC, {journal.Position}; if it does not run any more, the next run goes on with it";

    private async Task<IReadOnlyList<PlannedChange>> DriftAsync(List<string> notCompared, CancellationToken cancellationToken)
    {
        var sameRelease = await HasBundleOfTheFleetAsync(notCompared, cancellationToken);
        var drift = new List<PlannedChange>();
        foreach (var (about, stage) in plan.Stages.Where(stage => sameRelease || !OfTheRelease.Contains(stage.About)))
            drift.AddRange(await ClusterStatus.TryAsync(about, () => stage.PlanAsync(cancellationToken), notCompared) ?? []);
        return drift;
    }

    private async Task<bool> HasBundleOfTheFleetAsync(List<string> notCompared, CancellationToken cancellationToken)
    {
        var running = FleetHealth.ReleaseOf(await ClusterStatus.TryAsync("the fleet", () => fleet.WebheadsAsync(cancellationToken), notCompared) ?? []);
        var built = bundles.TryLoad()?.Release;
        if (built is not null && (running is null || built == running)) return true;
        notCompared.Add($"image and fleet: {(built is null ? "no bundle is built here" : $"the bundle built here is release {built}")}; ./build.sh --target=Plan says what Deploy would do");
        return false;
    }
}
