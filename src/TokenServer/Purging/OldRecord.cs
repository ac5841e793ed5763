namespace SyncStorage.TokenServer.Purging;

/// <summary>A record that another has replaced for long enough.</summary>
/// <param name="Uid">The user's number on the node.</param>
/// <param name="Node">The node; null if there is none, or no longer.</param>
/// <param name="Downed">Whether the node is down.</param>
internal sealed record OldRecord(long Uid, string? Node, bool Downed);

/// <summary>Where old records are.</summary>
internal interface IOldRecords
{
    /// <summary>The oldest of them.</summary>
    /// <param name="before">Replaced before this moment, in milliseconds since 1970.</param>
    /// <param name="withDowned">Whether those of nodes that are down are wanted.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<OldRecord>> FindAsync(long before, bool withDowned, int most, CancellationToken cancellationToken);

    /// <summary>Forgets one.</summary>
    Task DeleteAsync(long uid, CancellationToken cancellationToken);

    /// <summary>Puts one off, so that it does not stand before the others: as if it had been replaced at that moment.</summary>
    Task PutOffAsync(long uid, long replacedAt, CancellationToken cancellationToken);
}

/// <summary>Where users' data are.</summary>
internal interface INodeData
{
    /// <summary>Deletes all that a user has on a node; null if that is gone now, else what is wrong.</summary>
    Task<string?> DeleteAsync(string node, long uid, CancellationToken cancellationToken);
}
