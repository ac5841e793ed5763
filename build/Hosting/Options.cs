namespace SyncStorage.Build.Hosting;

/// <summary>Every option there is. The engine itself would accept any.</summary>
internal static class Options
{
    public static readonly Option Target = new("--target", "name", "Runs a target and those it depends on; several are one run.")
    {
        Aliases = ["-t"],
        Repeats = true,
        Engine = true,
    };

    public static readonly Option Help = new("--help", null, "Shows the engine's options, and these.") { Aliases = ["-h", "-?"], Engine = true };

    public static readonly Option Environment = new("--environment", "name or path", "Which settings: pipeline/environments/<name>.json, or a file. Default local.");

    public static readonly Option Set = new("--set", "key=value", "Overrides a setting, such as webheads.count=5.") { Repeats = true };

    public static readonly Option Approve = new("--approve", "cluster", "Destroy, Deploy, Remove-DB, Rebalance: approves, by the cluster's name, what loses data or serves nobody meanwhile.");

    public static readonly Option Confirm = new("--confirm", "what", "Rotate-Master-Secret, Rotate-Credentials: token-server says that the token server outside of the cluster has the new secrets.");

    public static readonly Option Wait = new("--wait", null, "Rotate-Master-Secret, Rotate-Credentials: waits until the tokens of the old secrets have expired, instead of saying when to run again.");

    public static readonly Option LockWait = new("--lock-wait", "duration", "What changes something: how long to wait for another deployment, such as 90s, 10m or 1h; 0 for not at all.");

    public static readonly Option Json = new("--json", null, "Status, History, Plan-Capacity: the answer as JSON on standard output; everything else goes to standard error.");

    public static readonly Option To = new("--to", "what", "Rollback: the release to bring back; the previous successful one by default. Restore-DB: the time, such as 2026-03-01T12:00:00Z; the last that can be had by default.");

    public static readonly Option Node = new("--node", "name", "Restore-DB: which dbnode.");

    public static readonly Option Service = new("--service", "name", "Rollback: token-server brings a release of the token server back; without it the webheads go back.");

    public static readonly Option From = new("--from", "dbnode", "Rebalance: the dbnode, or the virtual hostname, that users are to leave.");

    public static readonly Option Users = new("--users", "number", "Rebalance: how many users are to leave.");

    public static readonly Option Share = new("--share", "percent", "Rebalance: which share of its users is to leave, such as 20%.");

    public static readonly Option Step = new("--step", "number", "Rebalance: how many users leave at a time. Default 100.");

    public static readonly Option Pause = new("--pause", "duration", "Rebalance: how long between one step and the next, for their uploads. Default 10s.");

    public static readonly Option RefreshBase = new("--refresh-base", null, "Bake-AMI, Deploy: takes the newest base image.");

    /// <summary>A kind of artifact.</summary>
    public const string Bundle = "bundle", Container = "container";

    public static readonly Option Artifact = new("--artifact", "kind", "Build-Webhead: what to make: bundle, or container for an image, too, with docker or podman.");

    public static readonly Option DetailedExitCode = new("--detailed-exit-code", null, "Plan: exits with 6 if there are changes.");

    public static readonly Option Out = new("--out", "file", "Plan: saves the plan, for Deploy --plan.");

    public static readonly Option Plan = new("--plan", "file", "Deploy: carries a saved plan out, and refuses if anything has moved since it was made.");

    public static readonly Option OlderThan = new("--older-than", "duration", "Sweep: spares what is younger, such as 30m, 24h or 7d.");

    public static readonly Option List = new("--list", null, "Sweep: lists what it would remove, and removes nothing.");

    public static readonly Option Filter = new("--filter", "expression", "Test, Benchmark, Fault-Matrix: runs only what matches. Logs: shows only that.");

    public static readonly Option Follow = new("--follow", null, "Logs: goes on, until Ctrl-C.");

    public static readonly Option Since = new("--since", "duration", "Logs: how far back, such as 30s, 10m or 2h. Default 10m.");

    public static readonly Option Requests = new("--requests", "number", "Loss-Test, Rotation-Test: how many requests each way of deploying or rotating is to meet. Default 20000.");

    public static readonly Option Every = new("--every", "number", "Kill-Matrix: kills at every so many calls only. Default 1: at each.");

    public static readonly Option Check = new("--check", null, "Format: changes nothing, and fails if something would change.");

    public static readonly Option DryRun = new("--dryrun", null, "Shows what would run, in which order.") { Aliases = ["--noop", "--whatif"], Engine = true };

    public static IReadOnlyList<Option> All { get; } =
    [
        Target,
        Environment, Set, Approve, Confirm, Wait, LockWait, To, Node, Service, From, Users, Share, Step, Pause, Json, RefreshBase, Artifact, DetailedExitCode, Out, Plan, List, OlderThan, Filter, Follow, Since, Check, Requests, Every,
        new("--exclusive", null, "Runs the target without those it depends on.") { Aliases = ["-e"], Engine = true },
        new("--tree", null, "Shows which target depends on which.") { Aliases = ["--showtree"], Engine = true },
        new("--description", null, "Shows what each target does.") { Aliases = ["--descriptions", "--showdescription", "--showdescriptions"], Engine = true },
        DryRun,
        new("--verbosity", "level", "quiet, minimal, normal, verbose or diagnostic.") { Aliases = ["-v"], Engine = true },
        new("--working", "path", "The folder that the engine's relative paths start from.") { Aliases = ["-w"], Engine = true },
        new("--info", null, "Shows the version and the engine's.") { Engine = true },
        new("--version", null, "Shows the version.") { Aliases = ["--ver"], Engine = true },
        Help,
    ];

    public static Option? Find(string name) => All.FirstOrDefault(option => option.IsCalled(name));
}
