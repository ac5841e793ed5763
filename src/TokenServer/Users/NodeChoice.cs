using System.Data;
using System.Globalization;
using MySqlConnector;

namespace SyncStorage.TokenServer.Users;

/// <summary>
/// Chooses the node of a user: of those that take users, the least loaded for its size. A node lets so many in as are available; where no
/// node has any left, each gets some more, up to its capacity.
/// </summary>
internal static class NodeChoice
{
    private const int MostReleases = 5;

    // Others may take what was chosen, between choosing and taking it. Each time that happens, somebody got on.
    private const int MostAttempts = 100;

    private const string Usable = "service = " + TokenSql.ServiceId + " AND capacity > current_load AND downed = 0 AND backoff = 0";

    /// <summary>Takes a place on a node, in one transaction with what is done there.</summary>
    /// <param name="connection">The database.</param>
    /// <param name="nodes">The nodes that may be chosen.</param>
    /// <param name="take">What is done with the place.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="NoNodeException">No node has room.</exception>
    public static async Task TakeAsync(MySqlConnection connection, IReadOnlyCollection<string> nodes,
        Func<long, MySqlTransaction, CancellationToken, Task> take, CancellationToken cancellationToken)
    {
        var releases = 0;
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            if (await ChooseAsync(connection, nodes, cancellationToken) is not { } node)
            {
                if (releases++ == MostReleases || await ReleaseAsync(connection, nodes, cancellationToken) == 0) throw new NoNodeException();
                continue;
            }

            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
            await take(node, transaction, cancellationToken);

            // Last, since all that come in wait for this row.
            await using var command = connection.Command(
                $"UPDATE nodes SET current_load = current_load + 1, available = available - 1 WHERE id = @id AND available > 0 AND {Usable}", ("@id", node));
            command.Transaction = transaction;
            if (await command.ExecuteNonQueryAsync(cancellationToken) > 0)
            {
                await transaction.CommitAsync(cancellationToken);
                return;
            }

            await transaction.RollbackAsync(cancellationToken);
        }

        throw new NoNodeException();
    }

    private static async Task<long?> ChooseAsync(MySqlConnection connection, IReadOnlyCollection<string> nodes, CancellationToken cancellationToken)
    {
        if (nodes.Count == 0) return null;

        // The logarithm of nothing is null, which comes first: an empty node is the least loaded.
        await using var command = WithNodes(connection, nodes,
            names => $"SELECT id FROM nodes WHERE available > 0 AND {Usable} AND node IN ({names}) ORDER BY LOG(current_load) / LOG(capacity), id LIMIT 1");
        return await command.ExecuteScalarAsync(cancellationToken) as long?;
    }

    private static async Task<int> ReleaseAsync(MySqlConnection connection, IReadOnlyCollection<string> nodes, CancellationToken cancellationToken)
    {
        if (nodes.Count == 0) return 0;
        await using var command = WithNodes(connection, nodes,
            names => $"UPDATE nodes SET available = LEAST(CEIL(capacity * 0.1), capacity - current_load) WHERE available <= 0 AND {Usable} AND node IN ({names})");
        var released = await command.ExecuteNonQueryAsync(cancellationToken);

        // None, if another released them a moment ago: then there is something to choose.
        return released > 0 || await ChooseAsync(connection, nodes, cancellationToken) is not null ? 1 : 0;
    }

    private static MySqlCommand WithNodes(MySqlConnection connection, IReadOnlyCollection<string> nodes, Func<string, string> sql)
    {
        var names = nodes.Select((node, index) => (Name: string.Create(CultureInfo.InvariantCulture, $"@n{index}"), Value: (object?)node)).ToArray();
        return connection.Command(sql(string.Join(", ", names.Select(name => name.Name))), names);
    }
}
