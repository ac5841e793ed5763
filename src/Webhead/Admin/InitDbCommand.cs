using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MySqlConnector;
using SyncStorage.Webhead.Configuration;
using SyncStorage.Webhead.Storage;

namespace SyncStorage.Webhead.Admin;

/// <summary><c>admin init-db</c></summary>
internal static partial class InitDbCommand
{
    private const string Node = "--node";
    private const string Address = "--address";
    private const string Port = "--port";
    private const string AppUser = "--app-user";
    private const string PasswordParameter = "--password-parameter";
    private const string Database = "--database";
    private const string MasterUser = "syncadmin";

    public static AdminCommand Command { get; } = new("init-db", "makes a dbnode's databases, tables and application account",
        [
            new(Node, "NAME", "the dbnode, as its parameters name it") { Required = true },
            new(Address, "A", "its address") { Required = true },
            new(Port, "N", "its port; 3306 if not given"),
            new(AppUser, "U", "the application account") { Required = true },
            new(PasswordParameter, "P", "where its password is; the dbnode's own if not given"),
            new(Database, "D", "a database") { Required = true, Repeatable = true },
        ],
        RunAsync);

    private static async Task<JsonObject> RunAsync(AdminContext context, CommandLine line)
    {
        var node = NodeOf(line, Node);
        var appUser = Identifier(line.Required(AppUser), AppUser);
        var databases = line.Values(Database).Select(name => Identifier(name, Database)).ToList();
        var port = (int)(line.Number(Port, 1, 65535) ?? 3306);

        var appName = line.Value(PasswordParameter) ?? $"/{context.Settings.Cluster}/db/{node}/app";
        var secrets = await context.Source.ReadSecretsAsync([appName], context.CancellationToken);
        var initializer = new DatabaseInitializer(await MasterAsync(context, node, line.Required(Address), port), Schema.Maker, context.Time);
        var created = await initializer.RunAsync(databases, appUser, secrets[appName], context.CancellationToken);
        return new JsonObject { ["ok"] = true, ["created"] = new JsonArray([.. created.Select(name => JsonValue.Create(name))]) };
    }

    /// <summary>A dbnode's master account.</summary>
    public static async Task<DatabaseAddress> MasterAsync(AdminContext context, string node, string address, int port)
    {
        var name = $"/{context.Settings.Cluster}/db/{node}/master";
        var secrets = await context.Source.ReadSecretsAsync([name], context.CancellationToken);
        return new DatabaseAddress(address, port, MasterUser, secrets[name], "");
    }

    /// <summary>A dbnode's name, as it may stand in a parameter's.</summary>
    public static string NodeOf(CommandLine line, string option) =>
        NodeName().IsMatch(line.Required(option)) ? line.Required(option) : throw new CommandLineException($"{option} must match {NodeName()}");

    /// <summary>A database or an account, as it may stand in SQL.</summary>
    public static string Identifier(string value, string option) => ConfigurationRules.Identifier.IsMatch(value)
        ? value
        : throw new CommandLineException($"{option} must match {ConfigurationRules.Identifier}, and is \"{value}\"");

    [GeneratedRegex("^[a-z0-9-]{1,63}\\z")]
    private static partial Regex NodeName();
}
