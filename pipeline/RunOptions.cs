using SyncStorage.Pipeline.TokenServers;

namespace SyncStorage.Pipeline;

/// <summary>What one run was asked for, besides its settings.</summary>
public sealed record RunOptions
{
    /// <summary>The repository's root, absolute.</summary>
    public required string RepositoryRoot { get; init; }

    /// <summary>The name of the environment, e.g. <c>local</c>.</summary>
    public string EnvironmentName { get; init; } = "local";

    /// <summary>Whether settings were named (<c>--environment</c>, <c>--set</c>): then they are read, also where no target needs them.</summary>
    public bool NamesSettings { get; init; }

    /// <summary>Makes this run's client tokens and temporary names unique; 12 hexadecimal digits.</summary>
    public string DeploymentId { get; init; } = Guid.NewGuid().ToString("n")[..12];

    /// <summary>The cluster's name, typed to approve what destroys or interrupts (<c>--approve</c>); null if not given.</summary>
    public string? Approve { get; init; }

    /// <summary>What was asked for, e.g. <c>Deploy</c>.</summary>
    public string Target { get; init; } = "";

    /// <summary>Whether a target was asked for by its name.</summary>
    public bool Includes(string target) => Target.Split('+').Contains(target);

    /// <summary>Which dbnode (<c>--node</c>); null if not given.</summary>
    public string? Node { get; init; }

    /// <summary>What to go back to (<c>--to</c>): a release, or a time; null for the previous one, or the last.</summary>
    public string? To { get; init; }

    /// <summary>What <see cref="Service"/> says of the token server.</summary>
    public const string TokenServer = "token-server";

    /// <summary>Whose release goes back (<c>--service</c>): <see cref="TokenServer"/>; null for the webheads.</summary>
    public string? Service { get; init; }

    /// <summary>Which users are to leave their nodes (<c>--from</c> and what goes with it); null if that was not said.</summary>
    public RebalanceRequest? Rebalance { get; init; }

    /// <summary>What a person says has been done (<c>--confirm</c>); null if not given.</summary>
    public string? Confirm { get; init; }

    /// <summary>Whether a run waits for what takes long, and could be left to a later one (<c>--wait</c>).</summary>
    public bool Wait { get; init; }

    /// <summary>Whether the answer shall be JSON (<c>--json</c>).</summary>
    public bool Json { get; init; }

    /// <summary>How long to wait for another deployment (<c>--lock-wait</c>); null not to wait for one that is alive.</summary>
    public TimeSpan? LockWait { get; init; }

    /// <summary>Whether a newer base image is taken (<c>--refresh-base</c>).</summary>
    public bool RefreshBase { get; init; }

    /// <summary>Whether Plan tells by its exit code that there are changes (<c>--detailed-exit-code</c>).</summary>
    public bool DetailedExitCode { get; init; }

    /// <summary>Where Plan writes the plan to (<c>--out</c>), absolute; null for nowhere.</summary>
    public string? PlanOut { get; init; }

    /// <summary>The plan that Deploy carries out (<c>--plan</c>), absolute; null for what it finds to do.</summary>
    public string? PlanFile { get; init; }

    /// <summary>How old leftovers must be to be swept (<c>--older-than</c>); null for any age.</summary>
    public TimeSpan? OlderThan { get; init; }

    /// <summary>Whether Sweep only lists (<c>--list</c>).</summary>
    public bool List { get; init; }

    /// <summary>Whether Logs goes on (<c>--follow</c>).</summary>
    public bool Follow { get; init; }

    /// <summary>How far back Logs looks (<c>--since</c>); null for its default.</summary>
    public TimeSpan? Since { get; init; }

    /// <summary>What Logs shows (<c>--filter</c>), a filter pattern of CloudWatch Logs; null for everything.</summary>
    public string? Filter { get; init; }

    /// <summary>Where a run leaves its files: <c>artifacts</c> below the root.</summary>
    public string ArtifactsDirectory => Path.Combine(RepositoryRoot, "artifacts");
}
