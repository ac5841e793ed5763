using System.Data;
using System.Net.Sockets;
using MySqlConnector;

namespace SyncStorage.Webhead.Storage;

/// <summary>The database of one virtual hostname, with its connections.</summary>
internal sealed class HostDatabase : IAsyncDisposable
{
    private const int MostConnections = 20;
    private const int LockWaitSeconds = 5;

    private readonly MySqlDataSource source;
    private int inUse;
    private long failures;

    public HostDatabase(DatabaseAddress address)
    {
        var builder = new MySqlDataSourceBuilder(address.ConnectionString(MostConnections, connectSeconds: 5, commandSeconds: 15));
        builder.UseConnectionOpenedCallback(PrepareAsync);
        source = builder.Build();
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
    public async Task ReleaseAsync()
    {
        await using var connection = source.CreateConnection();
        await MySqlConnection.ClearPoolAsync(connection, CancellationToken.None);
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private async Task<T> TwiceAsync<T>(Func<MySqlConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        for (var first = true; ; first = false)
        {
            MySqlConnection? connection = null;
            try
            {
                connection = await source.OpenConnectionAsync(cancellationToken);
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
            catch (Exception exception) when (IsBroken(exception) && first && connection is not null)
            {
                await MySqlConnection.ClearPoolAsync(connection, CancellationToken.None);
            }
            catch (Exception exception) when (exception is MySqlException || IsBroken(exception))
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
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            await Schema.Maker.MakeAsync(connection, cancellationToken);
        }
        catch (Exception exception) when (exception is MySqlException || IsBroken(exception))
        {
            throw new DatabaseFailedException(exception);
        }
    }

    private static bool IsBroken(Exception exception) => exception is IOException or SocketException
        || exception is MySqlException { InnerException: IOException or SocketException }
        || exception is MySqlException { ErrorCode: MySqlErrorCode.ServerShutdown };

    private static async ValueTask PrepareAsync(MySqlConnectionOpenedContext context, CancellationToken cancellationToken)
    {
        // The default would let a request wait 50 s for another's row lock. What is locked is rows that are named: no gaps.
        if (!context.Conditions.HasFlag(MySqlConnectionOpenedConditions.New)) return;
        await using var command = context.Connection.CreateCommand();
        command.CommandText = $"SET SESSION innodb_lock_wait_timeout = {LockWaitSeconds}; SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED";
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
