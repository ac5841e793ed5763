namespace SyncStorage.Webhead.Cache;

/// <summary>
/// What the caching layers need of memcached. All keys of a user are on one node. Every call throws
/// <see cref="CacheUnavailableException"/> when that node can't be had.
/// </summary>
internal interface ICacheClient
{
    /// <summary>
    /// Counts what old values may come with: connections that came (back), and changes of the list of nodes. What was written while a node
    /// was out of reach must be repaired before its values are believed again.
    /// </summary>
    int Interruptions { get; }

    /// <summary>
    /// Whether every webhead asks the same node for the user's keys. For a while after the list of nodes has changed that is not so for
    /// those that moved, and copies of values may be left on the node that had them before.
    /// </summary>
    bool IsSettled(CacheUser user);

    /// <summary>Whether the user's node has been away for longer than a hiccup takes.</summary>
    bool IsLost(CacheUser user);

    /// <summary>Asks every node whether it is there.</summary>
    Task PingAsync(CancellationToken cancellationToken);

    /// <summary>Runs a command on the user's node.</summary>
    ValueTask<CacheAnswer> RunAsync(CacheUser user, CacheCommand command);

    /// <summary>Runs commands on the user's node in their order, over one connection, without waiting between them.</summary>
    ValueTask<CacheAnswer[]> RunAsync(CacheUser user, params CacheCommand[] commands);

    /// <summary>Runs commands on every node from which some webhead may read the user's keys.</summary>
    ValueTask InvalidateAsync(CacheUser user, params CacheCommand[] commands);

    /// <summary>Runs a command on the node that the user's keys have moved away from, if they have not long ago.</summary>
    ValueTask RunOnFormerAsync(CacheUser user, CacheCommand command);
}

/// <summary>The cache can't be used at present. Who has a database goes on without it.</summary>
internal sealed class CacheUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
