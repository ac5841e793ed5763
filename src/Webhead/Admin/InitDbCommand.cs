using System.Text.Json.Nodes;
using SyncStorage.Webhead.Storage;

namespace SyncStorage.Webhead.Admin;

/// <summary><c>admin init-db</c></summary>
internal static class InitDbCommand
{
    private const string PasswordParameter = "--password-parameter";
    private const string Database = "--database";

    public static AdminCommand Command { get; } = new("init-db", "makes a dbnode's databases, tables and application account",
        [
            .. DatabaseArguments.Options("the application account"),
            new(PasswordParameter, "P", "where its password is; the dbnode's own if not given"),
            new(Database, "D", "a database") { Required = true, Repeatable = true },
        ],
        RunAsync);

    private static async Task<JsonObject> RunAsync(AdminContext context, CommandLine line)
    {
        var asked = DatabaseArguments.Read(line);
        var databases = line.Values(Database).Select(name => DatabaseArguments.Identifier(name, Database)).ToList();

        var appName = line.Value(PasswordParameter) ?? $"/{context.Settings.Cluster}/db/{asked.Node}/app";
        var secrets = await context.Source.ReadSecretsAsync([appName], context.CancellationToken);
        var initializer = new DatabaseInitializer(await asked.MasterAsync(context, context.Source), Schema.Maker, context.Time);
        var created = await initializer.RunAsync(databases, asked.AppUser, secrets[appName], context.CancellationToken);
        return new JsonObject { ["ok"] = true, ["created"] = new JsonArray([.. created.Select(name => JsonValue.Create(name))]) };
    }
}
