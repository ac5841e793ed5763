using System.Text;
using SyncStorage.SyncClient;
using SyncStorage.Webhead.Cache;

namespace SyncStorage.Webhead.Storage;

/// <summary>An item with the time at which it expires, in milliseconds.</summary>
internal sealed record StoredItem(Item Item, long Expires);

/// <summary>A whole collection, as it is in the cache. Behaves like one in the database.</summary>
/// <param name="Modified">When it changed last, or when it was deleted.</param>
/// <param name="Exists">Whether it is there, be it empty.</param>
/// <param name="Items">Its items, expired ones too.</param>
internal sealed record CachedCollection(SyncTimestamp Modified, bool Exists, IReadOnlyList<StoredItem> Items)
{
    public static readonly CachedCollection Missing = new(SyncTimestamp.Zero, false, []);

    private const byte HasSortIndex = 1;

    /// <summary>The items that are alive.</summary>
    public IEnumerable<Item> Live(SyncTimestamp now) =>
        Items.Where(item => item.Expires > now.Milliseconds).Select(item => item.Item);

    /// <summary>One live item.</summary>
    public Item? Find(string id, SyncTimestamp now) => Live(now).FirstOrDefault(item => item.Id == id);

    /// <summary>A page, as <see cref="ItemQueries.Page"/> reads one.</summary>
    public ItemPage Page(ItemQuery query, SyncTimestamp now)
    {
        if (!Exists) return new ItemPage(SyncTimestamp.Zero, [], false);
        var wanted = Live(now).Where(item => Wants(query, item));
        var ordered = query.Order switch
        {
            ItemOrder.Newest => wanted.OrderByDescending(item => item.Modified).ThenByDescending(item => item.Id, StringComparer.Ordinal),
            ItemOrder.Oldest => wanted.OrderBy(item => item.Modified).ThenBy(item => item.Id, StringComparer.Ordinal),
            ItemOrder.Index => wanted.OrderByDescending(item => item.SortIndex ?? long.MinValue).ThenBy(item => item.Id, StringComparer.Ordinal),
            _ => throw new ArgumentOutOfRangeException(nameof(query)),
        };
        var rest = ordered.Skip(query.Start?.Skip ?? 0).ToList();
        if (query.Limit is not { } limit || rest.Count <= limit) return new ItemPage(Modified, rest, false);

        // As in the database, a page of nothing has no next one.
        return new ItemPage(Modified, rest[..limit], More: limit > 0);
    }

    /// <summary>Writes it: a mark, the time, and the items one after the other.</summary>
    public byte[] Write()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write((byte)CacheValue.Known);
        writer.Write(Modified.Milliseconds);
        writer.Write(Exists);
        writer.Write(Items.Count);
        foreach (var (item, expires) in Items)
        {
            writer.Write(item.Id);
            writer.Write(item.Modified.Milliseconds);
            writer.Write(expires);
            writer.Write(item.SortIndex is null ? (byte)0 : HasSortIndex);
            if (item.SortIndex is { } index) writer.Write(index);
            writer.Write(item.Payload);
        }

        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>Reads it; null if there is none, or another kind of value.</summary>
    public static CachedCollection? Read(CacheEntry? entry)
    {
        if (entry is not { Value: [(byte)CacheValue.Known, ..] value }) return null;
        try
        {
            using var reader = new BinaryReader(new MemoryStream(value, 1, value.Length - 1), Encoding.UTF8);
            var modified = new SyncTimestamp(reader.ReadInt64());
            var exists = reader.ReadBoolean();
            var items = new StoredItem[reader.ReadInt32()];
            for (var index = 0; index < items.Length; index++) items[index] = ReadItem(reader);
            return new CachedCollection(modified, exists, items);
        }
        catch (Exception exception) when (exception is IOException or OverflowException or OutOfMemoryException or FormatException)
        {
            // Cut, or not ours: as good as none.
            return null;
        }
    }

    private static StoredItem ReadItem(BinaryReader reader)
    {
        var id = reader.ReadString();
        var modified = new SyncTimestamp(reader.ReadInt64());
        var expires = reader.ReadInt64();
        int? index = reader.ReadByte() == HasSortIndex ? reader.ReadInt32() : null;
        return new StoredItem(new Item(id, modified, reader.ReadString(), index), expires);
    }

    private static bool Wants(ItemQuery query, Item item) =>
        (query.Ids is not { } ids || ids.Contains(item.Id))
        && (query.Newer is not { } newer || item.Modified > newer)
        && (query.Older is not { } older || item.Modified < older)
        && (query.Start?.Bound is not { } bound || (query.Order == ItemOrder.Oldest ? item.Modified >= bound : item.Modified <= bound));
}
