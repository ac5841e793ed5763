using System.Text.Json.Nodes;
using SyncStorage.TokenServer.Users;

namespace SyncStorage.TokenServer.Admin;

/// <summary><c>admin nodes</c></summary>
internal static class NodesCommand
{
    public static AdminCommand Command { get; } = new("nodes", "the nodes that users are assigned to, and how full they are", [],
        async (context, _) =>
        {
            var table = new NodeTable(await context.OpenAsync(await context.ReadDocumentAsync()), context.Time);
            var rows = await table.ReadAsync(context.CancellationToken);
            return new JsonObject
            {
                ["ok"] = true,
                ["nodes"] = new JsonArray([.. rows.Select(row => new JsonObject
                {
                    ["node"] = row.Node,
                    ["capacity"] = row.Capacity,
                    ["available"] = row.Available,
                    ["load"] = row.CurrentLoad,
                    ["downed"] = row.Downed,
                    ["backoff"] = row.Backoff,
                })]),
            };
        });
}
