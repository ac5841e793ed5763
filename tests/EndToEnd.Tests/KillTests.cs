using SyncStorage.Resilience.Kill;
using SyncStorage.Resilience.Loss;
using SyncStorage.TestSupport;

namespace SyncStorage.EndToEnd.Tests;

/// <summary>
/// A sample of what <c>Kill-Matrix</c> and <c>Loss-Test</c> do in full: deployments that are ended early, and run again, on a cluster that
/// serves; deployments under load that lose nothing.
/// </summary>
[Category(Categories.EndToEnd)]
public sealed class KillTests
{
    private const int FewRequests = 300;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    /// <summary>Each deploys the release that does not serve, one by rolling back and the next by deploying.</summary>
    private static readonly KillScenario Back = new("rollback", Serves: true, "Rollback", (stage, _) => [$"--to={stage.Releases[0]}", .. KillScenario.Quick]) { HasTwoReleases = true };

    private static readonly KillScenario Forth = new("update", Serves: true, "Deploy", (_, _) => KillScenario.Quick);

    private static readonly KillCase[] FirstDeployments =
    [
        new(KillScenario.First, Moment.Twice, 1) { Call = "rds:CreateDBInstance" },
    ];

    private static readonly KillCase[] Rollouts =
    [
        new(Forth, Moment.Unanswered, 2) { Call = "ec2:RunInstances" },
        new(Back, Moment.Signal, 500),

        // Its fifth step: accounts are made, and nobody is told to use them yet.
        new(KillScenario.Passwords, Moment.Unanswered, 5) { Call = "s3:PutObject state/rotation.json" },
    ];

    // Of the first test, judged by the second: its cluster has two releases, and goes back by itself and when it is told to.
    private static readonly RecordedTraffic Recorded = new();

    [OneTimeTearDown]
    public static void RemoveRecording() => Recorded.Dispose();

    [Test]
    [DependsOnTest(nameof(Deploy_KilledOrInterrupted_NextRunConvergesAndNoRequestFails))]
    public Task Rollback_RecordedTraffic_IsValidByTheOfficialModels() =>
        Recorded.IsValidAsync(["deploy", "rollback"], "elb.RegisterInstancesWithLoadBalancer", "elb.DeregisterInstancesFromLoadBalancer", "ec2.TerminateInstances");

    [Test]
    public async Task Deploy_KilledOrInterrupted_NextRunConvergesAndNoRequestFails()
    {
        var firstDeployed = new TaskCompletionSource<IReadOnlyList<string>>();

        var outcomes = await Task.WhenAll(OnOneClusterAsync(firstDeployed), OnFreshClustersAsync(firstDeployed.Task));

        Assert.That(outcomes.SelectMany(rows => rows).Where(row => row.Outcome != KillRow.HasConverged), Is.Empty);
    }

    private static async Task LosesNothingAsync(LossStage stage)
    {
        var rows = new List<LossRow>();
        foreach (var path in LossPath.Sample) rows.Add(await LossTest.UnderLoadAsync(stage, path, FewRequests, Pace));

        Assert.That(rows.Where(row => row.Failed > 0), Is.Empty);
        Assert.That(rows.Select(row => row.Slow), Is.All.GreaterThan(0), "slow requests were in flight");
    }

    private static async Task<IReadOnlyList<KillRow>> OnFreshClustersAsync(Task<IReadOnlyList<string>> expected)
    {
        using var checkout = new CheckoutCopy();
        await using var stage = await KillStage.StartAsync(KillScenario.First, checkout, Checkouts.Bundles, CancellationToken.None);
        var rows = new List<KillRow>();
        foreach (var one in FirstDeployments)
        {
            if (rows.Count > 0) await stage.NextAsync();
            rows.Add(await stage.RunAsync(one, TimeSpan.Zero, await expected));
        }

        return rows;
    }

    private static async Task<IReadOnlyList<KillRow>> OnOneClusterAsync(TaskCompletionSource<IReadOnlyList<string>> firstDeployed)
    {
        using var checkout = new CheckoutCopy();
        var took = TimeSpan.Zero;
        try
        {
            await using var stage = await KillStage.StartAsync(Back, checkout, Checkouts.Bundles, CancellationToken.None, firstDeployed.SetResult, Recorded.FileName);
            var second = await stage.WorldAsync();
            IReadOnlyList<string> first = [.. second.Select(line => line.Replace($"release {stage.Releases[1]}", $"release {stage.Releases[0]}", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
            IReadOnlyList<string> rotated = [.. first, "parameter /sync2/db/db0/b/app of 1", "parameter /sync2/db/db1/b/app of 1"];
            await LosesNothingAsync(new LossStage(stage.Cluster, Checkouts.Bundles, checkout));
            var rows = new List<KillRow>();
            foreach (var one in Rollouts)
            {
                var started = System.Diagnostics.Stopwatch.GetTimestamp();
                rows.Add(await stage.RunAsync(one, took, one.Scenario == Back ? first : one.Scenario == Forth ? second : rotated));
                took = System.Diagnostics.Stopwatch.GetElapsedTime(started) / 2;
            }

            return rows;
        }
        catch (Exception exception)
        {
            // The other cluster's cases wait for it.
            firstDeployed.TrySetException(exception);
            throw;
        }
    }
}
