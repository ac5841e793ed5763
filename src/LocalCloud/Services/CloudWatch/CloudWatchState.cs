using System.Text.Json.Nodes;

namespace SyncStorage.LocalCloud.Services.CloudWatch;

/// <summary>What CloudWatch keeps across restarts: no figures.</summary>
internal sealed class CloudWatchState
{
    public SortedDictionary<string, AlarmRecord> Alarms { get; set; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, DashboardRecord> Dashboards { get; set; } = new(StringComparer.Ordinal);
}

/// <summary>An alarm.</summary>
internal sealed class AlarmRecord
{
    public const string Ok = "OK";
    public const string Alarm = "ALARM";
    public const string Insufficient = "INSUFFICIENT_DATA";

    public required string Name { get; set; }

    /// <summary>What it was put with, by the model's names, but for tags and name.</summary>
    public JsonObject Settings { get; set; } = [];

    public string State { get; set; } = Insufficient;

    public string Reason { get; set; } = "Unchecked: Initial alarm creation";

    public DateTimeOffset ConfiguredAt { get; set; }

    /// <summary>When the state or its reason changed.</summary>
    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>When the state changed.</summary>
    public DateTimeOffset TransitionedAt { get; set; }

    public SortedDictionary<string, string> Tags { get; set; } = new(StringComparer.Ordinal);
}

/// <summary>A dashboard.</summary>
internal sealed class DashboardRecord
{
    public required string Name { get; set; }

    public required string Body { get; set; }

    public DateTimeOffset ModifiedAt { get; set; }

    public SortedDictionary<string, string> Tags { get; set; } = new(StringComparer.Ordinal);
}
