using System.Text.Json.Nodes;
using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Remote;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.TokenServers;

/// <summary>A node as the token servers' table has it.</summary>
/// <param name="Node">The virtual hostname's origin.</param>
/// <param name="Capacity">How many users it takes.</param>
/// <param name="Load">How many it has.</param>
/// <param name="Backoff">Whether it gets no new users.</param>
/// <param name="Downed">Whether it is down, says a person.</param>
public sealed record TokenNode(string Node, int Capacity, long Load, bool Backoff, bool Downed)
{
    /// <summary>Records of users that have left it, and whose data there is to be purged.</summary>
    public long Old { get; init; }

    internal static TokenNode Of(JsonObject row) => new(
        (string)row["node"]!, (int)row["capacity"]!, (long)row["load"]!, (bool)row["backoff"]!, (bool)row["downed"]!)
    {
        Old = (long?)row["old"] ?? 0,
    };
}

/// <summary>The token servers' nodes: which virtual hostnames users are assigned to. A token server that serves is asked, and told: nothing else reaches the database.</summary>
public sealed class TokenServerNodes(EnvironmentSettings settings, ConfigStore webheads, TokenServerParts parts, RemoteCommands remote, IProgress progress)
{
    // An answer is cut at 2,500 characters.
    private const int NodesPerCommand = 6;

    /// <summary>Brings the table to what the settings say: each virtual hostname, how many users it takes, and whether new ones; those that are gone leave it.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.RemoteFailed"/>.</exception>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        var hosts = (await webheads.CurrentAsync(cancellationToken))?.Nodes.SelectMany(node => node.Hosts).ToList() ?? [];
        var there = (await ReadAsync([.. hosts.Select(host => host.Origin)], cancellationToken)).ToDictionary(node => node.Node, StringComparer.Ordinal);
        var capacity = settings.TokenServer!.UsersPerHost;
        foreach (var closed in new[] { false, true })
        {
            var different = hosts.Where(host => (host.Assign == false) == closed && !(there.GetValueOrDefault(host.Origin) is { } known && known.Capacity == capacity && known.Backoff == closed)).ToList();
            foreach (var chunk in different.Chunk(NodesPerCommand))
            {
                await TellAsync(TokenServerAdmin.SetNodes(chunk.Select(host => host.Origin), capacity, closed), "Setting nodes of the token server", cancellationToken);
                progress.Changed($"token server: {string.Join(", ", chunk.Select(host => host.Hostname))} {(closed ? "no new users" : $"up to {capacity} users each")}");
            }
        }

        await RemoveStrangersAsync(cancellationToken);
    }

    /// <summary>Nodes as the table has them; those that it lacks are left out.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.RemoteFailed"/>.</exception>
    public async Task<IReadOnlyList<TokenNode>> ReadAsync(IReadOnlyCollection<string> nodes, CancellationToken cancellationToken)
    {
        var found = new List<TokenNode>();
        foreach (var chunk in nodes.Chunk(NodesPerCommand))
            found.AddRange(RowsOf(await TellAsync(TokenServerAdmin.Nodes(chunk), "Asking for nodes of the token server", cancellationToken)));
        return found;
    }

    /// <summary>Has one token server that serves carry a command out.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.RemoteFailed"/>: none serves, or it failed.</exception>
    internal async Task<JsonObject> TellAsync(string command, string what, CancellationToken cancellationToken) => (await TryTellAsync(command, what, cancellationToken)).Require(what);

    private async Task<RemoteResult> TryTellAsync(string command, string what, CancellationToken cancellationToken)
    {
        var serving = (await parts.Fleet.WebheadsAsync(cancellationToken)).FirstOrDefault(instance => instance.State == "running" && instance.Verdict.IsServing)
            ?? throw new PipelineException(ErrorCode.RemoteFailed, $"{what} takes a token server in service, and there is none.", hint: "./build.sh --target=Status");
        return (await remote.RunAsync([serving.Id], command, cancellationToken))[0];
    }

    // Of a virtual hostname that has left; as long as old records of its users are there to be purged, it stays.
    private async Task RemoveStrangersAsync(CancellationToken cancellationToken)
    {
        foreach (var stranger in RowsOf(await TellAsync(TokenServerAdmin.Strangers, "Asking for nodes of the token server", cancellationToken)))
        {
            var result = await TryTellAsync(TokenServerAdmin.RemoveNode(stranger.Node), "Removing a node of the token server", cancellationToken);
            if (result.Succeeded) progress.Changed($"token server: {stranger.Node} is no node any more");
            else progress.Notice($"{stranger.Node} is in no settings, and a node of the token server still: {result.Reason}");
        }
    }

    private static IEnumerable<TokenNode> RowsOf(JsonObject answer) => (answer["nodes"] as JsonArray ?? []).OfType<JsonObject>().Select(TokenNode.Of);
}
