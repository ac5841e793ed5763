using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Remote;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Rollout;

namespace SyncStorage.Pipeline.Planning;

/// <summary>Looks at a role's fleet: who is there, what the load balancer says of each, and what each says of itself.</summary>
public sealed class FleetStatus(Fleet fleet, RemoteCommands remote, IProgress progress)
{
    private const string Silent = "no answer";

    /// <summary>Reads it; the heartbeats are asked for on the instances themselves.</summary>
    /// <param name="unknown">Gets a line for what can't be read.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<SummaryWebhead>> ReadAsync(ICollection<string> unknown, CancellationToken cancellationToken)
    {
        var about = fleet.Role == Instances.ServiceRole.Webhead ? "" : $" of the {fleet.Role.Plural}";
        var webheads = await ClusterStatus.TryAsync($"the fleet{about}", () => fleet.WebheadsAsync(cancellationToken), unknown) ?? [];
        List<string> running = [.. webheads.Where(webhead => webhead.State == "running").Select(webhead => webhead.Id)];
        var heartbeats = await ClusterStatus.TryAsync($"heartbeats{about}", () => HeartbeatsAsync(running, cancellationToken), unknown) ?? running.ToDictionary(id => id, _ => new Heartbeat(Silent, null));
        return [.. webheads.Select(webhead => Of(webhead, heartbeats.GetValueOrDefault(webhead.Id)))];
    }

    private static SummaryWebhead Of(Webhead webhead, Heartbeat? heartbeat) => new(
        webhead.Id, webhead.Zone, webhead.Address, webhead.Release, webhead.IsRunning ? webhead.Verdict.ToString() : webhead.State, heartbeat?.Status)
    {
        LaunchedAt = webhead.Launched,
        Configuration = heartbeat?.Configuration,
    };

    private async Task<Dictionary<string, Heartbeat>> HeartbeatsAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0) return [];
        var results = (await remote.RunReachableAsync(ids, fleet.Role.HeartbeatCommand, cancellationToken)).ToDictionary(result => result.InstanceId);
        progress.Found($"{results.Count} of {ids.Count} {fleet.Role.Plural} answer");
        return ids.ToDictionary(id => id, id => results.TryGetValue(id, out var result) ? Of(result) : new Heartbeat(Silent, null));
    }

    private static Heartbeat Of(RemoteResult result)
    {
        var heartbeat = result.Answer?["heartbeat"];
        return new Heartbeat((string?)heartbeat?["status"] ?? result.Reason.Split('\n')[0], (int?)heartbeat?["configuration"]);
    }

    private sealed record Heartbeat(string Status, int? Configuration);
}
