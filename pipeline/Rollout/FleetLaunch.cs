using Amazon.Runtime;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Journal;
using SyncStorage.Pipeline.Network;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Reporting;

namespace SyncStorage.Pipeline.Rollout;

/// <summary>Launches webheads, each launch journaled before it is made. A zone that has no room is left out, and the others take its share.</summary>
public sealed class FleetLaunch(Observation observation, InstanceLauncher launcher, DeploymentJournal journal, IProgress progress)
{
    // Of this run: who asks again gets the same answer.
    private readonly HashSet<string> full = [];

    // Launched by this run, and perhaps not listed by AWS yet.
    private readonly HashSet<string> unlisted = [];

    /// <summary>Launches.</summary>
    /// <param name="name">The step, for the journal and for people.</param>
    /// <param name="request">What is launched.</param>
    /// <param name="perZone">How many in which zone.</param>
    /// <param name="launched">Gets the ids, also of those that run when a later zone fails.</param>
    /// <param name="cancellationToken">Cancels between calls.</param>
    /// <returns>The ids of this launch.</returns>
    public async Task<IReadOnlyList<string>> LaunchAsync(
        string name, LaunchRequest request, IReadOnlyDictionary<string, int> perZone, List<string> launched, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(perZone);
        ArgumentNullException.ThrowIfNull(launched);
        var subnets = (await observation.Network.GetAsync(cancellationToken)).Subnets;
        var before = launched.Count;
        var counts = Placed(perZone, subnets);
        while (counts.Count > 0)
        {
            var shortages = await LaunchAsync(name, request, counts, launched, cancellationToken);
            full.UnionWith(shortages.Select(shortage => shortage.Zone.Zone));
            if (shortages.Count > 0 && subnets.All(subnet => full.Contains(subnet.Zone))) throw shortages[0].Refusal;
            foreach (var shortage in shortages)
                progress.Notice($"{shortage.Zone.Zone} has no room for {shortage.Count} ({shortage.Refusal.ErrorCode}): the other zones take them");
            counts = Placed(shortages.ToDictionary(shortage => shortage.Zone.Zone, shortage => shortage.Count), subnets);
        }

        progress.Changed($"{name}: {string.Join(", ", launched[before..])} launched");
        return launched[before..];
    }

    /// <summary>
    /// Before a fleet is planned: repeats the launch that an earlier run got no answer to, and waits until AWS knows all that was launched. Who plans without
    /// it would launch it once more.
    /// </summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        await RepeatUnansweredAsync(cancellationToken);
        if (unlisted.Count == 0) return;
        unlisted.ExceptWith((await observation.Instances.GetAsync(cancellationToken)).Select(instance => instance.InstanceId));
        if (unlisted.Count > 0) await launcher.WaitKnownAsync(unlisted, cancellationToken);
        unlisted.Clear();
    }

    // Word for word, with its client tokens: AWS answers with the instances of the first time, even if it does not list them yet.
    private async Task RepeatUnansweredAsync(CancellationToken cancellationToken)
    {
        if (journal.Unanswered is not { } launch) return;
        var found = new List<string>();
        try
        {
            await launcher.LaunchAsync(launch.Request, launch.Zones.ToDictionary(zone => new ZoneSubnet(zone.Zone, zone.SubnetId), zone => zone.Count), found, cancellationToken);
            unlisted.UnionWith(found);
            progress.Found($"a launch of the run before is answered: {(found.Count == 0 ? "no instance" : string.Join(", ", found))}");
        }
        catch (AmazonServiceException refusal) when (refusal.ErrorCode is { Length: > 0 })
        {
            progress.Notice($"a launch of the run before can't be repeated ({refusal.ErrorCode}): what it made is known by its tags");
        }

        await journal.LaunchedAsync(cancellationToken);
    }

    private async Task<IReadOnlyList<Shortage>> LaunchAsync(
        string name, LaunchRequest request, Dictionary<ZoneSubnet, int> counts, List<string> launched, CancellationToken cancellationToken)
    {
        var numbered = await journal.LaunchingAsync($"{name}: launching", request, counts, cancellationToken);
        try
        {
            var shortages = await launcher.LaunchAsync(numbered, counts, launched, cancellationToken);
            unlisted.UnionWith(launched);
            await journal.LaunchedAsync(cancellationToken);
            return shortages;
        }
        catch (AmazonServiceException refusal) when (refusal.ErrorCode is { Length: > 0 })
        {
            // AWS said no: there is nothing to repeat.
            await journal.LaunchedAsync(cancellationToken);
            throw;
        }
    }

    // Where every zone was full before, each is worth another try.
    private Dictionary<ZoneSubnet, int> Placed(IReadOnlyDictionary<string, int> perZone, IReadOnlyList<ZoneSubnet> subnets)
    {
        if (subnets.All(subnet => full.Contains(subnet.Zone))) full.Clear();
        var open = subnets.Where(subnet => !full.Contains(subnet.Zone)).ToDictionary(subnet => subnet.Zone, subnet => perZone.GetValueOrDefault(subnet.Zone));
        var homeless = perZone.Where(pair => !open.ContainsKey(pair.Key)).Sum(pair => pair.Value);
        RolloutPlanner.Spread(homeless, open);
        return open.Where(pair => pair.Value > 0).ToDictionary(pair => subnets.First(subnet => subnet.Zone == pair.Key), pair => pair.Value);
    }
}
