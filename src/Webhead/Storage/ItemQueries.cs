using System.Globalization;
using System.Text;
using MySqlConnector;
using SyncStorage.SyncClient;

namespace SyncStorage.Webhead.Storage;

/// <summary>The SQL of reading items.</summary>
internal static class ItemQueries
{
    /// <summary>How many bytes an item's id may have.</summary>
    public const int LongestId = 64;

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

    /// <summary>The size up to which a whole collection is read: well below what memcached takes by default.</summary>
    public const int LargestWhole = 512 * 1024;

    private const string OverheadOfItem = "100";

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
        var sql = new StringBuilder(LockedSql).Append("SELECT ").Append(columns);
        AddSelection(command, sql, uid, collection, query, now);

        // By time, the two orders are each other's reverse, also among items of the same time: so one index serves both.
        sql.Append(query.Order switch
        {
            ItemOrder.Newest => " ORDER BY modified DESC, id DESC",
            ItemOrder.Oldest => " ORDER BY modified, id",
            ItemOrder.Index => " ORDER BY sortindex DESC, id",
            _ => throw new ArgumentOutOfRangeException(nameof(query)),
        });

        var skip = query.Start?.Skip ?? 0;
        if (query.Limit is { } limit) sql.Append(CultureInfo.InvariantCulture, $" LIMIT {(limit == 0 ? 0 : (long)limit + 1)}");
        else if (skip > 0) sql.Append(CultureInfo.InvariantCulture, $" LIMIT {long.MaxValue}");
        if (skip > 0) sql.Append(CultureInfo.InvariantCulture, $" OFFSET {skip}");
        command.CommandText = sql.Append("; COMMIT").ToString();
        return command;
    }

    /// <summary>The command that counts the items of a page without a limit.</summary>
    public static MySqlCommand Count(long uid, int collection, ItemQuery query, SyncTimestamp now)
    {
        var command = new MySqlCommand();
        var sql = new StringBuilder().Append(CultureInfo.InvariantCulture, $"SELECT GREATEST(COUNT(*) - {query.Start?.Skip ?? 0}, 0)");
        AddSelection(command, sql, uid, collection, query, now);
        command.CommandText = sql.ToString();
        return command;
    }

    private static void AddSelection(MySqlCommand command, StringBuilder sql, long uid, int collection, ItemQuery query, SyncTimestamp now)
    {
        sql.Append(" FROM bso WHERE userid = @uid AND collection = @collection AND ttl > @now");
        AddUser(command, uid, collection, now);
        if (query.Newer is { } newer) Add(" AND modified > ", newer);
        if (query.Older is { } older) Add(" AND modified < ", older);
        if (query.Start?.Bound is { } bound) Add(query.Order == ItemOrder.Oldest ? " AND modified >= " : " AND modified <= ", bound);
        if (query.Ids is { } ids) sql.Append(" AND id IN (").Append(IdParameters(command.Parameters, ids)).Append(')');

        void Add(string condition, SyncTimestamp value) => sql.Append(condition).Append(value.Milliseconds);
    }

    /// <summary>
    /// The command for a whole collection, in the same transaction: its timestamp, its size, and if that is not too large the items with
    /// their ttl.
    /// </summary>
    public static MySqlCommand Whole(long uid, int collection)
    {
        const string where = "WHERE userid = @uid AND collection = @collection";
        const string size = $"SELECT CAST(COALESCE(SUM(payload_size + {OverheadOfItem}), 0) AS SIGNED) FROM bso {where}";
        var command = new MySqlCommand(FormattableString.Invariant(
            $"{LockedSql}{size}; SELECT id, modified, payload, sortindex, ttl FROM bso {where} AND ({size}) <= {LargestWhole}; COMMIT"));
        command.Parameters.AddWithValue("@uid", uid);
        command.Parameters.AddWithValue("@collection", collection);
        return command;
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
