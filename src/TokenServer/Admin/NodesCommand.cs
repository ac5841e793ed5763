using System.Text.Json.Nodes;
using SyncStorage.TokenServer.Users;

namespace SyncStorage.TokenServer.Admin;

/// <summary><c>admin nodes</c></summary>
internal static class NodesCommand
{
    private const string Node = "--node";
    private const string Strangers = "--strangers";

    public static AdminCommand Command { get; } = new("nodes", "the nodes that users are assigned to, and how full they are",
        [
            new(Node, "URL", "only this node: a long list is cut") { Repeatable = true },
            new(Strangers, null, "only those that the configuration does not have"),
        ],
        async (context, line) =>
        {
            var document = await context.ReadDocumentAsync();
            var table = new NodeTable(await context.OpenAsync(document), context.Time);
            var wanted = line.Values(Node);
            List<NodeRow> rows = [.. (await table.ReadAsync(context.CancellationToken))
                .Where(row => (wanted.Count == 0 || wanted.Contains(row.Node)) && !(line.Has(Strangers) && document.Hosts.Any(host => host.Node == row.Node)))];
            var old = new Dictionary<string, long>(StringComparer.Ordinal);
            foreach (var node in wanted) old[node] = (await table.CountAsync(node, context.CancellationToken)).Old;
            return new JsonObject { ["ok"] = true, ["nodes"] = new JsonArray([.. rows.Select(row => Describe(row, old))]) };
        });

    // What is to be purged takes a count: only of nodes that are asked for.
    private static JsonObject Describe(NodeRow row, Dictionary<string, long> old)
    {
        var description = new JsonObject
        {
            ["node"] = row.Node,
            ["capacity"] = row.Capacity,
            ["available"] = row.Available,
            ["load"] = row.CurrentLoad,
            ["downed"] = row.Downed,
            ["backoff"] = row.Backoff,
        };
        if (old.TryGetValue(row.Node, out var count)) description["old"] = count;
        return description;
    }
}
