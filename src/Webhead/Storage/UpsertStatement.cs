using System.Globalization;
using System.Text;
using MySqlConnector;
using SyncStorage.SyncClient;

namespace SyncStorage.Webhead.Storage;

/// <summary>Which of an item's fields were sent.</summary>
internal readonly record struct ItemShape(bool Payload, bool SortIndex, bool Ttl);

/// <summary>
/// One statement that writes many items of the same shape. What was not sent keeps its old value; an item that expired is one that was
/// never there, and gets the defaults.
/// </summary>
internal sealed class UpsertStatement(ItemShape shape, long uid, int collection, SyncTimestamp now)
{
    private const int OverheadOfRow = 160;
    private readonly MySqlBatchCommand command = new();
    private readonly StringBuilder sql = new("INSERT INTO bso (userid, collection, id, sortindex, modified, payload, payload_size, ttl) VALUES ");
    private int rows;

    /// <summary>About how many bytes the statement has; zero as long as it writes nothing.</summary>
    public int Length { get; private set; }

    public static ItemShape ShapeOf(ItemChange item) => new(item.Payload is not null, item.SortIndex is not null, item.TtlSeconds is not null);

    public void Add(ItemChange item)
    {
        var row = rows++.ToString(CultureInfo.InvariantCulture);
        var size = item.PayloadBytes;
        var ttl = item.TtlSeconds is { } seconds ? now.Milliseconds + seconds * 1000 : Schema.Never;
        var sortIndex = item.SortIndex?.ToString(CultureInfo.InvariantCulture) ?? "NULL";
        sql.Append(rows > 1 ? ", " : "").Append(CultureInfo.InvariantCulture,
            $"({uid}, {collection}, @i{row}, {sortIndex}, {now.Milliseconds}, @p{row}, {size}, {ttl})");
        command.Parameters.AddWithValue("@i" + row, Encoding.ASCII.GetBytes(item.Id));
        command.Parameters.AddWithValue("@p" + row, item.Payload ?? "");
        Length += size + OverheadOfRow;
    }

    public MySqlBatchCommand Make()
    {
        // Assigned from left to right: whether the old item had expired must be asked before its ttl changes.
        sql.Append(" ON DUPLICATE KEY UPDATE ");
        Append("payload", shape.Payload);
        Append("payload_size", shape.Payload);
        Append("modified", shape.Payload);
        Append("sortindex", shape.SortIndex);
        Append("ttl", shape.Ttl);
        command.CommandText = sql.Remove(sql.Length - 2, 2).ToString();
        return command;
    }

    private void Append(string column, bool sent)
    {
        if (sent) sql.Append(CultureInfo.InvariantCulture, $"{column} = VALUES({column}), ");
        else sql.Append(CultureInfo.InvariantCulture, $"{column} = IF(ttl <= {now.Milliseconds}, VALUES({column}), {column}), ");
    }
}
