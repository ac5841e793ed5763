using System.Text.Json.Nodes;
using SyncStorage.Webhead.Configuration;

namespace SyncStorage.Webhead.Admin;

/// <summary><c>admin retire-account</c></summary>
internal static class RetireAccountCommand
{
    private const string Node = "--node";
    private const string Address = "--address";
    private const string Port = "--port";
    private const string AppUser = "--app-user";

    public static AdminCommand Command { get; } = new("retire-account", "locks a dbnode's application account that nobody uses any more",
        [
            new(Node, "NAME", "the dbnode, as its parameters name it") { Required = true },
            new(Address, "A", "its address") { Required = true },
            new(Port, "N", "its port; 3306 if not given"),
            new(AppUser, "U", "the application account") { Required = true },
        ],
        RunAsync);

    private static async Task<JsonObject> RunAsync(AdminContext context, CommandLine line)
    {
        var (node, user) = (InitDbCommand.NodeOf(line, Node), InitDbCommand.Identifier(line.Required(AppUser), AppUser));
        var document = await context.ReadDocumentAsync();
        if (document.Nodes.Any(known => known.Name == node && known.User == user))
            return new JsonObject { ["ok"] = false, ["error"] = $"configuration {document.Version} has webheads use {user} on {node}" };

        var port = (int)(line.Number(Port, 1, 65535) ?? 3306);
        var master = await InitDbCommand.MasterAsync(context, node, line.Required(Address), port);
        return await new AccountRetirement(master).AnswerAsync(user, context.CancellationToken);
    }
}
