using System.Net;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SyncStorage.LocalCloud.Processes;

namespace SyncStorage.LocalCloud.Services.Rds;

/// <summary>What the database service keeps across restarts. No password is in it.</summary>
internal sealed class RdsState
{
    public SortedDictionary<string, DatabaseRecord> Databases { get; set; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, SubnetGroupRecord> SubnetGroups { get; set; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, SnapshotRecord> Snapshots { get; set; } = new(StringComparer.Ordinal);
}

/// <summary>One database instance.</summary>
internal sealed class DatabaseRecord
{
    public required string Id { get; set; }

    public required string ResourceId { get; set; }

    public required string Engine { get; set; }

    public required string MasterUsername { get; set; }

    public string? DatabaseName { get; set; }

    /// <summary>E.g. <c>creating</c>, <c>available</c>; as AWS names them.</summary>
    public required string Status { get; set; }

    /// <summary>Why it failed, or null.</summary>
    public string? StatusMessage { get; set; }

    /// <summary>How much storage it had when that became full, as a fault on demand; null if it never did.</summary>
    public int? FullGiB { get; set; }

    /// <summary>Whether it has got no more since.</summary>
    [JsonIgnore]
    public bool IsFull => FullGiB is { } full && Settings.Number("AllocatedStorage") <= full;

    public DateTimeOffset CreatedAt { get; set; }

    public required string Zone { get; set; }

    public required string SubnetGroup { get; set; }

    public List<string> SecurityGroups { get; set; } = [];

    public int Port { get; set; }

    /// <summary>Empty until it has one.</summary>
    public string Address { get; set; } = "";

    public string ParameterGroup { get; set; } = "";

    /// <summary>The members of <c>DBInstance</c> that a modification may change, by the model's names.</summary>
    public JsonObject Settings { get; set; } = [];

    /// <summary>Modifications that wait for the maintenance window, by the model's names.</summary>
    public JsonObject Pending { get; set; } = [];

    public SortedDictionary<string, string> Tags { get; set; } = new(StringComparer.Ordinal);

    /// <summary>The server's process, or null while none should run.</summary>
    public ProcessHandle? Process { get; set; }

    /// <summary>What is left to do when it is being deleted.</summary>
    public string? FinalSnapshot { get; set; }

    /// <summary>What the data plane needs to know of it.</summary>
    public DatabaseServer Server() => new(Id, IPAddress.Parse(Address), Port, MasterUsername, DatabaseName, Settings.Required("DBInstanceClass"));
}

internal sealed class SubnetGroupRecord
{
    public required string Name { get; set; }

    public required string Description { get; set; }

    public List<string> Subnets { get; set; } = [];

    public SortedDictionary<string, string> Tags { get; set; } = new(StringComparer.Ordinal);
}

/// <summary>A snapshot; its archive is a file of the same name.</summary>
internal sealed class SnapshotRecord
{
    public required string Id { get; set; }

    public required string DatabaseId { get; set; }

    public required string Status { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>The database's members that the snapshot shows, by the model's names.</summary>
    public JsonObject Facts { get; set; } = [];

    public SortedDictionary<string, string> Tags { get; set; } = new(StringComparer.Ordinal);
}
