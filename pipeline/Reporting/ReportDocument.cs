using System.Text.Json;
using System.Text.Json.Serialization;

namespace SyncStorage.Pipeline.Reporting;

/// <summary><c>report.json</c>: what a run found, did and left, for programs. Its members are not renamed or removed.</summary>
public sealed record ReportDocument
{
    /// <summary>The <see cref="Result"/> in what a hook gets while the run goes on.</summary>
    internal const string Running = "running";

    /// <summary><c>succeeded</c>, <c>failed</c>, <c>rolledBack</c>, <c>stuck</c> or <c>interrupted</c>.</summary>
    public required string Result { get; init; }

    /// <summary>The process's exit code.</summary>
    public required int ExitCode { get; init; }

    /// <summary>The environment's name.</summary>
    public string? Environment { get; init; }

    /// <summary>The cluster's name.</summary>
    public string? Cluster { get; init; }

    /// <summary>The release that was deployed.</summary>
    public string? Release { get; init; }

    /// <summary>The digest of its bundle.</summary>
    public string? BundleDigest { get; init; }

    /// <summary>The image baked from it.</summary>
    public string? ImageId { get; init; }

    /// <summary>Where clients reach the cluster.</summary>
    public Uri? LoadBalancerUrl { get; init; }

    /// <summary>What ran, in order.</summary>
    public required IReadOnlyList<ReportStage> Stages { get; init; }

    /// <summary>The calls to AWS.</summary>
    public required ReportApiCalls ApiCalls { get; init; }

    /// <summary>The fleet at the end.</summary>
    public IReadOnlyList<ReportWebhead> Webheads { get; init; } = [];

    /// <summary>The cluster's token server. Absent where it has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ReportTokenServer? TokenServer { get; init; }

    /// <summary>What ended the run; null if it succeeded.</summary>
    public ReportError? Error { get; init; }

    /// <summary>The version of the webheads' configuration.</summary>
    public int? Configuration { get; init; }

    /// <summary>In what a hook gets: which hook it is. Absent from the run's own report.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ReportHook? Hook { get; init; }

    /// <summary>The document as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Format);

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };
}

/// <summary>What a hook is run for.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="When"><c>before</c> or <c>after</c>.</param>
public sealed record ReportHook(string Stage, string When);

/// <summary>One stage.</summary>
/// <param name="Name">The target's name.</param>
/// <param name="StartedAt">When.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Changes">What it changed.</param>
public sealed record ReportStage(string Name, DateTimeOffset StartedAt, double Seconds, IReadOnlyList<string> Changes);

/// <summary>The calls to AWS.</summary>
/// <param name="Reading">Calls that looked, polls included.</param>
/// <param name="Mutating">Calls that changed something.</param>
/// <param name="Remote">Calls that ran commands on instances, or asked for their answers.</param>
/// <param name="State">Calls that read or wrote the deployment's own state: lock, journal, history.</param>
/// <param name="Polls">Of the reading calls, those that were looks of a wait.</param>
/// <param name="ByOperation">Each operation's.</param>
public sealed record ReportApiCalls(int Reading, int Mutating, int Remote, int State, int Polls, IReadOnlyList<ReportOperation> ByOperation);

/// <summary>The calls of one operation.</summary>
/// <param name="Service">E.g. <c>ec2</c>.</param>
/// <param name="Operation">E.g. <c>RunInstances</c>.</param>
/// <param name="Kind"><c>reading</c>, <c>mutating</c>, <c>remote</c> or <c>state</c>.</param>
/// <param name="Count">Calls.</param>
/// <param name="Retries">Further attempts.</param>
public sealed record ReportOperation(string Service, string Operation, Aws.CallKind Kind, int Count, int Retries);

/// <summary>One webhead at the end of the run.</summary>
/// <param name="Id">Its instance.</param>
/// <param name="Release">The release that it runs.</param>
/// <param name="Serving">Whether the load balancer sends it requests.</param>
/// <param name="Heartbeat">Its heartbeat's status, e.g. <c>ok</c>; null if it was not asked.</param>
public sealed record ReportWebhead(string Id, string? Release, bool Serving, string? Heartbeat)
{
    /// <summary>Its availability zone.</summary>
    public string? Zone { get; init; }

    /// <summary>The load balancer's word on it.</summary>
    public string? Verdict { get; init; }

    /// <summary>When it was launched.</summary>
    public DateTimeOffset? LaunchedAt { get; init; }

    /// <summary>The version of the configuration that it has.</summary>
    public int? Configuration { get; init; }
}

/// <summary>The token server, as the run deployed or found it.</summary>
public sealed record ReportTokenServer
{
    /// <summary>The release that was deployed.</summary>
    public string? Release { get; init; }

    /// <summary>The digest of its bundle.</summary>
    public string? BundleDigest { get; init; }

    /// <summary>The image baked from it.</summary>
    public string? ImageId { get; init; }

    /// <summary>Where clients reach it.</summary>
    public Uri? LoadBalancerUrl { get; init; }

    /// <summary>The version of its configuration.</summary>
    public int? Configuration { get; init; }

    /// <summary>Its instances at the end of the run.</summary>
    public IReadOnlyList<ReportWebhead> Instances { get; init; } = [];
}

/// <summary>What ended a run.</summary>
/// <param name="Code">The error code's name, e.g. <c>GateFailed</c>.</param>
/// <param name="Message">What happened.</param>
/// <param name="LastSeen">The last state seen.</param>
/// <param name="Hint">What to do next.</param>
public sealed record ReportError(string Code, string Message, string? LastSeen, string? Hint);
