using SyncStorage.SyncClient;

namespace SyncStorage.Webhead.Storage;

/// <summary>Takes the items of a page as they come from where they are kept, without a list of them in between.</summary>
internal interface IItemSink
{
    /// <summary>The page starts.</summary>
    /// <param name="collection">When the collection changed last; zero if it does not exist. May throw, to refuse the page.</param>
    void Begin(SyncTimestamp collection);

    /// <summary>The next item.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="modified">When it changed last.</param>
    /// <param name="payload">Its payload in UTF-8; empty unless the whole items were wanted.</param>
    /// <param name="sortIndex">Its place in the order by index, if it has one.</param>
    void Add(ReadOnlySpan<byte> id, SyncTimestamp modified, ReadOnlySpan<byte> payload, int? sortIndex);

    /// <summary>Whether so much has been taken that it should be sent on (<see cref="DrainAsync"/>), or the page be ended.</summary>
    bool IsFull { get; }

    /// <summary>Sends on what was taken.</summary>
    /// <param name="count">How many items the whole page has; asked once.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task DrainAsync(Func<Task<long>> count, CancellationToken cancellationToken);

    /// <summary>The page ends. Until then nothing tells a page that was cut off from a whole one.</summary>
    /// <param name="more">Whether the collection has more items that were asked for.</param>
    void End(bool more);
}
