using MySqlConnector;

namespace SyncStorage.Webhead.Storage;

/// <summary>A user whose values in the cache may be old.</summary>
internal sealed record RepairNote(long Uid, long Stamp);

/// <summary>Where writers note whom they could not tell the cache about.</summary>
internal interface ICacheRepairs
{
    /// <summary>Some of the notes.</summary>
    Task<IReadOnlyList<RepairNote>> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Removes notes, except those that were renewed meanwhile.</summary>
    Task ForgetAsync(IReadOnlyList<RepairNote> notes, CancellationToken cancellationToken);
}

/// <summary>
/// The rows that writers leave who can't reach the cache, in the transaction of the write: so nobody's death loses them.
/// </summary>
internal sealed class CacheRepairs(HostDatabase database) : ICacheRepairs
{
    private const int MostAtOnce = 200;

    /// <summary>The SQL that notes a user; <c>{0}</c> is the user, <c>{1}</c> a number that grows.</summary>
    public static string NoteSql(long uid, long stamp) =>
        FormattableString.Invariant($"INSERT INTO cache_repairs (userid, stamp) VALUES ({uid}, {stamp}) ON DUPLICATE KEY UPDATE stamp = GREATEST(stamp + 1, {stamp})");

    public Task<IReadOnlyList<RepairNote>> ReadAsync(CancellationToken cancellationToken) => database.RunAsync(ReadAsync, cancellationToken);

    public Task ForgetAsync(IReadOnlyList<RepairNote> notes, CancellationToken cancellationToken) =>
        database.RunAsync(async (connection, token) =>
        {
            var rows = string.Join(", ", notes.Select(note => FormattableString.Invariant($"({note.Uid}, {note.Stamp})")));
            await using var delete = new MySqlCommand($"DELETE FROM cache_repairs WHERE (userid, stamp) IN ({rows})", connection);
            return await delete.ExecuteNonQueryAsync(token);
        }, cancellationToken);

    private static async Task<IReadOnlyList<RepairNote>> ReadAsync(MySqlConnection connection, CancellationToken cancellationToken)
    {
        await using var select = new MySqlCommand($"SELECT userid, stamp FROM cache_repairs LIMIT {MostAtOnce}", connection);
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        var notes = new List<RepairNote>();
        while (await reader.ReadAsync(cancellationToken)) notes.Add(new RepairNote(reader.GetInt64(0), reader.GetInt64(1)));
        return notes;
    }
}
