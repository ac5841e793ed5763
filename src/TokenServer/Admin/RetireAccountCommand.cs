using System.Text.Json.Nodes;

namespace SyncStorage.TokenServer.Admin;

/// <summary><c>admin retire-account</c></summary>
internal static class RetireAccountCommand
{
    public static AdminCommand Command { get; } = new("retire-account", "locks the token server's account on a dbnode that nobody uses any more",
        [
            new(InitDbCommand.Node, "NAME", "the dbnode, as its parameters name it") { Required = true },
            new(InitDbCommand.Address, "A", "its address") { Required = true },
            new(InitDbCommand.Port, "N", "its port; 3306 if not given"),
            new(InitDbCommand.AppUser, "U", "the account") { Required = true },
        ],
        RunAsync);

    private static async Task<JsonObject> RunAsync(AdminContext context, CommandLine line)
    {
        var user = InitDbCommand.Identifier(line.Required(InitDbCommand.AppUser), InitDbCommand.AppUser);
        var port = (int)(line.Number(InitDbCommand.Port, 1, 65535) ?? 3306);
        var master = await InitDbCommand.MasterAsync(context, InitDbCommand.NodeOf(line), line.Required(InitDbCommand.Address), port);
        return await new AccountRetirement(master).AnswerAsync(user, context.CancellationToken);
    }
}
