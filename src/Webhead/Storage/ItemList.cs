using System.Text;
using SyncStorage.SyncClient;

namespace SyncStorage.Webhead.Storage;

/// <summary>Keeps the items of a page as a list, for who needs them all.</summary>
internal sealed class ItemList : IItemSink
{
    private readonly List<Item> items = [];
    private SyncTimestamp collection;
    private bool more;

    /// <summary>The page.</summary>
    public ItemPage Page => new(collection, items, more);

    public bool IsFull => false;

    public void Begin(SyncTimestamp collection) => this.collection = collection;

    public void Add(ReadOnlySpan<byte> id, SyncTimestamp modified, ReadOnlySpan<byte> payload, int? sortIndex) =>
        items.Add(new Item(Encoding.ASCII.GetString(id), modified, Encoding.UTF8.GetString(payload), sortIndex));

    public Task DrainAsync(Func<Task<long>> count, CancellationToken cancellationToken) => throw new InvalidOperationException("A list is never full.");

    public void End(bool more) => this.more = more;

    /// <summary>Gives the items of a page to another sink.</summary>
    public static void Copy(ItemPage page, IItemSink sink)
    {
        sink.Begin(page.Collection);
        foreach (var item in page.Items) sink.Add(Encoding.ASCII.GetBytes(item.Id), item.Modified, Encoding.UTF8.GetBytes(item.Payload), item.SortIndex);
        sink.End(page.More);
    }
}
