using MySqlConnector;
using SyncStorage.SyncClient;

namespace SyncStorage.Webhead.Storage;

/// <summary>What a purge removed; what another webhead purged is nothing.</summary>
internal sealed record Purged(long Items, long Batches);

/// <summary>
/// Removes expired items and abandoned batches from a database, a day after nobody can see them any more. In small steps with longer
/// pauses between them, so that users don't notice; by one webhead at a time.
/// </summary>
internal sealed class Purge(HostDatabase database, TimeProvider time)
{
    private const int RowsPerStep = 1000;
    private static readonly TimeSpan Grace = TimeSpan.FromDays(1);

    // A step's pause is this many times as long as the step was.
    private const int PauseFactor = 4;
    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(20);

    /// <summary>Removes what there is to remove; nothing if another webhead is at it.</summary>
    public Task<Purged> RunAsync(CancellationToken cancellationToken) => database.RunAsync(RunAsync, cancellationToken);

    private async Task<Purged> RunAsync(MySqlConnection connection, CancellationToken cancellationToken)
    {
        // Goes with the connection, should we die.
        const string name = "CONCAT(LEFT(DATABASE(), 50), '.purge')";
        await using var take = new MySqlCommand($"SELECT GET_LOCK({name}, 0)", connection);
        if (Convert.ToInt64(await take.ExecuteScalarAsync(cancellationToken), null) != 1) return new Purged(0, 0);
        try
        {
            var now = SyncTimestamp.Now(time).Milliseconds;
            var expired = now - (long)Grace.TotalMilliseconds;
            var abandoned = expired - (long)DatabaseBatches.Lifetime.TotalMilliseconds;
            var items = await DeleteAsync(connection, "bso", "ttl", expired, cancellationToken);

            // Their items first: those of a batch without its row would be found by nobody.
            await DeleteAsync(connection, "batch_upload_items", "batch", abandoned, cancellationToken);
            return new Purged(items, await DeleteAsync(connection, "batch_uploads", "batch", abandoned, cancellationToken));
        }
        finally
        {
            await using var release = new MySqlCommand($"DO RELEASE_LOCK({name})", connection);
            await release.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    private async Task<long> DeleteAsync(MySqlConnection connection, string table, string column, long before, CancellationToken cancellationToken)
    {
        await using var delete = new MySqlCommand(
            FormattableString.Invariant($"DELETE FROM {table} WHERE {column} < {before} ORDER BY {column} LIMIT {RowsPerStep}"), connection);
        for (var total = 0L; ;)
        {
            var started = time.GetTimestamp();
            var rows = await StepAsync(delete, cancellationToken);
            total += rows ?? 0;
            if (rows < RowsPerStep) return total;
            var pause = time.GetElapsedTime(started) * PauseFactor;
            await Task.Delay(pause > LeastPause ? pause : LeastPause, time, cancellationToken);
        }
    }

    /// <summary>Deletes some rows; null if a user was in the way, who goes first.</summary>
    private static async Task<int?> StepAsync(MySqlCommand delete, CancellationToken cancellationToken)
    {
        try
        {
            return await delete.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (MySqlException exception) when (exception.ErrorCode is MySqlErrorCode.LockDeadlock or MySqlErrorCode.LockWaitTimeout)
        {
            return null;
        }
    }
}
