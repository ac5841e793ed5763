using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;
using SyncStorage.Pipeline.TokenServers;

namespace SyncStorage.Pipeline.Database;

/// <summary>
/// Guards what users have against settings that take dbnodes or virtual hostnames away: who leaves must have been taken out of assignment before,
/// and have no users. Asked before anything is changed, and again before the configuration is published without them.
/// </summary>
public sealed class NodeDepartures(
    EnvironmentSettings settings, ClusterNames names, ConfigStore configuration, NodeUsageReader usage, TokenServerNodes tokenServer, RunOptions options, IProgress progress)
{
    private readonly HashSet<string> told = [];

    /// <summary>Lets settings pass that lose nobody's data. Where nothing leaves, nothing is asked.</summary>
    /// <exception cref="PipelineException">
    /// <see cref="ErrorCode.HostnameMoved"/>; <see cref="ErrorCode.NodeInUse"/> with who has how many users; <see cref="ErrorCode.ApprovalNeeded"/>: a
    /// database would be removed.
    /// </exception>
    public async Task RequireAsync(CancellationToken cancellationToken)
    {
        if (await configuration.CurrentAsync(cancellationToken) is not { } current) return;
        HostnameChanges.RequireInPlace(current, settings.Dbnodes);
        var departures = HostnameChanges.Departures(current, settings.Dbnodes);
        RequireOutOfAssignment(departures);
        foreach (var departure in departures)
        {
            await RequireNobodyAssignedAsync(departure, cancellationToken);
            await RequireNoUsersAsync(departure, cancellationToken);
        }

        if (departures.FirstOrDefault(departure => departure.Whole) is { } whole && options.Approve != names.Cluster)
            throw new PipelineException(
                ErrorCode.ApprovalNeeded, $"{whole.Node.Name} is in no settings any more: its database would be removed, with a final snapshot.",
                hint: $"Run again with --approve={names.Cluster}, or take the change back.");
    }

    private static void RequireOutOfAssignment(IReadOnlyList<NodeDeparture> departures)
    {
        var open = departures.SelectMany(departure => departure.Hosts.Where(host => host.Assign != false).Select(host => $"{host.Hostname} ({departure.Node.Name})")).ToList();
        if (open.Count > 0)
            throw new PipelineException(
                ErrorCode.NodeInUse, $"Users may still be assigned to {string.Join(", ", open)}, which the settings take away.",
                hint: "Put it back with \"assign\": false, run Deploy (and have an outside token server assign nobody to it), and take it away once it has no users.");
    }

    // Who is assigned to it would be refused, also if they have nothing there yet; and what is to be purged there could not be any more.
    private async Task RequireNobodyAssignedAsync(NodeDeparture departure, CancellationToken cancellationToken)
    {
        if (settings.TokenServer is null) return;
        var assigned = (await tokenServer.ReadAsync([.. departure.Hosts.Select(host => host.Origin)], cancellationToken)).Where(node => node.Load + node.Old > 0).ToList();
        if (assigned.Count > 0)
            throw new PipelineException(
                ErrorCode.NodeInUse, $"Users are on {departure.Node.Name}, says the token server: {string.Join(", ", assigned.Select(node => $"{node.Load} on {node.Node}{(node.Old > 0 ? $", {node.Old} that left and are to be purged" : "")}"))}.",
                hint: $"Leave it in the settings with \"assign\": false, and have them leave: ./build.sh --target=Rebalance --from={departure.Node.Name} --share=100% --approve={names.Cluster}. Once what they had is purged (tokenServer.purgeGraceSeconds), take it away.");
    }

    private async Task RequireNoUsersAsync(NodeDeparture departure, CancellationToken cancellationToken)
    {
        NodeUsage seen;
        try
        {
            seen = await usage.ReadAsync(departure.Node, [.. departure.Hosts.Select(host => host.Database)], cancellationToken);
        }
        catch (PipelineException unknown) when (unknown.Code == ErrorCode.RemoteFailed)
        {
            throw new PipelineException(
                ErrorCode.NodeInUse, $"Whether {departure.Node.Name} has users can't be told, and so it stays.", lastSeen: $"{unknown.Message} {unknown.LastSeen}".TrimEnd(), hint: unknown.Hint, inner: unknown);
        }

        var hosts = string.Join(", ", departure.Hosts.Select(host => host.Hostname));
        if (seen.Users > 0)
            throw new PipelineException(
                ErrorCode.NodeInUse, $"{hosts} of {departure.Node.Name} can't be taken away: {seen.UsersText} would lose what they have.",
                hint: "Leave it in the settings with \"assign\": false. Once the token server has given its users other nodes, and what they had here is purged, take it away.");
        if (told.Add(departure.Node.Name)) progress.Found($"{hosts} of {departure.Node.Name} {(departure.Hosts.Count == 1 ? "has" : "have")} no users, and can be taken away");
    }
}
