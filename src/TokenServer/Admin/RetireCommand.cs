using System.Text.Json.Nodes;
using SyncStorage.TokenServer.Users;

namespace SyncStorage.TokenServer.Admin;

/// <summary><c>admin retire</c></summary>
internal static class RetireCommand
{
    private const string User = "--user";

    public static AdminCommand Command { get; } = new("retire", "retires a user for good: no token any more, and what is stored is purged",
        [new(User, "UID", "the account's id") { Required = true }],
        async (context, line) =>
        {
            var document = await context.ReadDocumentAsync();
            var table = new NodeTable(await context.OpenAsync(document), context.Time);
            var records = await table.RetireAsync($"{line.Required(User)}@{document.Accounts.EmailDomain}", context.CancellationToken);
            return records > 0
                ? new JsonObject { ["ok"] = true, ["records"] = records }
                : new JsonObject { ["ok"] = false, ["error"] = "there is no such user" };
        });
}
