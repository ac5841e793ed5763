using SyncStorage.SyncClient;

namespace SyncStorage.Webhead.Storage;

/// <summary>
/// One way to keep the collections of users. Which one a collection has, its name decides (<see cref="UserStorage"/>); they behave alike.
/// Every call throws <see cref="DatabaseFailedException"/> or <see cref="Cache.CacheUnavailableException"/> when what it needs can't be had.
/// </summary>
internal interface ICollectionStore
{
    /// <summary>One live item; null if it is not there.</summary>
    Task<Item?> ReadItemAsync(long uid, string collection, string id, CancellationToken cancellationToken);

    /// <summary>A page of a collection. Its timestamp is never older than an item in it.</summary>
    Task<ItemPage> ReadPageAsync(long uid, string collection, ItemQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// Writes to a collection, all or nothing, serialised with every other write to it. Not cancelled by a client that goes away: half
    /// the requests that do are retried.
    /// </summary>
    /// <param name="uid">The user.</param>
    /// <param name="collection">The collection; it comes into being.</param>
    /// <param name="write">
    /// What to do. May be called again, from the start, when another write got in the way; what it throws leaves everything as it was.
    /// </param>
    /// <param name="looksBack">Whether it asks for <see cref="IWriteSession.CollectionModified"/>; one that does not is quicker.</param>
    /// <returns>The write's timestamp: the one of all that it wrote, and now the collection's.</returns>
    /// <exception cref="WriteConflictException">Another write was in the way for too long.</exception>
    Task<SyncTimestamp> WriteAsync(long uid, string collection, Func<IWriteSession, Task> write, bool looksBack);

    /// <summary>Puts items aside for a batch. Nothing of it can be seen before the commit (<see cref="IWriteSession.CommitBatchAsync"/>).</summary>
    /// <param name="uid">The user.</param>
    /// <param name="collection">The collection that the batch is for; it does not come into being.</param>
    /// <param name="batch">The batch; null starts one.</param>
    /// <param name="items">The items. What is sent of an id that is there already adds to it.</param>
    /// <param name="check">Called with the collection's timestamp; throws to refuse.</param>
    /// <exception cref="UnknownBatchException">There is no such batch for this user and collection, or it is too old.</exception>
    Task<StagedBatch> StageAsync(long uid, string collection, long? batch, IReadOnlyList<ItemChange> items, Action<SyncTimestamp> check);
}

/// <summary>A write under way. Nobody else writes to the collection meanwhile; the collection gets the timestamp <see cref="Now"/> at the end.</summary>
internal interface IWriteSession
{
    /// <summary>The timestamp of all that this request writes.</summary>
    SyncTimestamp Now { get; }

    /// <summary>When the collection changed last, before this write; zero if it did not exist. Only for writes that look back.</summary>
    SyncTimestamp CollectionModified { get; }

    /// <summary>When an item changed last; null if it is not there.</summary>
    Task<SyncTimestamp?> ReadItemModifiedAsync(string id);

    /// <summary>Writes items. An item that expired is one that was never there.</summary>
    Task UpsertAsync(IReadOnlyList<ItemChange> items);

    /// <summary>Deletes items; returns how many of them were there, not yet expired.</summary>
    Task<int> DeleteAsync(IReadOnlyCollection<string> ids);

    /// <summary>Deletes the collection: it is no more, but the storage keeps this write's timestamp.</summary>
    Task DeleteCollectionAsync();

    /// <summary>Writes what a batch has put aside, and ends the batch. Its ttls count from now.</summary>
    /// <exception cref="UnknownBatchException">There is no such batch for this user and collection, or it is too old.</exception>
    Task CommitBatchAsync(long batch);
}

/// <summary>An open batch.</summary>
/// <param name="Batch">Its number.</param>
/// <param name="CollectionModified">When the collection changed last; zero if it does not exist.</param>
internal sealed record StagedBatch(long Batch, SyncTimestamp CollectionModified);

/// <summary>The batch is not there, not this user's, or not this collection's.</summary>
internal sealed class UnknownBatchException() : Exception("There is no such batch.");
