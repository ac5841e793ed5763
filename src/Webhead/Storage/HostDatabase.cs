using System.Data;
using System.Net.Sockets;
using MySqlConnector;

namespace SyncStorage.Webhead.Storage;

/// <summary>The database of one virtual hostname, with its connections.</summary>
internal sealed class HostDatabase : IAsyncDisposable
{
    private const int MostConnections = 20;

    private readonly DatabasePool pool;
    private int inUse;
    private long failures;

    public HostDatabase(DatabaseAddress address)
    {
        pool = new DatabasePool(address, MostConnections, connectSeconds: 5, commandSeconds: 15);
        Names = new CollectionNames(this);
    }

    public CollectionNames Names { get; }

    /// <summary>Pieces of work under way: each has a connection, or waits for one.</summary>
    public int InUse => Volatile.Read(ref inUse);

    /// <summary>Pieces of work that failed because the database could not be reached, or refused.</summary>
    public long Failures => Interlocked.Read(ref failures);

    /// <summary>
    /// Does work on a connection. A transaction that the work has left open is rolled back. After a database's restart the pool is full
    /// of dead connections, which only their use shows: then the pool is emptied and the work done once more.
    /// </summary>
    /// <param name="work">What to do; must be such that it can be done again if it was cut off.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="WriteConflictException">It met a lock for too long.</exception>
    /// <exception cref="DatabaseFailedException">The database can't be reached, or refused.</exception>
    public async Task<T> RunAsync<T>(Func<MySqlConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref inUse);
        try
        {
            return await TwiceAsync(work, cancellationToken);
        }
        catch (DatabaseFailedException)
        {
            Interlocked.Increment(ref failures);
            throw;
        }
        finally
        {
            Interlocked.Decrement(ref inUse);
        }
    }

    /// <summary>Closes the connections that nobody uses now, and the others when they come back. It can be used still.</summary>
    public Task ReleaseAsync() => pool.EmptyAsync();

    public ValueTask DisposeAsync() => pool.DisposeAsync();

    private async Task<T> TwiceAsync<T>(Func<MySqlConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        for (var first = true; ; first = false)
        {
            var source = pool.Current;
            MySqlConnection? connection = null;
            try
            {
                connection = await pool.OpenAsync(source, cancellationToken);
                return await RunAsync(connection, work, cancellationToken);
            }
            catch (MySqlException exception) when (exception.ErrorCode is MySqlErrorCode.LockDeadlock or MySqlErrorCode.LockWaitTimeout)
            {
                throw new WriteConflictException(exception);
            }
            catch (MySqlException exception) when (exception.ErrorCode == MySqlErrorCode.NoSuchTable && first)
            {
                // The database's first use, or the first by a release that has more tables.
                await MakeTablesAsync(cancellationToken);
            }
            catch (Exception exception) when (DatabasePool.IsBroken(exception) && first && connection is not null)
            {
                await pool.EmptyAsync(source);
            }
            catch (Exception exception) when (exception is MySqlException || DatabasePool.IsBroken(exception))
            {
                throw new DatabaseFailedException(exception);
            }
            finally
            {
                if (connection is not null) await connection.DisposeAsync();
            }
        }
    }

    private static async Task<T> RunAsync<T>(MySqlConnection connection, Func<MySqlConnection, CancellationToken, Task<T>> work,
        CancellationToken cancellationToken)
    {
        try
        {
            return await work(connection, cancellationToken);
        }
        catch when (connection.State == ConnectionState.Open)
        {
            // Transactions begin and end in the text of commands, to save round trips: the connection does not know of them, and would
            // take their locks along into the pool.
            await RollBackAsync(connection);
            throw;
        }
    }

    private static async Task RollBackAsync(MySqlConnection connection)
    {
        try
        {
            await using var rollback = new MySqlCommand("ROLLBACK", connection);
            await rollback.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (Exception exception) when (exception is MySqlException or IOException or SocketException or InvalidOperationException)
        {
            // Then the session is broken, and the pool drops it. What went wrong before is what the caller must know.
        }
    }

    private async Task MakeTablesAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await pool.OpenAsync(cancellationToken);
            await Schema.Maker.MakeAsync(connection, cancellationToken);
        }
        catch (Exception exception) when (exception is MySqlException || DatabasePool.IsBroken(exception))
        {
            throw new DatabaseFailedException(exception);
        }
    }
}
