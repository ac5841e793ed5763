using System.Text.Json.Nodes;
using SyncStorage.TokenServer.Users;

namespace SyncStorage.TokenServer.Admin;

/// <summary><c>admin unassign</c></summary>
internal static class UnassignCommand
{
    private const string Node = "--node";
    private const string Most = "--most";

    public static AdminCommand Command { get; } = new("unassign", "takes users off a node: with their next request they get another, and upload again",
        [
            new(Node, "URL", "the node") { Required = true },
            new(Most, "N", "how many users at most; all if not given"),
        ],
        async (context, line) =>
        {
            var table = new NodeTable(await context.OpenAsync(await context.ReadDocumentAsync()), context.Time);
            var users = await table.UnassignAsync(line.Required(Node), (int)(line.Number(Most, 1, int.MaxValue) ?? int.MaxValue), context.CancellationToken);
            return new JsonObject { ["ok"] = true, ["users"] = users };
        });
}
