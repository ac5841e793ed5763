using SyncStorage.SyncClient;

namespace SyncStorage.Webhead.Storage;

/// <summary>An item (BSO) as stored.</summary>
internal sealed record Item(string Id, SyncTimestamp Modified, string Payload, int? SortIndex);

/// <summary>What a client sent of an item; what is null was not sent, and keeps its old value.</summary>
internal sealed record ItemChange(string Id)
{
    public string? Payload { get; init; }

    /// <summary>How many bytes of UTF-8 the payload has.</summary>
    public int PayloadBytes { get; init; }

    public int? SortIndex { get; init; }

    public long? TtlSeconds { get; init; }
}

/// <summary>In which order a list comes.</summary>
internal enum ItemOrder
{
    Newest,
    Oldest,
    Index,
}

/// <summary>Where a page starts: after <paramref name="Skip"/> rows from the bound, or from the start of the list if there is none.</summary>
internal readonly record struct PageStart(SyncTimestamp? Bound, int Skip);

/// <summary>Which items a client wants.</summary>
internal sealed record ItemQuery
{
    public IReadOnlyList<string>? Ids { get; init; }

    public SyncTimestamp? Newer { get; init; }

    public SyncTimestamp? Older { get; init; }

    public ItemOrder Order { get; init; } = ItemOrder.Newest;

    public int? Limit { get; init; }

    public PageStart? Start { get; init; }

    public bool Full { get; init; }
}

/// <summary>A page of a collection.</summary>
/// <param name="Collection">When the collection changed last; zero if it does not exist.</param>
/// <param name="Items">The items; with an empty payload unless the whole items were wanted.</param>
/// <param name="More">Whether there are more.</param>
internal sealed record ItemPage(SyncTimestamp Collection, IReadOnlyList<Item> Items, bool More);

/// <summary>The write met another one; the client should try again.</summary>
internal sealed class WriteConflictException(Exception? inner = null) : Exception("Another write was in the way.", inner);
