using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SyncStorage.TokenServer.Configuration;
using SyncStorage.TokenServer.Users;

namespace SyncStorage.TokenServer.Admin;

/// <summary><c>admin init-db</c></summary>
internal static partial class InitDbCommand
{
    public const string Node = "--node";
    public const string Address = "--address";
    public const string Port = "--port";
    public const string AppUser = "--app-user";
    private const string PasswordParameter = "--password-parameter";
    private const string Database = "--database";
    private const string MasterUser = "syncadmin";

    public static AdminCommand Command { get; } = new("init-db", "makes the token server's database, tables and account on a dbnode",
        [
            new(Node, "NAME", "the dbnode, as its parameters name it") { Required = true },
            new(Address, "A", "its address") { Required = true },
            new(Port, "N", "its port; 3306 if not given"),
            new(AppUser, "U", "the token server's account") { Required = true },
            new(PasswordParameter, "P", "the parameter of its password; that of the first account if not given"),
            new(Database, "D", "the database; tokenserver if not given"),
        ],
        RunAsync);

    private static async Task<JsonObject> RunAsync(AdminContext context, CommandLine line)
    {
        var node = NodeOf(line);
        var appUser = Identifier(line.Required(AppUser), AppUser);
        var database = Identifier(line.Value(Database) ?? "tokenserver", Database);
        var port = (int)(line.Number(Port, 1, 65535) ?? 3306);

        var own = $"/{context.Settings.Cluster}/tokenserver/";
        var appName = line.Value(PasswordParameter) ?? $"{own}db";
        if (!appName.StartsWith(own, StringComparison.Ordinal)) throw new CommandLineException($"{PasswordParameter} must begin with {own}");
        var secrets = await context.Source.ReadSecretsAsync([appName], context.CancellationToken);
        var master = await MasterAsync(context, node, line.Required(Address), port);
        var created = await new DatabaseInitializer(master, TokenSchema.Maker, context.Time).RunAsync([database], appUser, secrets[appName], context.CancellationToken);
        return new JsonObject { ["ok"] = true, ["created"] = new JsonArray([.. created.Select(name => JsonValue.Create(name))]) };
    }

    /// <summary>A dbnode's master account.</summary>
    public static async Task<DatabaseAddress> MasterAsync(AdminContext context, string node, string address, int port)
    {
        var name = $"/{context.Settings.Cluster}/db/{node}/master";
        var secrets = await context.Source.ReadSecretsAsync([name], context.CancellationToken);
        return new DatabaseAddress(address, port, MasterUser, secrets[name], "");
    }

    /// <summary>The dbnode's name, as it may stand in a parameter's.</summary>
    public static string NodeOf(CommandLine line) =>
        NodeName().IsMatch(line.Required(Node)) ? line.Required(Node) : throw new CommandLineException($"{Node} must match {NodeName()}");

    /// <summary>A database or an account, as it may stand in SQL.</summary>
    public static string Identifier(string value, string option) => TokenDocumentRules.Identifier.IsMatch(value)
        ? value
        : throw new CommandLineException($"{option} must match {TokenDocumentRules.Identifier}, and is \"{value}\"");

    [GeneratedRegex("^[a-z0-9-]{1,63}\\z")]
    private static partial Regex NodeName();
}
