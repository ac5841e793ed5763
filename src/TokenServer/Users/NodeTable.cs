using System.Data;
using MySqlConnector;

namespace SyncStorage.TokenServer.Users;

/// <summary>A node as the table has it.</summary>
/// <param name="Node">Its origin.</param>
/// <param name="Capacity">How many users it takes.</param>
/// <param name="Available">How many it takes before each node gets some more.</param>
/// <param name="CurrentLoad">How many it has.</param>
/// <param name="Downed">Whether it is down: it takes no users, and their old data is left alone.</param>
/// <param name="Backoff">Whether it takes no users.</param>
internal sealed record NodeRow(string Node, int Capacity, int Available, int CurrentLoad, bool Downed, bool Backoff);

/// <summary>What of a node is to be as it is told; null for what stays.</summary>
internal sealed record NodeChange(int? Capacity, int? Available, bool? Downed, bool? Backoff);

/// <summary>The nodes, as operators see and change them.</summary>
internal sealed class NodeTable(MySqlDataSource source, TimeProvider time)
{
    /// <summary>What part of its capacity a node takes at first.</summary>
    private const int FirstShare = 10;
    private const int Chunk = 1000;

    /// <summary>All of them, in their order.</summary>
    public async Task<IReadOnlyList<NodeRow>> ReadAsync(CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var command = connection.Command(
            $"SELECT node, capacity, available, current_load, downed, backoff FROM nodes WHERE service = {TokenSql.ServiceId} ORDER BY id");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<NodeRow>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(new NodeRow(reader.GetString(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetInt32(3), reader.GetInt32(4) != 0, reader.GetInt32(5) != 0));
        return rows;
    }

    /// <summary>Adds a node that is new, which must have a capacity, and changes one that is not; returns whether it was new.</summary>
    /// <exception cref="StoreException">It is new, and has no capacity.</exception>
    public async Task<bool> SetAsync(string node, NodeChange change, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var changed = await connection.ExecuteAsync(
            $"""
            UPDATE nodes SET capacity = COALESCE(@capacity, capacity), available = COALESCE(@available, available),
              downed = COALESCE(@downed, downed), backoff = COALESCE(@backoff, backoff)
            WHERE service = {TokenSql.ServiceId} AND node = @node
            """, cancellationToken, Parameters(node, change));
        if (changed > 0) return false;
        if (change.Capacity is not { } capacity) throw new StoreException($"{node} is new, and needs a capacity");

        // Not all at once: a node that is new is the least loaded, and would get every user who comes.
        var first = change with { Available = change.Available ?? Math.Max(1, capacity / FirstShare) };
        await connection.ExecuteAsync(
            $"""
            INSERT INTO nodes (service, node, available, current_load, capacity, downed, backoff)
            VALUES ({TokenSql.ServiceId}, @node, @available, 0, @capacity, COALESCE(@downed, 0), COALESCE(@backoff, 0))
            ON DUPLICATE KEY UPDATE capacity = VALUES(capacity)
            """, cancellationToken, Parameters(node, first));
        return true;
    }

    /// <summary>Takes users off a node: with their next request they get another one, or the same if it still takes users. Returns how many.</summary>
    public async Task<int> UnassignAsync(string node, int most, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var sum = 0;
        while (sum < most)
        {
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
            await using var replace = connection.Command(
                """
                UPDATE users SET replaced_at = @now WHERE nodeid = (SELECT id FROM nodes WHERE service = (SELECT id FROM services WHERE service = @service) AND node = @node)
                  AND replaced_at IS NULL LIMIT @most
                """, ("@now", time.GetUtcNow().ToUnixTimeMilliseconds()), ("@service", TokenSchema.Service), ("@node", node), ("@most", Math.Min(Chunk, most - sum)));
            replace.Transaction = transaction;
            var replaced = await replace.ExecuteNonQueryAsync(cancellationToken);
            await using var lighten = connection.Command(
                $"UPDATE nodes SET current_load = GREATEST(current_load - @count, 0) WHERE service = {TokenSql.ServiceId} AND node = @node",
                ("@count", replaced), ("@node", node));
            lighten.Transaction = transaction;
            await lighten.ExecuteNonQueryAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            if (replaced == 0) break;
            sum += replaced;
        }

        return sum;
    }

    /// <summary>How many records are on a node: those that count, and those that are to be purged.</summary>
    public async Task<(long Current, long Old)> CountAsync(string node, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var command = connection.Command(
            $"""
            SELECT COALESCE(SUM(replaced_at IS NULL), 0), COALESCE(SUM(replaced_at IS NOT NULL), 0) FROM users
            WHERE nodeid = (SELECT id FROM nodes WHERE service = {TokenSql.ServiceId} AND node = @node)
            """, ("@node", node));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return ((long)reader.GetDecimal(0), (long)reader.GetDecimal(1));
    }

    /// <summary>Removes a node that nobody is on; returns whether it was there.</summary>
    public async Task<bool> RemoveAsync(string node, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(
            $"""
            DELETE FROM nodes WHERE service = {TokenSql.ServiceId} AND node = @node AND NOT EXISTS (SELECT 1 FROM users WHERE nodeid = nodes.id)
            """, cancellationToken, ("@node", node)) > 0;
    }

    /// <summary>Retires a user for good: no token any more, and what is stored is purged. Returns how many records that took.</summary>
    public async Task<int> RetireAsync(string email, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
        await using var lighten = connection.Command(
            $"""
            UPDATE nodes JOIN users ON users.nodeid = nodes.id SET nodes.current_load = GREATEST(nodes.current_load - 1, 0)
            WHERE users.email = @email AND users.service = {TokenSql.ServiceId} AND users.replaced_at IS NULL
            """, ("@email", email));
        lighten.Transaction = transaction;
        await lighten.ExecuteNonQueryAsync(cancellationToken);
        await using var retire = connection.Command(
            $"UPDATE users SET generation = @retired, replaced_at = COALESCE(replaced_at, @now) WHERE email = @email AND service = {TokenSql.ServiceId}",
            ("@retired", UserData.Retired), ("@now", time.GetUtcNow().ToUnixTimeMilliseconds()), ("@email", email));
        retire.Transaction = transaction;
        var retired = await retire.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return retired;
    }

    private static (string Name, object? Value)[] Parameters(string node, NodeChange change) =>
    [
        ("@node", node), ("@capacity", change.Capacity), ("@available", change.Available), ("@downed", Flag(change.Downed)), ("@backoff", Flag(change.Backoff)),
    ];

    private static object? Flag(bool? value) => value is null ? null : value.Value ? 1 : 0;
}
