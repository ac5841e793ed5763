using SyncStorage.Pipeline.Database;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.TokenServers;

namespace SyncStorage.Pipeline.Remote;

/// <summary>The admin commands that the token server's binary alone has, as command lines for an instance.</summary>
public static class TokenServerAdmin
{
    private static readonly string Executable = ServiceRole.TokenServer.AdminCommand;

    /// <summary>The nodes that the configuration does not have.</summary>
    public static string Strangers => $"{Executable}nodes --strangers";

    /// <summary>These nodes, as the table has them.</summary>
    public static string Nodes(IEnumerable<string> nodes) => $"{Executable}nodes{Named(nodes)}";

    /// <summary>Adds nodes, or changes them.</summary>
    /// <param name="nodes">Their origins.</param>
    /// <param name="capacity">How many users each takes.</param>
    /// <param name="backoff">Whether they get no new users.</param>
    public static string SetNodes(IEnumerable<string> nodes, int capacity, bool backoff) => $"{Executable}set-node{Named(nodes)} --capacity {capacity} --backoff {(backoff ? 1 : 0)}";

    /// <summary>Takes users off a node: with their next request they get another.</summary>
    public static string Unassign(string node, int most) => $"{Executable}unassign --node {ServiceAdmin.Quoted(node)} --most {most}";

    /// <summary>Removes a node that nobody is on any more.</summary>
    public static string RemoveNode(string node) => $"{Executable}remove-node --node {ServiceAdmin.Quoted(node)}";

    /// <summary>That the instance's own service refuses who shows no token; and that each node accepts the tokens that it gives, where it is said how nodes are reached.</summary>
    /// <param name="nodes">The webheads' load balancer; null to leave the nodes out.</param>
    public static string Smoke(Uri? nodes) => nodes is null ? $"{Executable}smoke --no-nodes" : $"{Executable}smoke --connect {ServiceAdmin.Quoted(nodes.GetLeftPart(UriPartial.Authority))}";

    /// <summary>Makes the token server's database, tables and account on a dbnode.</summary>
    /// <param name="node">The dbnode.</param>
    /// <param name="database">Its address, the account, the database.</param>
    /// <param name="first">The account whose password the command finds by itself.</param>
    /// <param name="usedUpTo">Of a database of an earlier time: users get numbers well beyond this one, and beyond what it has given itself. Null for any other.</param>
    public static string InitDatabase(string node, TokenConfigDatabase database, DatabaseAccount first, long? usedUpTo = null)
    {
        ArgumentNullException.ThrowIfNull(database);
        var password = database.Account == first ? "" : $" --password-parameter {ServiceAdmin.Quoted(database.PasswordParameter)}";
        return $"{Executable}init-db --node {ServiceAdmin.Quoted(node)} --address {ServiceAdmin.Quoted(database.Address)} --port {database.Port} "
            + $"--app-user {ServiceAdmin.Quoted(database.User)}{password} --database {ServiceAdmin.Quoted(database.Database)}{(usedUpTo is { } used ? $" --used-up-to {used}" : "")}";
    }

    private static string Named(IEnumerable<string> nodes) => string.Concat(nodes.Select(node => $" --node {ServiceAdmin.Quoted(node)}"));
}
