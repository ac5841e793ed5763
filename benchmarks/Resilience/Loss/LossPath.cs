using SyncStorage.Resilience.Harness;

namespace SyncStorage.Resilience.Loss;

/// <summary>A sort of deployment that must lose nothing.</summary>
/// <param name="Name">What it is.</param>
/// <param name="PrepareAsync">Before the clients start.</param>
/// <param name="DeployAsync">One deployment, by its number.</param>
internal sealed record LossPath(string Name, Func<Cluster, Task> PrepareAsync, Func<Cluster, int, Task> DeployAsync)
{
    public static IReadOnlyList<LossPath> All { get; } =
    [
        new("rolling update", _ => Task.CompletedTask, (cluster, number) => DeployTypeAsync(cluster, 0, number)),
        new("automatic rollback", _ => Task.CompletedTask, RollsBackAsync),
    ];

    /// <summary>Another instance type rolls the fleet.</summary>
    private static Task DeployTypeAsync(Cluster cluster, int exitCode, int number, params string[] more) =>
        LossTest.ExpectAsync(cluster, exitCode, "Deploy", ["--set", $"webheads.instanceType={(number % 2 == 0 ? "t3.large" : "t3.medium")}", .. more]);

    /// <summary>The new webheads pass their gate, but the load balancer never takes them in.</summary>
    private static async Task RollsBackAsync(Cluster cluster, int number)
    {
        using var control = new Control(cluster);
        await control.AddAsync("""{"kind": "fails-probes", "tag": "Role=webhead", "count": null}""");
        await LossTest.ExpectAsync(cluster, 4, "Deploy", "--set", $"webheads.instanceType=t3.xlarge", "--set", "rollout.inServiceTimeoutSeconds=3");
        await control.ClearAsync();
    }
}
