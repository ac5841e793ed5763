using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MySqlConnector;
using SyncStorage.Webhead.Configuration;
using SyncStorage.Webhead.Storage;

namespace SyncStorage.Webhead.Admin;

/// <summary><c>admin init-db</c></summary>
internal static partial class InitDbCommand
{
    private const string _node = "--node";
    private const string _address = "--address";
    private const string _port = "--port";
    private const string _appUser = "--app-user";
    private const string _database = "--database";
    private const string _masterUser = "syncadmin";

    public static AdminCommand Command { get; } = new("init-db", "makes a dbnode's databases, tables and application account",
        [
            new(_node, "NAME", "the dbnode, as its parameters name it") { Required = true },
            new(_address, "A", "its address") { Required = true },
            new(_port, "N", "its port; 3306 if not given"),
            new(_appUser, "U", "the application account") { Required = true },
            new(_database, "D", "a database") { Required = true, Repeatable = true },
        ],
        RunAsync);

    private static async Task<JsonObject> RunAsync(AdminContext context, CommandLine line)
    {
        var node = line.Required(_node);
        if (!NodeName().IsMatch(node)) throw new CommandLineException($"{_node} must match {NodeName()}");
        var appUser = Identifier(line.Required(_appUser), _appUser);
        var databases = line.Values(_database).Select(name => Identifier(name, _database)).ToList();
        var port = (int)(line.Number(_port, 1, 65535) ?? 3306);

        var prefix = $"/{context.Settings.Cluster}/db/{node}";
        var (masterName, appName) = ($"{prefix}/master", $"{prefix}/app");
        var secrets = await context.Source.ReadSecretsAsync([masterName, appName], context.CancellationToken);
        var master = new DatabaseAddress(line.Required(_address), port, _masterUser, secrets[masterName], "");
        var initializer = new DatabaseInitializer(master, context.Time);
        var created = await initializer.RunAsync(databases, appUser, secrets[appName], context.CancellationToken);
        return new JsonObject { ["ok"] = true, ["created"] = new JsonArray([.. created.Select(name => JsonValue.Create(name))]) };
    }

    private static string Identifier(string value, string option) => ConfigurationRules.Identifier.IsMatch(value)
        ? value
        : throw new CommandLineException($"{option} must match {ConfigurationRules.Identifier}, and is \"{value}\"");

    [GeneratedRegex("^[a-z0-9-]{1,63}\\z")]
    private static partial Regex NodeName();
}
