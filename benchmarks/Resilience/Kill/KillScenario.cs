using SyncStorage.Resilience.Harness;

namespace SyncStorage.Resilience.Kill;

/// <summary>A sort of deployment that is ended early.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Serves">Whether a fleet serves before, and must go on throughout.</param>
/// <param name="Target">The target that is ended, and run again.</param>
/// <param name="Arguments">Its arguments, by the case's number: what there is at the end depends on whether that is even, and on nothing else.</param>
internal sealed record KillScenario(string Name, bool Serves, string Target, Func<KillStage, int, string[]> Arguments)
{
    /// <summary>Its exit code when nobody ends it early.</summary>
    public int ExitCode { get; init; }

    /// <summary>A fault of the cloud while the first run runs; null for none.</summary>
    public string? Fault { get; init; }

    /// <summary>A fault of the cloud while the second run runs.</summary>
    public string? SecondFault { get; init; }

    /// <summary>Whether the cluster has two releases.</summary>
    public bool HasTwoReleases { get; init; }

    /// <summary>Whether it changes the secrets that sign tokens.</summary>
    public bool Rotates { get; init; }

    /// <summary>Whether the load balancer speaks HTTPS.</summary>
    public bool Https { get; init; }

    /// <summary>Of how many cases one is run, at most.</summary>
    public int Every { get; init; } = 1;

    /// <summary>Settings with which a killed deployment's lock is soon free, and that wait for no more than there is.</summary>
    public static string[] Quick { get; } = [.. Cluster.QuickLease, "--set", "rollout.gateSuccesses=1", "--set", "rollout.bakeSeconds=0", "--set", "waits.maxPollSeconds=0.2"];

    /// <summary>How it is started on a cluster.</summary>
    public string[] ArgumentsOn(KillStage stage) => Arguments(stage, stage.Number);

    /// <summary>A first deployment. It uploads the bundle, which takes a while where much else is going on.</summary>
    public static KillScenario First { get; } = new("first", Serves: false, "Deploy", (_, _) => [.. Quick, "--set", "deployment.attemptSeconds=10"]);

    /// <summary>Arguments with which all credentials are rotated in one run.</summary>
    public static string[] Rotating { get; } = ["--confirm=token-server", "--wait", "--set", "rotation.longestTokenSeconds=5"];

    /// <summary>The databases' passwords.</summary>
    public static KillScenario Passwords { get; } = new("passwords", Serves: true, "Rotate-Database-Password", (_, _) => Quick) { Rotates = true };

    /// <summary>All credentials, one after the other, the certificate among them. Tokens are short-lived here, so that it comes to its end in one run.</summary>
    public static KillScenario Rotation { get; } = new("rotation", Serves: true, "Rotate-Credentials", (_, _) => [.. Rotating, .. Quick]) { Rotates = true, Https = true };

    public static IReadOnlyList<KillScenario> All { get; } =
    [
        First,
        new("update", Serves: true, "Deploy", (_, number) => Type(number % 2 == 0 ? "t3.large" : "t3.medium")),
        new("rollback", Serves: true, "Rollback", (stage, number) => [$"--to={stage.Releases[number % 2]}", .. Quick]) { HasTwoReleases = true },

        Rotation,

        // One new webhead is taken in and an old one out before the next new one fails: the old comes back.
        new("undo", Serves: true, "Deploy", (_, _) => [.. Type("t3.xlarge"), "--set", "rollout.inServiceTimeoutSeconds=3"])
        {
            ExitCode = 4,
            Fault = """{"kind": "fails-probes", "tag": "Role=webhead", "count": null, "skip": 1}""",
            SecondFault = """{"kind": "fails-probes", "tag": "Role=webhead", "count": null}""",
            Every = 3,
        },
    ];

    private static string[] Type(string type) => ["--set", $"webheads.instanceType={type}", .. Quick];
}
