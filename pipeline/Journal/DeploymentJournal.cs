using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Network;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Rollout;
using SyncStorage.Pipeline.State;

namespace SyncStorage.Pipeline.Journal;

/// <summary>
/// The journal of the deployment that this run works on. A run that was killed leaves it open; the next of the same kind goes on with its id:
/// it knows what served before, what was taken out, and which launch had no answer.
/// </summary>
public sealed class DeploymentJournal(StateObjects objects, RunOptions options, TimeProvider time, IProgress progress)
{
    /// <summary>The object's key.</summary>
    public const string Key = "state/journal.json";

    // AWS remembers a client token for about an hour; by then, what was launched is known by its tags.
    private static readonly TimeSpan TokenMemory = TimeSpan.FromMinutes(50);

    private JournalDocument? document;
    private string? etag;
    private bool completed;

    /// <summary>The document as last written, or null before <see cref="BeginAsync"/>.</summary>
    public JournalDocument? Current => document;

    /// <summary>The deployment's id; of a run without a journal, the run's own.</summary>
    public string DeploymentId => document?.Deployment ?? options.DeploymentId;

    /// <summary>The deployment that runs, or ran last, for who only looks; null if there is none, or it can't be told.</summary>
    public static async Task<JournalDocument?> LastAsync(StateObjects objects, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(objects);
        return await objects.ReadAsync(Key, cancellationToken) is { } stored ? JournalDocument.TryParse(stored.Text) : null;
    }

    /// <summary>Opens the journal, once a run: goes on with an unfinished deployment of this kind, or begins a new one.</summary>
    public async Task BeginAsync(DeploymentKind kind, string position, CancellationToken cancellationToken)
    {
        if (document is not null)
        {
            // Written with the next step: a stage alone is repeatable anyway.
            document = document with { Position = position };
            return;
        }

        var stored = await objects.ReadAsync(Key, cancellationToken);
        etag = stored?.ETag;
        var last = stored is null ? null : JournalDocument.TryParse(stored.Text);
        if (kind == DeploymentKind.Rebalance && last is { Open: true, Kind: not DeploymentKind.Rebalance })
            throw new PipelineException(
                ErrorCode.RebalanceRefused, $"A {Word(last.Kind)} is unfinished ({last.Deployment}, {last.Position}): which nodes there will be is not known.", hint: $"Finish it first: ./build.sh --target={last.Kind}");
        if (kind == DeploymentKind.Rotate && last is { Open: true, Kind: not DeploymentKind.Rotate })
            throw new PipelineException(
                ErrorCode.RotationStopped, $"A {Word(last.Kind)} is unfinished ({last.Deployment}, {last.Position}): every webhead must take what is rotated, and which are to stay is not known.",
                hint: $"Finish it first: ./build.sh --target={last.Kind}");
        var next = Next(last, kind) with { Position = position };
        if (last is { Open: true, Kind: DeploymentKind.Rotate } && kind != DeploymentKind.Rotate)
            progress.Notice("a rotation is unfinished, and stays so: nothing of it is undone; ./build.sh --target=Status says which, and running it again finishes it");
        else if (last is { Open: true })
            progress.Notice(next.Deployment == last.Deployment
                ? $"going on with deployment {last.Deployment}, which ended early ({last.Position})"
                : $"an unfinished {Word(last.Kind)} ({last.Deployment}, {last.Position}) is given up for this {Word(kind)}");
        await WriteAsync(next, cancellationToken);
    }

    /// <summary>Notes what is about to be rolled out. Of a rollout that goes on, what served when it began is kept.</summary>
    public Task RolloutAsync(FleetTarget target, IReadOnlyList<Webhead> fleet, LaunchRequest? previous, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        var role = target.Launch.Role;
        var now = Required.RolloutOf(role);
        if (now.LaunchSpec == target.LaunchSpec && now.Served.Count > 0) return WriteAsync(Required with { Position = "rollout, again" }, cancellationToken);
        var serving = fleet.Where(webhead => webhead.Verdict.IsServing).ToList();
        var begun = new JournalRollout
        {
            Release = target.Release,
            PreviousRelease = serving.GroupBy(webhead => webhead.Release).MaxBy(group => group.Count())?.Key,
            LaunchSpec = target.LaunchSpec,
            Previous = previous,
            Served = [.. serving.Select(webhead => webhead.Id)],
            Registered = [.. fleet.Where(webhead => webhead.Verdict.IsRegistered).Select(webhead => webhead.Id).Union(now.LaunchSpec == target.LaunchSpec ? now.Registered : [])],
        };
        return WriteAsync(Required.With(role, begun) with { Position = "rollout" }, cancellationToken);
    }

    /// <summary>Notes a step, before it is made.</summary>
    public Task StepAsync(string position, CancellationToken cancellationToken) => WriteAsync(Required with { Position = position }, cancellationToken);

    /// <summary>Notes instances of a role, before they are taken out of the load balancer.</summary>
    public Task LeavingAsync(string role, string position, IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        var rollout = Required.RolloutOf(role);
        return WriteAsync(Required.With(role, rollout with { Left = [.. rollout.Left.Union(ids)] }) with { Position = position }, cancellationToken);
    }

    /// <summary>Notes a launch, before it is made, and gives it the number that makes its client tokens.</summary>
    /// <returns>The request to send.</returns>
    public async Task<LaunchRequest> LaunchingAsync(
        string position, LaunchRequest request, IReadOnlyDictionary<ZoneSubnet, int> counts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(counts);
        var now = Required;
        var numbered = request with { Deployment = now.Deployment, Step = $"launch-{now.Launches + 1}" };
        var pending = new PendingLaunch(time.GetUtcNow(), numbered, [.. counts.Select(pair => new PendingZone(pair.Key.Zone, pair.Key.SubnetId, pair.Value))]);
        await WriteAsync(now with { Position = position, Launches = now.Launches + 1, Launch = pending }, cancellationToken);
        return numbered;
    }

    /// <summary>The launch has an answer.</summary>
    public Task LaunchedAsync(CancellationToken cancellationToken) => WriteAsync(Required with { Launch = null }, cancellationToken);

    /// <summary>The launch that an earlier run has begun and got no answer to, if AWS still knows its client token.</summary>
    public PendingLaunch? Unanswered => document?.Launch is { } launch && time.GetUtcNow() - launch.BegunAt < TokenMemory ? launch : null;

    /// <summary>What the rollout is for has been reached: the end of this run ends the deployment.</summary>
    public void Complete() => completed = true;

    /// <summary>Notes how the run ended: finished or undone, the journal is closed; otherwise the next run goes on with it.</summary>
    public async Task EndAsync(PipelineException? failure, CancellationToken cancellationToken)
    {
        if (document is not { } now || failure is { Code: ErrorCode.LockLost }) return;
        var touchedNoWebhead = now.LaunchSpec is null && now.TokenServer is null && now.Launch is null;
        var done = failure?.Code switch
        {
            null => completed || touchedNoWebhead,
            ErrorCode.RolledBack => true,
            ErrorCode.Interrupted => false,
            _ => touchedNoWebhead,
        };
        await WriteAsync(now with { Open = !done, Launch = done ? null : now.Launch }, cancellationToken);
    }

    private JournalDocument Required => document ?? throw new InvalidOperationException("The journal was not begun.");

    private JournalDocument Next(JournalDocument? last, DeploymentKind kind)
    {
        var fresh = new JournalDocument { Deployment = options.DeploymentId, Kind = kind, StartedAt = time.GetUtcNow() };
        if (last is not { Open: true }) return fresh;

        // An unanswered launch is another deployment's business, too: its instances are there, or will be.
        return last.Kind == kind ? last with { Runs = last.Runs + 1 } : fresh with { Launch = last.Launch };
    }

    private async Task WriteAsync(JournalDocument next, CancellationToken cancellationToken)
    {
        // Nobody but a run that took the lock over writes here beside this one.
        etag = await objects.WriteAsync(Key, next.ToJson(), etag, cancellationToken) ?? throw new PipelineException(
            ErrorCode.LockLost, "Another deployment writes the journal: this run does nothing more.",
            hint: "./build.sh --target=Status, and once no other deployment runs, run the same command again.");
        document = next;
    }

    private static string Word(DeploymentKind kind) => kind switch
    {
        DeploymentKind.Deploy => "deployment",
        DeploymentKind.Rollback => "rollback",
        DeploymentKind.Heal => "healing",
        DeploymentKind.Rotate => "rotation",
        DeploymentKind.Rebalance => "rebalancing",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
