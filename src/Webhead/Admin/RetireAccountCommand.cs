using System.Text.Json.Nodes;

namespace SyncStorage.Webhead.Admin;

/// <summary><c>admin retire-account</c></summary>
internal static class RetireAccountCommand
{
    public static AdminCommand Command { get; } = new(
        "retire-account", "locks a dbnode's application account that nobody uses any more", DatabaseArguments.Options("the application account"), RunAsync);

    private static async Task<JsonObject> RunAsync(AdminContext context, CommandLine line)
    {
        var asked = DatabaseArguments.Read(line);
        var document = await context.ReadDocumentAsync();
        if (document.Nodes.Any(known => known.Name == asked.Node && known.User == asked.AppUser))
            return new JsonObject { ["ok"] = false, ["error"] = $"configuration {document.Version} has webheads use {asked.AppUser} on {asked.Node}" };

        return await new AccountRetirement(await asked.MasterAsync(context, context.Source)).AnswerAsync(asked.AppUser, context.CancellationToken);
    }
}
