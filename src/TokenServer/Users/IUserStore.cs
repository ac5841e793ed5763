namespace SyncStorage.TokenServer.Users;

/// <summary>Where users' records are.</summary>
internal interface IUserStore
{
    /// <summary>A user's records, the current one first. Without a lock: what it says may change at once.</summary>
    /// <exception cref="StoreException">The database can't be reached, or refused.</exception>
    Task<IReadOnlyList<UserRow>> ReadAsync(string email, CancellationToken cancellationToken);

    /// <summary>Lets nobody else change a user's records until the session ends.</summary>
    /// <exception cref="StoreException">The database can't be reached, or others hold the user for too long.</exception>
    Task<IUserSession> LockAsync(string email, CancellationToken cancellationToken);
}

/// <summary>Changes one user's records, alone.</summary>
internal interface IUserSession : IAsyncDisposable
{
    /// <summary>The user's records, the current one first.</summary>
    Task<IReadOnlyList<UserRow>> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Carries a step out.</summary>
    /// <exception cref="NoNodeException">No node has room.</exception>
    Task CarryOutAsync(UserStep step, CancellationToken cancellationToken);
}

/// <summary>The database can't be reached, or refused. The message has no data.</summary>
internal sealed class StoreException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>No node has room for another user.</summary>
internal sealed class NoNodeException() : Exception("No node has room for another user.");
