using System.ComponentModel.DataAnnotations;

namespace SyncStorage.Pipeline.Settings;

/// <summary>What is kept of figures and logs, and when somebody is told.</summary>
public sealed record MonitoringSettings
{
    /// <summary>How often a webhead sends its figures, in seconds, 1 to 300. Default 60.</summary>
    [Range(1, 300)]
    public int IntervalSeconds { get; init; } = 60;

    /// <summary>How many days logs are kept: one of those that CloudWatch Logs has, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365 and so on. Default 30.</summary>
    [Range(1, 3653)]
    public int LogDays { get; init; } = 30;

    /// <summary>The ARN of the SNS topic that alarms tell when they ring and when they are over; null for none.</summary>
    [RegularExpression("arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_.-]+", ErrorMessage = "the ARN of an SNS topic")]
    public string? AlarmTopic { get; init; }

    /// <summary>Whether an alarm that begins to ring while a batch is watched rolls the rollout back. Default true.</summary>
    public bool RollBack { get; init; } = true;

    /// <summary>When alarms ring.</summary>
    public AlarmSettings Alarms { get; init; } = new();
}

/// <summary>From what on alarms ring.</summary>
public sealed record AlarmSettings
{
    /// <summary>The share of requests that are answered with a status of 500 or more, in per cent. Default 5.</summary>
    [Range(0.01, 100.0)]
    public double ErrorPercent { get; init; } = 5;

    /// <summary>Minutes with no more requests than this say nothing of the share of errors. Default 20.</summary>
    [Range(0, 1_000_000)]
    public int ErrorRequests { get; init; } = 20;

    /// <summary>How long 5 per cent of the requests wait for an answer, in seconds. Default 1.</summary>
    [Range(0.001, 3600.0)]
    public double LatencySeconds { get; init; } = 1;

    /// <summary>The share of a dbnode's storage that is left, in per cent. Default 15.</summary>
    [Range(1.0, 99.0)]
    public double FreeStoragePercent { get; init; } = 15;

    /// <summary>Connections to a dbnode. Default 100.</summary>
    [Range(1, 100_000)]
    public int Connections { get; init; } = 100;

    /// <summary>Items that the cache threw out for lack of room, in five minutes. Default 1000.</summary>
    [Range(0, 1_000_000_000)]
    public int Evictions { get; init; } = 1000;

    /// <summary>The days until the load balancer's certificate expires. Default 30.</summary>
    [Range(1, 398)]
    public int CertificateDays { get; init; } = 30;
}
