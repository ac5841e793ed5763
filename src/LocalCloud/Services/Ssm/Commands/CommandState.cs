using SyncStorage.LocalCloud.Processes;

namespace SyncStorage.LocalCloud.Services.Ssm.Commands;

/// <summary>The commands that were sent, oldest first.</summary>
internal sealed class CommandState
{
    public List<CommandRecord> Commands { get; set; } = [];
}

internal sealed class CommandRecord
{
    public required string Id { get; init; }

    public required DateTimeOffset Requested { get; init; }

    public required DateTimeOffset ExpiresAfter { get; init; }

    public string Comment { get; init; } = "";

    public int TimeoutSeconds { get; init; }

    /// <summary>As they were sent.</summary>
    public Dictionary<string, List<string>> Parameters { get; init; } = [];

    /// <summary>Targets by key, if instances were not named.</summary>
    public Dictionary<string, List<string>> Targets { get; init; } = [];

    public List<string> InstanceIds { get; init; } = [];

    public List<InvocationRecord> Invocations { get; init; } = [];
}

internal enum InvocationStatus
{
    Pending,
    InProgress,
    Success,
    Failed,
    TimedOut,
    Cancelling,
    Cancelled,
}

internal sealed class InvocationRecord
{
    public required string InstanceId { get; init; }

    public string InstanceName { get; init; } = "";

    public InvocationStatus Status { get; set; }

    /// <summary>The script's exit code; -1 until it ended, or if nobody knows.</summary>
    public int ResponseCode { get; set; } = -1;

    public DateTimeOffset? Started { get; set; }

    public DateTimeOffset? Finished { get; set; }

    public ProcessHandle? Process { get; set; }

    public bool IsOver => Status is InvocationStatus.Success or InvocationStatus.Failed or InvocationStatus.TimedOut or InvocationStatus.Cancelled;
}
