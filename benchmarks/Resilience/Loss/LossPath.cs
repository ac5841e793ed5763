using SyncStorage.Resilience.Harness;
using SyncStorage.Resilience.Kill;

namespace SyncStorage.Resilience.Loss;

/// <summary>Where deployments run that must lose nothing.</summary>
/// <param name="Cluster">The cluster; this checkout's release serves.</param>
/// <param name="Bundles">The releases.</param>
/// <param name="Checkout">A checkout that takes either.</param>
internal sealed record LossStage(Cluster Cluster, Bundles Bundles, CheckoutCopy Checkout);

/// <summary>A sort of deployment that must lose nothing.</summary>
/// <param name="Name">What it is.</param>
/// <param name="PrepareAsync">Before the clients start.</param>
/// <param name="DeployAsync">One deployment, by its number.</param>
internal sealed record LossPath(string Name, Func<LossStage, Task> PrepareAsync, Func<LossStage, int, Task> DeployAsync)
{
    private static readonly string[] Canary = ["--set", "rollout.strategy=canary", "--set", "rollout.canarySoakSeconds=1", "--set", "rollout.batchSize=2"];

    public static IReadOnlyList<LossPath> All { get; } =
    [
        new("rolling update", _ => Task.CompletedTask, (stage, number) => DeployTypeAsync(stage, number % 2 == 0 ? "t3.large" : "t3.medium")),
        new("canary", _ => Task.CompletedTask, (stage, number) => DeployTypeAsync(stage, number % 2 == 0 ? "t3.xlarge" : "t3.small", Canary)),
        new("automatic rollback", _ => Task.CompletedTask, (stage, _) => RollsBackAsync(stage)),
        new("manual rollback", DeployAnotherReleaseAsync, (stage, _) => stage.Cluster.ExpectAsync(0, "Rollback")),
    ];

    /// <summary>Rotations, each in one run.</summary>
    public static IReadOnlyList<LossPath> Rotations { get; } =
    [
        new("database passwords", _ => Task.CompletedTask, (stage, _) => stage.Cluster.ExpectAsync(0, "Rotate-Database-Password")),
        new("master secret", _ => Task.CompletedTask, (stage, _) => stage.Cluster.ExpectAsync(0, "Rotate-Master-Secret", KillScenario.Rotating)),
        new("certificate", _ => Task.CompletedTask, (stage, _) => RotateCertificateAsync(stage)),
        new("all credentials", _ => Task.CompletedTask, (stage, _) => stage.Cluster.ExpectAsync(0, "Rotate-Credentials", KillScenario.Rotating)),
    ];

    /// <summary>Of a cluster that has two releases, and serves the newer: it serves the older at the end.</summary>
    public static IReadOnlyList<LossPath> Sample { get; } =
    [
        new("automatic rollback", _ => Task.CompletedTask, (stage, _) => RollsBackAsync(stage)),
        new("manual rollback by canary", _ => Task.CompletedTask, (stage, _) => stage.Cluster.ExpectAsync(0, "Rollback", Canary)),
    ];

    private static async Task RotateCertificateAsync(LossStage stage)
    {
        var before = stage.Cluster.Roots()!;
        await stage.Cluster.ExpectAsync(0, "Rotate-Certificate");
        if (stage.Cluster.Roots() is not [var shown] || before.Contains(shown)) throw new HarnessException("Clients are not told of one new certificate.");
    }

    /// <summary>Another instance type rolls the fleet.</summary>
    private static Task DeployTypeAsync(LossStage stage, string type, params string[] more) =>
        stage.Cluster.ExpectAsync(0, "Deploy", ["--set", $"webheads.instanceType={type}", .. more]);

    /// <summary>The first new webhead is well; of the second, the load balancer never hears: what was taken out for the first comes back.</summary>
    private static async Task RollsBackAsync(LossStage stage)
    {
        using var control = new Control(stage.Cluster);
        await control.AddAsync("""{"kind": "fails-probes", "tag": "Role=webhead", "count": null, "skip": 1}""");
        await stage.Cluster.ExpectAsync(4, "Deploy", ["--set", "webheads.instanceType=m5.large", "--set", "rollout.inServiceTimeoutSeconds=3"]);
        await control.ClearAsync();
    }

    /// <summary>A rollback goes from one to the other, and back.</summary>
    private static async Task DeployAnotherReleaseAsync(LossStage stage)
    {
        await stage.Bundles.BuildAsync(both: true);
        stage.Bundles.Use(stage.Checkout, 1);
        stage.Cluster.Checkout = stage.Checkout.Root;
        await stage.Cluster.ExpectAsync(0, "Deploy");
    }
}
