using System.Text.Json.Nodes;
using SyncStorage.TokenServer.Users;

namespace SyncStorage.TokenServer.Admin;

/// <summary><c>admin remove-node</c></summary>
internal static class RemoveNodeCommand
{
    private const string Node = "--node";

    public static AdminCommand Command { get; } = new("remove-node", "removes a node that nobody is on any more",
        [new(Node, "URL", "the node") { Required = true }],
        RunAsync);

    private static async Task<JsonObject> RunAsync(AdminContext context, CommandLine line)
    {
        var node = line.Required(Node);
        var table = new NodeTable(await context.OpenAsync(await context.ReadDocumentAsync()), context.Time);
        if (await table.RemoveAsync(node, context.CancellationToken)) return new JsonObject { ["ok"] = true, ["removed"] = true };

        var (current, old) = await table.CountAsync(node, context.CancellationToken);
        return current + old == 0
            ? new JsonObject { ["ok"] = true, ["removed"] = false }
            : new JsonObject { ["ok"] = false, ["error"] = $"{node} has {current} users and {old} old records; unassign and purge them first" };
    }
}
