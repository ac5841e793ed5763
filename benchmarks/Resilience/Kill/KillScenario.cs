using SyncStorage.Resilience.Harness;

namespace SyncStorage.Resilience.Kill;

/// <summary>A sort of deployment that is killed.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Serves">Whether a fleet serves before, and must go on throughout.</param>
/// <param name="Target">The target that is killed, and run again.</param>
/// <param name="Arguments">Its arguments, by the case's number.</param>
internal sealed record KillScenario(string Name, bool Serves, string Target, Func<int, string[]> Arguments)
{
    public static IReadOnlyList<KillScenario> All { get; } =
    [
        new("first", Serves: false, "Deploy", _ => Cluster.QuickLease),
        new("update", Serves: true, "Deploy", number => ["--set", $"webheads.instanceType={(number % 2 == 0 ? "t3.large" : "t3.medium")}", .. Cluster.QuickLease]),
    ];
}
