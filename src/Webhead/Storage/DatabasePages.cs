using System.Buffers;
using System.Globalization;
using MySqlConnector;
using SyncStorage.SyncClient;

namespace SyncStorage.Webhead.Storage;

/// <summary>Reads pages of collections in a virtual hostname's database: one trip to it, from its rows straight into the answer.</summary>
internal sealed class DatabasePages(HostDatabase database, TimeProvider time)
{
    private const int Id = 0;
    private const int Modified = 1;
    private const int Payload = 2;
    private const int SortIndex = 3;

    /// <inheritdoc cref="UserStorage.ReadPageAsync"/>
    public async Task ReadAsync(long uid, string name, ItemQuery query, IItemSink sink, CancellationToken cancellationToken)
    {
        if (await database.Names.FindAsync(name, cancellationToken) is not { } collection)
        {
            sink.Begin(SyncTimestamp.Zero);
            sink.End(more: false);
            return;
        }

        var begun = false;
        await database.RunAsync(async (connection, token) =>
        {
            // What was given away can't be given again: from here on, a broken connection fails the request.
            if (begun) throw new DatabaseFailedException(new IOException("The connection broke in the middle of a page."));
            await ReadAsync(connection, uid, collection, query, sink, () => begun = true, token);
            return true;
        }, cancellationToken);
    }

    private async Task ReadAsync(MySqlConnection connection, long uid, int collection, ItemQuery query, IItemSink sink, Action begun,
        CancellationToken cancellationToken)
    {
        var now = SyncTimestamp.Now(time);
        await using var command = ItemQueries.Page(uid, collection, query, now);
        command.Connection = connection;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var modified = await reader.ReadAsync(cancellationToken) ? reader.GetInt64(0) : 0;
        begun();
        sink.Begin(new SyncTimestamp(modified));
        await reader.NextResultAsync(cancellationToken);
        await CopyAsync(reader, query, sink, CountAsync, cancellationToken);

        // On a connection of its own, since this one is busy. The lock that this one holds makes the count that of its items.
        Task<long> CountAsync() => database.RunAsync(async (other, token) =>
        {
            await using var count = ItemQueries.Count(uid, collection, query, now);
            count.Connection = other;
            return Convert.ToInt64(await count.ExecuteScalarAsync(token), CultureInfo.InvariantCulture);
        }, cancellationToken);
    }

    private static async Task CopyAsync(MySqlDataReader reader, ItemQuery query, IItemSink sink, Func<Task<long>> count,
        CancellationToken cancellationToken)
    {
        var scratch = ArrayPool<byte>.Shared.Rent(4096);
        try
        {
            var more = false;
            for (var rows = 0; await reader.ReadAsync(cancellationToken); rows++)
            {
                more = rows >= query.Limit || (sink.IsFull && query.Limit is not null);
                if (more) break;
                if (sink.IsFull) await sink.DrainAsync(count, cancellationToken);
                Copy(reader, query.Full, sink, ref scratch);
            }

            sink.End(more);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    private static void Copy(MySqlDataReader reader, bool full, IItemSink sink, ref byte[] scratch)
    {
        Span<byte> id = stackalloc byte[ItemQueries.LongestId];
        var idLength = Read(reader, Id, ref scratch);
        scratch.AsSpan(0, idLength).CopyTo(id);
        var payloadLength = full ? Read(reader, Payload, ref scratch) : 0;
        int? sortIndex = full && !reader.IsDBNull(SortIndex) ? reader.GetInt32(SortIndex) : null;
        sink.Add(id[..idLength], new SyncTimestamp(reader.GetInt64(Modified)), scratch.AsSpan(0, payloadLength), sortIndex);
    }

    /// <summary>Reads a column's bytes as they are on the wire, which for a text is UTF-8: it goes out as UTF-8 again.</summary>
    private static int Read(MySqlDataReader reader, int column, ref byte[] scratch)
    {
        var length = (int)reader.GetBytes(column, 0, null, 0, 0);
        if (length > scratch.Length)
        {
            ArrayPool<byte>.Shared.Return(scratch);
            scratch = ArrayPool<byte>.Shared.Rent(length);
        }

        return (int)reader.GetBytes(column, 0, scratch, 0, length);
    }
}
