using System.Text;
using MySqlConnector;
using SyncStorage.SyncClient;

namespace SyncStorage.Webhead.Storage;

/// <summary>The SQL of reading items.</summary>
internal static class ItemQueries
{
    // A write under way is waited for: it already has its timestamp, and an answer of a later time without its items would make the
    // client miss them for good.
    private const string OneSql =
        """
        SELECT b.id, b.modified, b.payload, b.sortindex FROM user_collections u
        JOIN bso b ON b.userid = u.userid AND b.collection = u.collection
        WHERE u.userid = @uid AND u.collection = @collection AND b.id = @id AND b.ttl > @now LOCK IN SHARE MODE
        """;

    private const string LockedSql =
        """
        START TRANSACTION;
        SELECT last_modified FROM user_collections WHERE userid = @uid AND collection = @collection LOCK IN SHARE MODE;

        """;

    /// <summary>The command for one item. One statement, which is a transaction by itself.</summary>
    public static MySqlCommand One(long uid, int collection, string id, SyncTimestamp now)
    {
        var command = new MySqlCommand(OneSql);
        AddUser(command, uid, collection, now);
        command.Parameters.AddWithValue("@id", Encoding.ASCII.GetBytes(id));
        return command;
    }

    /// <summary>
    /// The command for a page of a collection: its timestamp, and then one row more than wanted, to see whether there are more. A
    /// transaction in one round trip.
    /// </summary>
    public static MySqlCommand Page(long uid, int collection, ItemQuery query, SyncTimestamp now)
    {
        var command = new MySqlCommand();
        var columns = query.Full ? "id, modified, payload, sortindex" : "id, modified";
        var sql = new StringBuilder(LockedSql).Append($"SELECT {columns} FROM bso WHERE userid = @uid AND collection = @collection AND ttl > @now");
        AddUser(command, uid, collection, now);
        if (query.Newer is { } newer) Add(" AND modified > @newer", "@newer", newer.Milliseconds);
        if (query.Older is { } older) Add(" AND modified < @older", "@older", older.Milliseconds);
        if (query.Start?.Bound is { } bound)
            Add(query.Order == ItemOrder.Oldest ? " AND modified >= @bound" : " AND modified <= @bound", "@bound", bound.Milliseconds);
        if (query.Ids is { } ids) sql.Append($" AND id IN ({IdParameters(command.Parameters, ids)})");
        sql.Append(query.Order switch
        {
            ItemOrder.Newest => " ORDER BY modified DESC, id",
            ItemOrder.Oldest => " ORDER BY modified, id",
            ItemOrder.Index => " ORDER BY sortindex DESC, id",
            _ => throw new ArgumentOutOfRangeException(nameof(query)),
        });

        var skip = query.Start?.Skip ?? 0;
        if (query.Limit is { } limit) Add(" LIMIT @limit", "@limit", limit == 0 ? 0 : (long)limit + 1);
        else if (skip > 0) Add(" LIMIT @limit", "@limit", long.MaxValue);
        if (skip > 0) Add(" OFFSET @skip", "@skip", skip);
        command.CommandText = sql.Append("; COMMIT").ToString();
        return command;

        void Add(string condition, string name, long value)
        {
            sql.Append(condition);
            command.Parameters.AddWithValue(name, value);
        }
    }

    /// <summary>Adds the parameters that every statement over a collection's live items has.</summary>
    public static void AddUser(MySqlCommand command, long uid, int collection, SyncTimestamp now)
    {
        command.Parameters.AddWithValue("@uid", uid);
        command.Parameters.AddWithValue("@collection", collection);
        command.Parameters.AddWithValue("@now", now.Milliseconds);
    }

    /// <summary>Adds a parameter for each id, and returns their list for an <c>IN</c>.</summary>
    public static string IdParameters(MySqlParameterCollection parameters, IEnumerable<string> ids) =>
        string.Join(", ", ids.Select((id, index) =>
        {
            var name = $"@id{index}";
            parameters.AddWithValue(name, Encoding.ASCII.GetBytes(id));
            return name;
        }));

    /// <summary>Reads the item in the current row.</summary>
    public static Item Read(MySqlDataReader reader, bool full) => new(
        Encoding.ASCII.GetString(reader.GetFieldValue<byte[]>(0)),
        new SyncTimestamp(reader.GetInt64(1)),
        full ? reader.GetString(2) : "",
        full && !reader.IsDBNull(3) ? reader.GetInt32(3) : null);
}
