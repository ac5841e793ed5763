using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Database;

/// <summary>A dbnode from which virtual hostnames leave.</summary>
/// <param name="Node">The dbnode, as webheads use it now.</param>
/// <param name="Hosts">Those of its virtual hostnames that are not in the settings any more.</param>
/// <param name="Whole">Whether the dbnode leaves with them.</param>
public sealed record NodeDeparture(ConfigNode Node, IReadOnlyList<ConfigHost> Hosts, bool Whole);

/// <summary>What the settings would do to virtual hostnames that are served now: pure.</summary>
public static class HostnameChanges
{
    /// <summary>Refuses settings by which a hostname would be served from another place, where its users find nothing of what they have.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.HostnameMoved"/>, naming all of them.</exception>
    public static void RequireInPlace(ConfigDocument current, IReadOnlyList<DatabaseNodeSettings> wanted)
    {
        if (Moves(current, wanted) is not { Count: > 0 } moves) return;
        throw new PipelineException(
            ErrorCode.HostnameMoved, $"A virtual hostname stays on its dbnode and in its database: its users would find nothing of what they have. The settings move {string.Join(", ", moves)}.",
            hint: "Take the move back. For users to be served from another dbnode, give that one hostnames of its own: who is assigned to one uploads again.");
    }

    /// <summary>The hostnames that would be served from another place, for people: <c>sync0.localhost from db0/syncstorage0 to db1/syncstorage2</c>.</summary>
    public static IReadOnlyList<string> Moves(ConfigDocument current, IReadOnlyList<DatabaseNodeSettings> wanted)
    {
        ArgumentNullException.ThrowIfNull(current);
        var places = wanted.SelectMany(node => node.Hosts.Select(host => (host.Hostname, Place: $"{node.Name}/{host.Database}"))).ToDictionary(pair => pair.Hostname, pair => pair.Place);
        return
        [
            .. current.Nodes.SelectMany(node => node.Hosts.Select(host => (host.Hostname, From: $"{node.Name}/{host.Database}")))
                .Where(host => places.TryGetValue(host.Hostname, out var to) && to != host.From)
                .Select(host => $"{host.Hostname} from {host.From} to {places[host.Hostname]}"),
        ];
    }

    /// <summary>What is served now and is not in the settings any more.</summary>
    public static IReadOnlyList<NodeDeparture> Departures(ConfigDocument current, IReadOnlyList<DatabaseNodeSettings> wanted)
    {
        ArgumentNullException.ThrowIfNull(current);
        var hostnames = wanted.SelectMany(node => node.Hosts).Select(host => host.Hostname).ToHashSet();
        var nodes = wanted.Select(node => node.Name).ToHashSet();
        return
        [
            .. current.Nodes.Select(node => new NodeDeparture(node, [.. node.Hosts.Where(host => !hostnames.Contains(host.Hostname))], !nodes.Contains(node.Name)))
                .Where(departure => departure.Hosts.Count > 0),
        ];
    }
}
