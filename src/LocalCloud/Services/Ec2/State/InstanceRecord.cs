namespace SyncStorage.LocalCloud.Services.Ec2.State;

internal enum InstanceState
{
    Pending,
    Running,
    Stopping,
    Stopped,
    ShuttingDown,
    Terminated,
}

/// <summary>One instance.</summary>
internal sealed class InstanceRecord
{
    public required string Id { get; init; }

    public required string ReservationId { get; init; }

    public required string ImageId { get; init; }

    public required string Architecture { get; init; }

    public required string InstanceType { get; set; }

    public required string SubnetId { get; init; }

    public required string Zone { get; init; }

    /// <summary>Its private address, its own until it is terminated.</summary>
    public required string Address { get; init; }

    public required string VolumeId { get; init; }

    public required string InterfaceId { get; init; }

    public int LaunchIndex { get; init; }

    public string? ClientToken { get; init; }

    public string? KeyName { get; init; }

    public List<string> GroupIds { get; set; } = [];

    /// <summary>The name of its instance profile, or null.</summary>
    public string? Profile { get; set; }

    public string? ProfileArn { get; set; }

    public string? ProfileId { get; set; }

    /// <summary>The id of its association with the profile; null without one.</summary>
    public string? ProfileAssociation { get; set; }

    /// <summary>As it was sent: base64.</summary>
    public string? UserData { get; set; }

    public bool TerminateOnShutdown { get; set; }

    public bool DisableApiTermination { get; set; }

    public bool DisableApiStop { get; set; }

    public bool SourceDestCheck { get; set; } = true;

    public bool EbsOptimized { get; set; }

    public bool DetailedMonitoring { get; init; }

    public bool MetadataEnabled { get; init; } = true;

    public bool MetadataTokensRequired { get; init; } = true;

    public bool MetadataTags { get; init; }

    public int MetadataHopLimit { get; init; } = 2;

    public InstanceState State { get; set; }

    /// <summary>Last start.</summary>
    public required DateTimeOffset LaunchTime { get; set; }

    /// <summary>When the current transition is over at the earliest; null in a state that stays.</summary>
    public DateTimeOffset? Due { get; set; }

    /// <summary>When it last became running.</summary>
    public DateTimeOffset? RunningSince { get; set; }

    /// <summary>While it stops: whether its processes are gone.</summary>
    public bool ProcessesEnded { get; set; }

    public DateTimeOffset? TerminatedAt { get; set; }

    public string TransitionReason { get; set; } = "";

    public string? ReasonCode { get; set; }

    public string? ReasonMessage { get; set; }

    /// <summary>Whether it still takes part in anything.</summary>
    public bool Exists => State != InstanceState.Terminated;
}

internal static class InstanceStates
{
    /// <summary>As AWS writes it.</summary>
    public static string Name(this InstanceState state) => state switch
    {
        InstanceState.Pending => "pending",
        InstanceState.Running => "running",
        InstanceState.Stopping => "stopping",
        InstanceState.Stopped => "stopped",
        InstanceState.ShuttingDown => "shutting-down",
        InstanceState.Terminated => "terminated",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    /// <summary>AWS's number of it.</summary>
    public static int Code(this InstanceState state) => state switch
    {
        InstanceState.Pending => 0,
        InstanceState.Running => 16,
        InstanceState.ShuttingDown => 32,
        InstanceState.Terminated => 48,
        InstanceState.Stopping => 64,
        InstanceState.Stopped => 80,
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };
}
