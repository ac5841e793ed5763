using System.Text.Json.Nodes;

namespace SyncStorage.EndToEnd.Tests;

/// <summary>What Plan says is what Deploy does: no more, no less. Of a cluster that serves with two webheads.</summary>
internal static class Plans
{
    // The bundle is built by the deployments before: a plan alone need not build it again.
    private static readonly string[] Detailed = [.. Settings, "--exclusive", "--detailed-exit-code"];

    /// <summary>What all runs are given.</summary>
    public static string[] Settings => ["--set", "webheads.count=2"];

    /// <summary>Drifts are planned, shown, and put back, each by its own calls; a plan is refused once the world has moved; leftovers are swept.</summary>
    public static async Task AreCarriedOutAsync(Cluster cluster)
    {
        Assert.That((await cluster.RunAsync("Plan", Detailed)).ExitCode, Is.Zero, "after a deployment there is nothing to do");
        using var drifts = new Drifts(cluster);
        var file = Path.Combine(cluster.StateDirectory, "plan.json");
        await CarriesOutAsync(cluster, drifts, file);
        await RefusesAsync(cluster, drifts, file);
        await SweepsAsync(cluster, drifts);
    }

    private static async Task CarriesOutAsync(Cluster cluster, Drifts drifts, string file)
    {
        foreach (var drift in drifts.All) await drift.Make();
        var plan = await cluster.RunAsync("Plan", [.. Detailed, $"--out={file}"]);
        var status = await cluster.RunAsync("Status", Settings);
        var deploy = await cluster.RunAsync("Deploy", [.. Settings, $"--plan={file}"]);
        var called = Mutating(cluster);
        var after = await cluster.RunAsync("Plan", Detailed);

        var planned = JsonNode.Parse(await File.ReadAllTextAsync(file))!["changes"]!.AsArray().Select(change => (string)change!["resource"]!).Distinct();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(plan.ExitCode, Is.EqualTo(6), plan.Output);
            foreach (var drift in drifts.All)
            {
                Assert.That(plan.Output, Does.Contain(drift.Resource).And.Contain(drift.Says));
                Assert.That(status.Output, Does.Contain(drift.Says), "Status shows it as drift");
            }

            Assert.That(planned, Is.EquivalentTo(drifts.All.Select(drift => drift.Resource).Distinct()), "nothing else is planned");
            Assert.That(deploy.ExitCode, Is.Zero, deploy.Output);
            Assert.That(called, Is.EquivalentTo(drifts.All.SelectMany(drift => drift.PutBackBy)), "nothing else is changed");
            Assert.That(after.ExitCode, Is.Zero, after.Output);
        }
    }

    private static async Task RefusesAsync(Cluster cluster, Drifts drifts, string file)
    {
        await cluster.RunAsync("Plan", [.. Settings, "--exclusive", $"--out={file}"]);
        await drifts.OpenSshAsync();
        var moved = await cluster.RunAsync("Deploy", [.. Settings, $"--plan={file}"]);
        var called = Mutating(cluster);
        var otherSettings = await cluster.RunAsync("Deploy", $"--plan={file}", "--set", "webheads.count=4");
        var noPlan = await cluster.RunAsync("Deploy", [.. Settings, $"--plan={cluster.SettingsFile}"]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(moved.ExitCode, Is.EqualTo(1), moved.Output);
            Assert.That(moved.Output, Does.Contain("SSD1802").And.Contain("allow tcp 22 from 10.0.0.0/8"));
            Assert.That(called, Is.Empty, "refused before anything was changed");
            Assert.That(otherSettings.ExitCode, Is.EqualTo(1), otherSettings.Output);
            Assert.That(otherSettings.Output, Does.Contain("webheads.count 2 → 4"));
            Assert.That(noPlan.ExitCode, Is.EqualTo(2), noPlan.Output);
            Assert.That(noPlan.Output, Does.Contain("SSD1803"));
        }
    }

    private static async Task SweepsAsync(Cluster cluster, Drifts drifts)
    {
        var builder = await drifts.LeaveBuilderAsync();
        using var cloud = new CloudView(cluster);
        var listed = await cluster.RunAsync("Sweep", [.. Settings, "--list"]);
        var there = await cloud.TemporaryAsync();
        var young = await cluster.RunAsync("Sweep", [.. Settings, "--older-than=1h"]);
        var swept = await cluster.RunAsync("Sweep", Settings);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(listed.Output, Does.Contain(builder).And.Contain("bake/0123456789ab/log.txt"));
            Assert.That(there, Has.Count.EqualTo(2), "a list removes nothing");
            Assert.That(young.Output, Does.Contain("2 younger leftovers are spared").And.Contain("nothing to sweep"));
            Assert.That(swept.ExitCode, Is.Zero, swept.Output);
            Assert.That(await cloud.TemporaryAsync(), Is.Empty);
            Assert.That(await cloud.InstancesAsync("webhead"), Has.Count.EqualTo(2), "the fleet is none");
        }
    }

    private static IReadOnlyList<string> Mutating(Cluster cluster) =>
        [.. cluster.LastReport["apiCalls"]!["byOperation"]!.AsArray().Where(one => (string?)one!["kind"] == "mutating").Select(one => $"{one!["service"]}:{one["operation"]}")];
}
