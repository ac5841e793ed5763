using System.Text;
using SyncStorage.SyncClient;
using SyncStorage.Webhead.Cache;

namespace SyncStorage.Webhead.Storage;

/// <summary>The open batches of collections that are in the cache alone: one value a collection, with all its batches.</summary>
internal sealed class CacheOnlyBatches(UserCache cache, TimeProvider time)
{
    private const int Attempts = 20;
    private const int MostOpen = 10;

    [Flags]
    private enum Fields : byte
    {
        None = 0,
        Payload = 1,
        SortIndex = 2,
        Ttl = 4,
    }

    /// <summary>Adds items to a batch, or starts one. Returns its number.</summary>
    public Task<long> AddAsync(long uid, string collection, long? batch, IReadOnlyList<ItemChange> items) =>
        ChangeAsync(uid, collection, open =>
        {
            var number = batch ?? SyncTimestamp.Now(time).Milliseconds + uid % 10;
            if (batch is null)
            {
                if (open.Count >= MostOpen) throw new WriteConflictException();
                while (open.ContainsKey(number)) number++;
                open[number] = [];
            }

            if (!open.TryGetValue(number, out var staged)) throw new UnknownBatchException();
            foreach (var item in items) staged[item.Id] = staged.TryGetValue(item.Id, out var old) ? Merge(old, item) : item;
            return number;
        });

    /// <summary>What a batch has put aside.</summary>
    public async Task<IReadOnlyList<ItemChange>> ReadAsync(long uid, string collection, long batch)
    {
        var user = cache.Of(uid);
        var open = Read((await cache.Client.RunAsync(user, CacheCommand.Get(user.Batches(collection)))).Entry);
        return open.TryGetValue(batch, out var staged) ? [.. staged.Values] : throw new UnknownBatchException();
    }

    /// <summary>Ends a batch.</summary>
    public Task ForgetAsync(long uid, string collection, long batch) => ChangeAsync(uid, collection, open => open.Remove(batch));

    private static ItemChange Merge(ItemChange old, ItemChange item) => new(item.Id)
    {
        Payload = item.Payload ?? old.Payload,
        PayloadBytes = item.Payload is null ? old.PayloadBytes : item.PayloadBytes,
        SortIndex = item.SortIndex ?? old.SortIndex,
        TtlSeconds = item.TtlSeconds ?? old.TtlSeconds,
    };

    private async Task<T> ChangeAsync<T>(long uid, string collection, Func<SortedDictionary<long, Dictionary<string, ItemChange>>, T> change)
    {
        var user = cache.Of(uid);
        var key = user.Batches(collection);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var entry = (await cache.Client.RunAsync(user, CacheCommand.Get(key))).Entry;
            var open = Read(entry);
            var result = change(open);
            var value = Write(open);
            var answer = await cache.Client.RunAsync(user, entry is null
                ? CacheCommand.Add(key, value, DatabaseBatches.Lifetime)
                : CacheCommand.Replace(key, value, entry, DatabaseBatches.Lifetime));
            if (answer.Done) return result;
            if (answer.Outcome == CacheOutcome.Refused) throw new CacheUnavailableException($"memcached does not take {value.Length} bytes");
        }

        throw new WriteConflictException();
    }

    private static byte[] Write(SortedDictionary<long, Dictionary<string, ItemChange>> open)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write((byte)CacheValue.Known);
        writer.Write(open.Count);
        foreach (var (batch, items) in open)
        {
            writer.Write(batch);
            writer.Write(items.Count);
            foreach (var item in items.Values) Write(writer, item);
        }

        writer.Flush();
        return stream.ToArray();
    }

    private static void Write(BinaryWriter writer, ItemChange item)
    {
        writer.Write(item.Id);
        var fields = (item.Payload is null ? Fields.None : Fields.Payload) | (item.SortIndex is null ? Fields.None : Fields.SortIndex)
            | (item.TtlSeconds is null ? Fields.None : Fields.Ttl);
        writer.Write((byte)fields);
        if (item.Payload is { } payload) writer.Write(payload);
        if (item.SortIndex is { } index) writer.Write(index);
        if (item.TtlSeconds is { } ttl) writer.Write(ttl);
    }

    /// <summary>Reads the batches that are not too old.</summary>
    private SortedDictionary<long, Dictionary<string, ItemChange>> Read(CacheEntry? entry)
    {
        var open = new SortedDictionary<long, Dictionary<string, ItemChange>>();
        if (entry is not { Value: [(byte)CacheValue.Known, ..] value }) return open;
        using var reader = new BinaryReader(new MemoryStream(value, 1, value.Length - 1), Encoding.UTF8);
        var oldest = SyncTimestamp.Now(time).Milliseconds - (long)DatabaseBatches.Lifetime.TotalMilliseconds;
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            var batch = reader.ReadInt64();
            var items = new Dictionary<string, ItemChange>(StringComparer.Ordinal);
            for (var left = reader.ReadInt32(); left > 0; left--)
            {
                var item = ReadItem(reader);
                items[item.Id] = item;
            }

            if (batch > oldest) open[batch] = items;
        }

        return open;
    }

    private static ItemChange ReadItem(BinaryReader reader)
    {
        var id = reader.ReadString();
        var fields = (Fields)reader.ReadByte();
        var payload = fields.HasFlag(Fields.Payload) ? reader.ReadString() : null;
        int? index = fields.HasFlag(Fields.SortIndex) ? reader.ReadInt32() : null;
        long? ttl = fields.HasFlag(Fields.Ttl) ? reader.ReadInt64() : null;
        return new ItemChange(id)
        {
            Payload = payload,
            PayloadBytes = payload is null ? 0 : Encoding.UTF8.GetByteCount(payload),
            SortIndex = index,
            TtlSeconds = ttl,
        };
    }
}
