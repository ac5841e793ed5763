using System.Text.Json.Nodes;

namespace SyncStorage.LocalCloud.Services.Route53;

/// <summary>What Route 53 keeps across restarts.</summary>
internal sealed class Route53State
{
    public List<HostedZoneRecord> Zones { get; set; } = [];

    /// <summary>The changes, the newest last.</summary>
    public List<ChangeRecord> Changes { get; set; } = [];
}

/// <summary>One hosted zone.</summary>
internal sealed class HostedZoneRecord
{
    public required string Id { get; init; }

    /// <summary>With a dot at the end.</summary>
    public required string Name { get; init; }

    public required string CallerReference { get; init; }

    public string? Comment { get; init; }

    public required List<string> NameServers { get; init; }

    /// <summary>The record sets as the API shows them, as <see cref="RecordRules.Normalize"/> writes them.</summary>
    public List<JsonObject> Records { get; set; } = [];

    /// <summary>Those that name servers answer with: changes get there when they are in sync.</summary>
    public List<JsonObject> Served { get; set; } = [];

    /// <summary>What will be served, and from when on.</summary>
    public List<PendingRecords> Pending { get; set; } = [];
}

/// <param name="From">When name servers have it.</param>
/// <param name="Records">All of the zone's record sets then.</param>
internal sealed record PendingRecords(DateTimeOffset From, List<JsonObject> Records);

/// <param name="Id">Its id.</param>
/// <param name="SubmittedAt">When it was asked for.</param>
/// <param name="InSyncAt">From when on all name servers have it.</param>
/// <param name="Comment">What its batch said, or null.</param>
internal sealed record ChangeRecord(string Id, DateTimeOffset SubmittedAt, DateTimeOffset InSyncAt, string? Comment);
