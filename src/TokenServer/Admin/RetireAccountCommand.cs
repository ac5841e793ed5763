using System.Text.Json.Nodes;

namespace SyncStorage.TokenServer.Admin;

/// <summary><c>admin retire-account</c></summary>
internal static class RetireAccountCommand
{
    public static AdminCommand Command { get; } = new(
        "retire-account", "locks the token server's account on a dbnode that nobody uses any more", DatabaseArguments.Options("the account"), RunAsync);

    private static async Task<JsonObject> RunAsync(AdminContext context, CommandLine line)
    {
        var asked = DatabaseArguments.Read(line);
        return await new AccountRetirement(await asked.MasterAsync(context, context.Source)).AnswerAsync(asked.AppUser, context.CancellationToken);
    }
}
