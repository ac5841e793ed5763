using System.Text.Json.Nodes;
using SyncStorage.TokenServer.Users;

namespace SyncStorage.TokenServer.Admin;

/// <summary><c>admin init-db</c></summary>
internal static class InitDbCommand
{
    private const string PasswordParameter = "--password-parameter";
    private const string Database = "--database";
    private const string UsedUpTo = "--used-up-to";

    public static AdminCommand Command { get; } = new("init-db", "makes the token server's database, tables and account on a dbnode",
        [
            .. DatabaseArguments.Options("the token server's account"),
            new(PasswordParameter, "P", "the parameter of its password; that of the first account if not given"),
            new(Database, "D", "the database; tokenserver if not given"),
            new(UsedUpTo, "N", "it is of an earlier time: users get numbers a million beyond N, and beyond what it has given itself"),
        ],
        RunAsync);

    private static async Task<JsonObject> RunAsync(AdminContext context, CommandLine line)
    {
        var asked = DatabaseArguments.Read(line);
        var used = line.Number(UsedUpTo, 0, SyncClient.SmokeTest.FirstUid);
        var database = DatabaseArguments.Identifier(line.Value(Database) ?? "tokenserver", Database);

        var own = $"/{context.Settings.Cluster}/tokenserver/";
        var appName = line.Value(PasswordParameter) ?? $"{own}db";
        if (!appName.StartsWith(own, StringComparison.Ordinal)) throw new CommandLineException($"{PasswordParameter} must begin with {own}");
        var secrets = await context.Source.ReadSecretsAsync([appName], context.CancellationToken);
        var master = await asked.MasterAsync(context, context.Source);
        var initializer = new DatabaseInitializer(master, TokenSchema.Maker, context.Time);
        var created = await initializer.RunAsync([database], asked.AppUser, secrets[appName], context.CancellationToken);
        var answer = new JsonObject { ["ok"] = true, ["created"] = new JsonArray([.. created.Select(name => JsonValue.Create(name))]) };
        if (used is { } last) answer["nextUser"] = await UserNumbers.SkipAsync(master, database, last, context.CancellationToken);
        return answer;
    }
}
