namespace SyncStorage.LocalCloud.Services.Elb;

/// <summary>What <c>DescribeInstanceHealth</c> says of an instance.</summary>
internal sealed record InstanceHealth(string State, string ReasonCode, string Description)
{
    public static readonly InstanceHealth InService = new("InService", "N/A", "N/A");

    public static readonly InstanceHealth Registering = new("OutOfService", "ELB", "Instance registration is still in progress.");

    public static readonly InstanceHealth Failed = new("OutOfService", "Instance",
        "Instance has failed at least the UnhealthyThreshold number of health checks consecutively.");

    public static readonly InstanceHealth NotYetPassed = new("OutOfService", "Instance",
        "Instance has not passed the configured HealthyThreshold number of health checks consecutively.");

    public static readonly InstanceHealth Stopped = new("OutOfService", "Instance", "Instance is in stopped state.");

    public static readonly InstanceHealth Terminated = new("OutOfService", "Instance", "Instance is in terminated state.");

    public static readonly InstanceHealth Draining = new("InService", "N/A", "Instance deregistration currently in progress.");

    public static readonly InstanceHealth NotRegistered = new("OutOfService", "Instance",
        "Instance is not currently registered with the LoadBalancer.");
}

/// <summary>What one look at an instance found.</summary>
internal enum ProbeOutcome
{
    /// <summary>It answered as it should.</summary>
    Passed,

    /// <summary>It did not, or not in time.</summary>
    Failed,

    /// <summary>It has no address: it is stopped, or still pending.</summary>
    NotRunning,

    /// <summary>It is gone for good.</summary>
    Terminated,
}

/// <summary>
/// The verdict on one instance: consecutive passes bring it in service, consecutive failures take it out. An instance
/// begins out of service, and also needs the whole healthy threshold.
/// </summary>
internal sealed class HealthVerdict
{
    private int passes;
    private int failures;
    private bool hasRun;

    /// <param name="inService">Whether it was in service when LocalCloud ended.</param>
    public HealthVerdict(bool inService)
    {
        hasRun = inService;
        Current = inService ? InstanceHealth.InService : InstanceHealth.Registering;
    }

    public InstanceHealth Current { get; private set; }

    /// <summary>Takes one probe's outcome in.</summary>
    public void Observe(ProbeOutcome outcome, HealthCheckRecord check)
    {
        passes = outcome is ProbeOutcome.Passed ? passes + 1 : 0;
        failures = outcome is ProbeOutcome.Failed ? failures + 1 : 0;
        hasRun |= outcome is ProbeOutcome.Passed or ProbeOutcome.Failed;
        Current = outcome switch
        {
            ProbeOutcome.Passed => AfterPass(check),
            ProbeOutcome.Failed => AfterFailure(check),
            ProbeOutcome.NotRunning => hasRun ? InstanceHealth.Stopped : InstanceHealth.Registering,
            ProbeOutcome.Terminated => InstanceHealth.Terminated,
            _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "Unknown outcome."),
        };
    }

    private InstanceHealth AfterPass(HealthCheckRecord check)
    {
        if (Current == InstanceHealth.InService || passes >= check.HealthyThreshold) return InstanceHealth.InService;
        return Current == InstanceHealth.Registering ? InstanceHealth.Registering : InstanceHealth.NotYetPassed;
    }

    private InstanceHealth AfterFailure(HealthCheckRecord check) => failures >= check.UnhealthyThreshold
        ? InstanceHealth.Failed
        : Current == InstanceHealth.InService || Current == InstanceHealth.Registering ? Current : InstanceHealth.NotYetPassed;
}
