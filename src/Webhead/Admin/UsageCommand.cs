using System.Text.Json.Nodes;
using SyncStorage.Webhead.Storage;

namespace SyncStorage.Webhead.Admin;

/// <summary><c>admin usage</c></summary>
internal static class UsageCommand
{
    private const string Address = "--address";
    private const string Port = "--port";
    private const string User = "--user";
    private const string PasswordParameter = "--password-parameter";
    private const string Database = "--database";

    public static AdminCommand Command { get; } = new("usage", "how many users and bytes a dbnode has, and how much it has to do",
        [
            new(Address, "A", "its address") { Required = true },
            new(Port, "N", "its port; 3306 if not given"),
            new(User, "U", "the application account") { Required = true },
            new(PasswordParameter, "P", "where the account's password is") { Required = true },
            new(Database, "D", "a database; all that the account may see if not given") { Repeatable = true },
        ],
        RunAsync);

    private static async Task<JsonObject> RunAsync(AdminContext context, CommandLine line)
    {
        var parameter = line.Required(PasswordParameter);
        var secrets = await context.Source.ReadSecretsAsync([parameter], context.CancellationToken);
        await using var node = new NodeUsage(new DatabaseAddress(
            line.Required(Address), (int)(line.Number(Port, 1, 65535) ?? 3306), DatabaseArguments.Identifier(line.Required(User), User), secrets[parameter], ""));
        var names = line.Values(Database).Select(name => DatabaseArguments.Identifier(name, Database)).ToList();
        if (names.Count == 0) names = [.. await node.DatabasesAsync(context.CancellationToken)];

        // One after the other: the node serves users meanwhile.
        var databases = new List<DatabaseUsage>();
        foreach (var name in names) databases.Add(await node.ReadAsync(name, context.CancellationToken));
        var load = await node.LoadAsync(context.CancellationToken);
        return new JsonObject
        {
            ["ok"] = true,
            ["users"] = databases.Sum(database => database.Users),
            ["about"] = databases.Exists(database => database.About),
            ["bytes"] = databases.Sum(database => database.Bytes),
            ["statements"] = load.Statements,
            ["uptimeSeconds"] = load.UptimeSeconds,
            ["connections"] = load.Connections,
            ["mostConnections"] = load.MostConnections,
            ["databases"] = new JsonArray([.. databases.Select(database => new JsonObject { ["database"] = database.Database, ["users"] = database.Users, ["bytes"] = database.Bytes })]),
        };
    }
}
