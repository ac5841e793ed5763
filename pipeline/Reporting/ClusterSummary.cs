using SyncStorage.Pipeline.Planning;

namespace SyncStorage.Pipeline.Reporting;

/// <summary>What runs.</summary>
/// <param name="Webheads">The fleet.</param>
/// <param name="Databases">The dbnodes.</param>
/// <param name="Cache">The cache.</param>
/// <param name="Url">Where clients connect.</param>
public sealed record ClusterSummary(
    IReadOnlyList<SummaryWebhead> Webheads, IReadOnlyList<SummaryDatabase> Databases, SummaryCache? Cache, Uri? Url)
{
    /// <summary>The version of the configuration that webheads should have; null if none was published.</summary>
    public int? Configuration { get; init; }

    /// <summary>The token server; null where the settings have none.</summary>
    public SummaryTokenServer? TokenServer { get; init; }

    /// <summary>What could not be read, and why.</summary>
    public IReadOnlyList<string> Unknown { get; init; } = [];

    /// <summary>Who holds the deploy lock; null if nobody does, or it was not asked.</summary>
    public string? Lock { get; init; }

    /// <summary>The deployment that is not finished; null if there is none, or it was not asked.</summary>
    public string? Unfinished { get; init; }

    /// <summary>The rotations that are unfinished.</summary>
    public IReadOnlyList<string> Rotations { get; init; } = [];

    /// <summary>What differs from the last deployment; null if it was not asked.</summary>
    public IReadOnlyList<PlannedChange>? Drift { get; init; }

    /// <summary>The alarms, and whether they ring; null without monitoring, or if it was not asked.</summary>
    public IReadOnlyList<SummaryAlarm>? Alarms { get; init; }

    /// <summary>What was not compared, and why.</summary>
    public IReadOnlyList<string> NotCompared { get; init; } = [];

    /// <summary>Whether there is nothing at all.</summary>
    public bool IsEmpty => Webheads.Count == 0 && Url is null && Cache is null && Unknown.Count == 0 && Databases.All(database => database.Address is null && database.Status == "missing");
}

/// <summary>One alarm.</summary>
/// <param name="Name">E.g. <c>sync2/errors</c>.</param>
/// <param name="State"><c>OK</c>, <c>ALARM</c> or <c>INSUFFICIENT_DATA</c>.</param>
/// <param name="Reason">Why.</param>
public sealed record SummaryAlarm(string Name, string State, string Reason);

/// <summary>One webhead.</summary>
/// <param name="Id">Its instance.</param>
/// <param name="Zone">Its availability zone.</param>
/// <param name="Address">Its private address.</param>
/// <param name="Release">The release that it runs.</param>
/// <param name="Verdict">The load balancer's verdict, e.g. <c>in service</c>.</param>
/// <param name="Heartbeat">Its heartbeat's status; null if it was not asked.</param>
public sealed record SummaryWebhead(string Id, string? Zone, string? Address, string? Release, string Verdict, string? Heartbeat)
{
    /// <summary>When it was launched.</summary>
    public DateTimeOffset? LaunchedAt { get; init; }

    /// <summary>The version of the configuration that it has; null if that is not known.</summary>
    public int? Configuration { get; init; }

    /// <summary>Whether the load balancer gives it new requests.</summary>
    public bool IsServing => Verdict.Replace(" ", "", StringComparison.Ordinal).Equals("InService", StringComparison.OrdinalIgnoreCase);
}

/// <summary>The token server.</summary>
/// <param name="Instances">Its instances.</param>
/// <param name="Url">Where clients connect; null if there is no load balancer.</param>
/// <param name="Configuration">The version of the configuration that they should have; null if none was published.</param>
public sealed record SummaryTokenServer(IReadOnlyList<SummaryWebhead> Instances, Uri? Url, int? Configuration);

/// <summary>One dbnode.</summary>
/// <param name="Name">Its database instance.</param>
/// <param name="Status">E.g. <c>available</c>.</param>
/// <param name="Address">Its endpoint.</param>
/// <param name="Hosts">Its virtual hostnames.</param>
public sealed record SummaryDatabase(string Name, string Status, string? Address, IReadOnlyList<string> Hosts);

/// <summary>The cache.</summary>
/// <param name="Name">The cluster.</param>
/// <param name="Status">E.g. <c>available</c>.</param>
/// <param name="Address">The configuration endpoint.</param>
/// <param name="Nodes">How many nodes.</param>
public sealed record SummaryCache(string Name, string Status, string? Address, int Nodes);
