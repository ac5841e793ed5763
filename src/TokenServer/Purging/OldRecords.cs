using MySqlConnector;
using SyncStorage.TokenServer.Users;

namespace SyncStorage.TokenServer.Purging;

/// <summary>Old records in MySQL.</summary>
internal sealed class OldRecords(MySqlDataSource source) : IOldRecords
{
    public Task<IReadOnlyList<OldRecord>> FindAsync(long before, bool withDowned, int most, CancellationToken cancellationToken) =>
        TokenStore.GuardAsync<IReadOnlyList<OldRecord>>(async () =>
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            await using var command = connection.Command(
                $"""
                SELECT users.uid, nodes.node, COALESCE(nodes.downed, 0) FROM users LEFT JOIN nodes ON nodes.id = users.nodeid
                WHERE users.service = {TokenSql.ServiceId} AND users.replaced_at < @before AND (@downed OR COALESCE(nodes.downed, 0) = 0)
                ORDER BY users.replaced_at LIMIT @most
                """, ("@before", before), ("@downed", withDowned), ("@most", most));
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var found = new List<OldRecord>();
            while (await reader.ReadAsync(cancellationToken))
                found.Add(new OldRecord(reader.GetInt64(0), await reader.IsDBNullAsync(1, cancellationToken) ? null : reader.GetString(1), reader.GetInt32(2) != 0));
            return found;
        });

    // Only as long as it is an old one: a record is never un-replaced, and yet nothing here may take a user's place away.
    public Task DeleteAsync(long uid, CancellationToken cancellationToken) =>
        ExecuteAsync("DELETE FROM users WHERE uid = @uid AND replaced_at IS NOT NULL", cancellationToken, ("@uid", uid));

    public Task PutOffAsync(long uid, long replacedAt, CancellationToken cancellationToken) =>
        ExecuteAsync("UPDATE users SET replaced_at = GREATEST(replaced_at, @at) WHERE uid = @uid AND replaced_at IS NOT NULL", cancellationToken,
            ("@uid", uid), ("@at", replacedAt));

    private Task ExecuteAsync(string sql, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters) => TokenStore.GuardAsync(async () =>
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(sql, cancellationToken, parameters);
    });
}
