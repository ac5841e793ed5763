using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Instances;

namespace SyncStorage.Pipeline.Reporting;

/// <summary>Collects what a run finds, does and leaves. Safe to use from several threads.</summary>
/// <param name="calls">Counts the calls to AWS.</param>
/// <param name="time">The clock.</param>
public sealed class RunReport(CallRecorder calls, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly List<StageRecord> stages = [];

    /// <summary>The environment's name.</summary>
    public string? Environment { get; set; }

    /// <summary>The cluster's name.</summary>
    public string? Cluster { get; set; }

    /// <summary>The release that is deployed.</summary>
    public string? Release { get; set; }

    /// <summary>The digest of its bundle.</summary>
    public string? BundleDigest { get; set; }

    /// <summary>The image baked from it.</summary>
    public string? ImageId { get; set; }

    /// <summary>Where clients reach the cluster.</summary>
    public Uri? LoadBalancerUrl { get; set; }

    /// <summary>What a program wants to know of the run, as JSON, if it asked; it is no part of the report.</summary>
    public string? Answer { get; set; }

    /// <summary>The version of the webheads' configuration at the end.</summary>
    public int? Configuration { get; set; }

    /// <summary>The fleet at the end.</summary>
    public IReadOnlyList<ReportWebhead> Webheads { get; set; } = [];

    /// <summary>The token server; null where the cluster has none of its own.</summary>
    public ReportTokenServer? TokenServer { get; set; }

    /// <summary>The stages so far, in the order of their start.</summary>
    public IReadOnlyList<StageRecord> Stages
    {
        get
        {
            lock (gate)
                return [.. stages];
        }
    }

    /// <summary>Takes over what runs at the end.</summary>
    public void Take(ClusterSummary summary)
    {
        LoadBalancerUrl = summary.Url;
        Configuration = summary.Configuration;
        Webheads = Of(summary.Webheads);
        if (summary.TokenServer is { } server)
            TokenServer = Known with { LoadBalancerUrl = server.Url, Configuration = server.Configuration, Instances = Of(server.Instances) };
    }

    private static IReadOnlyList<ReportWebhead> Of(IReadOnlyList<SummaryWebhead> fleet) =>
    [
        .. fleet.Select(webhead => new ReportWebhead(webhead.Id, webhead.Release, webhead.IsServing, webhead.Heartbeat)
        {
            Zone = webhead.Zone,
            Verdict = webhead.Verdict,
            LaunchedAt = webhead.LaunchedAt,
            Configuration = webhead.Configuration,
        }),
    ];

    /// <summary>A role's release is to be deployed.</summary>
    public void Building(ServiceRole role, string release, string digest)
    {
        if (role == ServiceRole.TokenServer) TokenServer = Known with { Release = release, BundleDigest = digest };
        else (Release, BundleDigest) = (release, digest);
    }

    /// <summary>A role's release has this image.</summary>
    public void Deploying(ServiceRole role, string release, string? imageId)
    {
        if (role == ServiceRole.TokenServer) TokenServer = Known with { Release = release, ImageId = imageId };
        else (Release, ImageId) = (release, imageId);
    }

    /// <summary>Clients reach a role here.</summary>
    public void Reached(ServiceRole role, Uri url)
    {
        if (role == ServiceRole.TokenServer) TokenServer = Known with { LoadBalancerUrl = url };
        else LoadBalancerUrl = url;
    }

    /// <summary>A role's fleet is this now.</summary>
    public void Found(ServiceRole role, IReadOnlyList<ReportWebhead> fleet)
    {
        if (role == ServiceRole.TokenServer) TokenServer = Known with { Instances = fleet };
        else Webheads = fleet;
    }

    private ReportTokenServer Known => TokenServer ?? new ReportTokenServer();

    /// <summary>Starts a stage.</summary>
    public StageRecord Begin(string name)
    {
        var stage = new StageRecord(name, time);
        lock (gate)
            stages.Add(stage);
        return stage;
    }

    /// <summary>The document, as of now.</summary>
    /// <param name="failure">What ended the run; null if it succeeded.</param>
    public ReportDocument Document(PipelineException? failure)
    {
        var made = calls.Calls;
        return new ReportDocument
        {
            Result = failure?.Code switch
            {
                null => "succeeded",
                ErrorCode.RolledBack => "rolledBack",
                ErrorCode.Stuck => "stuck",
                ErrorCode.Interrupted => "interrupted",
                _ => "failed",
            },
            ExitCode = failure?.Code.ExitCodeOf() ?? 0,
            Environment = Environment,
            Cluster = Cluster,
            Release = Release,
            BundleDigest = BundleDigest,
            ImageId = ImageId,
            LoadBalancerUrl = LoadBalancerUrl,
            Configuration = Configuration,
            Stages = [.. Stages.Select(stage => new ReportStage(stage.Name, stage.StartedAt, Math.Round(stage.Elapsed.TotalSeconds, 3), stage.Changes))],
            ApiCalls = new ReportApiCalls(
                made.Reading, made.Mutating, made.Remote, made.State, made.Polls,
                [.. made.ByOperation.Select(one => new ReportOperation(one.Service, one.Operation, one.Kind, one.Count, one.Retries))]),
            Webheads = Webheads,
            TokenServer = TokenServer,
            Error = failure is null ? null : new ReportError(failure.Code.ToString(), failure.Message, failure.LastSeen, failure.Hint),
        };
    }
}

/// <summary>One stage of a run.</summary>
/// <param name="name">The target's name.</param>
/// <param name="time">The clock.</param>
public sealed class StageRecord(string name, TimeProvider time)
{
    private readonly long started = time.GetTimestamp();
    private readonly Lock gate = new();
    private readonly List<string> changes = [];
    private readonly Dictionary<string, WaitRecord> waits = [];
    private TimeSpan? took;

    /// <summary>The target's name.</summary>
    public string Name => name;

    /// <summary>When it began.</summary>
    public DateTimeOffset StartedAt { get; } = time.GetUtcNow();

    /// <summary>How long it took, or has taken.</summary>
    public TimeSpan Elapsed => took ?? time.GetElapsedTime(started);

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => took is not null;

    /// <summary>Whether it ended by an error.</summary>
    public bool Failed { get; private set; }

    /// <summary>What it changed, in order.</summary>
    public IReadOnlyList<string> Changes
    {
        get
        {
            lock (gate)
                return [.. changes];
        }
    }

    /// <summary>What it waited for, in order of the first look.</summary>
    public IReadOnlyList<WaitRecord> Waits
    {
        get
        {
            lock (gate)
                return [.. waits.Values];
        }
    }

    /// <summary>Notes a change.</summary>
    public void Changed(string message)
    {
        lock (gate)
            changes.Add(message);
    }

    /// <summary>Notes a look of a wait.</summary>
    public void Waited(string what, TimeSpan elapsed, string lastSeen)
    {
        lock (gate)
            waits[what] = new WaitRecord(what, time.GetUtcNow() - elapsed, elapsed, lastSeen);
    }

    /// <summary>Ends it; again, it does nothing.</summary>
    /// <param name="failed">Whether by an error.</param>
    public void End(bool failed)
    {
        if (took is not null)
            return;
        (took, Failed) = (time.GetElapsedTime(started), failed);
    }
}

/// <summary>One wait of a stage.</summary>
/// <param name="What">What for.</param>
/// <param name="StartedAt">Since when.</param>
/// <param name="Elapsed">How long, at the last look.</param>
/// <param name="LastSeen">The state at the last look.</param>
public sealed record WaitRecord(string What, DateTimeOffset StartedAt, TimeSpan Elapsed, string LastSeen);
