using SyncStorage.Pipeline.Config;

namespace SyncStorage.Pipeline.Database;

/// <summary>An account of webheads on a dbnode.</summary>
/// <param name="User">Its name.</param>
/// <param name="PasswordParameter">Where its password is.</param>
public sealed record DatabaseAccount(string User, string PasswordParameter)
{
    /// <summary>The account that the webheads have: what the configuration says, or else the first of the two.</summary>
    /// <param name="current">The current configuration; null if none is published.</param>
    /// <param name="names">The cluster's names.</param>
    /// <param name="node">The dbnode's name.</param>
    public static DatabaseAccount Current(ConfigDocument? current, ClusterNames names, string node)
    {
        ArgumentNullException.ThrowIfNull(names);
        return current?.Nodes.FirstOrDefault(known => known.Name == node) is { } seen ? new(seen.User, seen.PasswordParameter) : names.FirstAccount(node);
    }

    /// <summary>The one of the two accounts that the webheads do not have.</summary>
    public static DatabaseAccount Idle(ConfigDocument? current, ClusterNames names, string node)
    {
        ArgumentNullException.ThrowIfNull(names);
        var first = names.FirstAccount(node);
        return Current(current, names, node).User == first.User ? names.SecondAccount(node) : first;
    }
}
