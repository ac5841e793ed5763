using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Database;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Remote;

/// <summary>The admin commands that the webhead's binary alone has, as command lines for an instance.</summary>
public static class WebheadAdmin
{
    private static readonly string Executable = ServiceRole.Webhead.AdminCommand;

    /// <summary>The release of the installed files.</summary>
    public static string Version => Executable + "version";

    /// <summary>A Sync client against the instance's own service, for every virtual hostname.</summary>
    public static string Smoke => ServiceRole.Webhead.Asked("smoke", []);

    /// <summary>A turn in an exchange of items between webheads, as a user that only tests use.</summary>
    /// <param name="user">The user.</param>
    /// <param name="read">What must be there.</param>
    /// <param name="write">Whether an item is written.</param>
    /// <param name="clean">Whether all that the user has is deleted in the end.</param>
    public static string Exchange(long user, IEnumerable<string> read, bool write, bool clean) =>
        ServiceRole.Webhead.Asked("exchange", [("user", $"{user}"), .. read.Select(item => ("read", (string?)item)), .. Switch("write", write), .. Switch("clean", clean)]);

    /// <summary>In which databases an item is.</summary>
    public static string SmokeLocate(string hostname, long userId, string collection, string itemId) =>
        $"{Executable}smoke-locate --host {Quoted(hostname)} --user {userId} --collection {Quoted(collection)} --item {Quoted(itemId)}";

    /// <summary>Makes a dbnode's databases, application account and tables.</summary>
    /// <param name="node">The dbnode.</param>
    /// <param name="address">Its address.</param>
    /// <param name="port">Its port.</param>
    /// <param name="account">The account.</param>
    /// <param name="first">The account whose password the command finds by itself, in every release.</param>
    public static string InitDatabase(DatabaseNodeSettings node, string address, int port, DatabaseAccount account, DatabaseAccount first)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(account);
        var databases = string.Concat(node.Hosts.Select(host => $" --database {Quoted(host.Database)}"));
        var password = account == first ? "" : $" --password-parameter {Quoted(account.PasswordParameter)}";
        return $"{Executable}init-db --node {Quoted(node.Name)} --address {Quoted(address)} --port {port} --app-user {Quoted(account.User)}{password}{databases}";
    }

    /// <summary>How many users and bytes a dbnode has, and how much it has to do.</summary>
    /// <param name="node">The dbnode.</param>
    /// <param name="databases">Of which databases; none for all of the node's.</param>
    public static string Usage(ConfigNode node, IEnumerable<string> databases)
    {
        ArgumentNullException.ThrowIfNull(node);
        var which = string.Concat(databases.Select(database => $" --database {Quoted(database)}"));
        return $"{Executable}usage --address {Quoted(node.Address)} --port {node.Port} --user {Quoted(node.User)} --password-parameter {Quoted(node.PasswordParameter)}{which}";
    }

    private static string Quoted(string value) => ServiceAdmin.Quoted(value);

    private static (string Name, string? Value)[] Switch(string name, bool on) => on ? [(name, null)] : [];
}
