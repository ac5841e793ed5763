using MySqlConnector;

namespace SyncStorage.TokenServer.Users;

/// <summary>The numbers that users get, in a database that is as it was at an earlier time: those given since lead to what others have on the nodes, and are not given once more.</summary>
internal static class UserNumbers
{
    /// <summary>Far more than may have been given since; numbers up to those of smoke tests are enough for thousands of times.</summary>
    public const long Skipped = 1_000_000;

    private const string Insert = "INSERT INTO users (uid, service, email, generation, client_state, created_at, replaced_at) VALUES (@uid, 0, '', 0, '', 0, 0)";

    /// <summary>Skips them. Nothing is written: a number that was given stays so, whatever becomes of the row.</summary>
    /// <param name="master">The dbnode, with its master account.</param>
    /// <param name="database">The database, which has its tables.</param>
    /// <param name="used">One that was given, as far as is known from elsewhere.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The number that the next user gets.</returns>
    public static async Task<long> SkipAsync(DatabaseAddress master, string database, long used, CancellationToken cancellationToken)
    {
        await using var connection = new MySqlConnection(master.ConnectionString(mostConnections: 1, connectSeconds: 5, commandSeconds: 60));
        await connection.OpenAsync(cancellationToken);
        await connection.ChangeDatabaseAsync(database, cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new MySqlCommand(Insert, connection, transaction);
        var uid = command.Parameters.Add("@uid", MySqlDbType.Int64);
        uid.Value = DBNull.Value;
        await command.ExecuteNonQueryAsync(cancellationToken);
        uid.Value = Math.Max(command.LastInsertedId, used) + Skipped;
        await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.RollbackAsync(cancellationToken);
        return (long)uid.Value + 1;
    }
}
