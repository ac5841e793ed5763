using System.Net.Sockets;
using MySqlConnector;

namespace SyncStorage.ServiceHost.Storage;

/// <summary>
/// The connections to one database, kept for those who need one next. A data source's pool can't be emptied (<c>ClearPool</c> knows the pools of connection strings alone):
/// so it is emptied by taking another data source.
/// </summary>
internal sealed class DatabasePool(DatabaseAddress address, int mostConnections, int connectSeconds, int commandSeconds) : IAsyncDisposable
{
    private MySqlDataSource source = Make(address, mostConnections, connectSeconds, commandSeconds);

    /// <summary>What opens connections now.</summary>
    public MySqlDataSource Current => Volatile.Read(ref source);

    /// <summary>Opens a connection, or takes one that is open.</summary>
    /// <param name="from">What opened it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="MySqlException">The database can't be reached, or refused.</exception>
    public async Task<MySqlConnection> OpenAsync(MySqlDataSource from, CancellationToken cancellationToken)
    {
        try
        {
            return await from.OpenConnectionAsync(cancellationToken);
        }
        catch (ObjectDisposedException) when (Current is var another && another != from)
        {
            // Emptied since it was looked at.
            return await another.OpenConnectionAsync(cancellationToken);
        }
    }

    /// <inheritdoc cref="OpenAsync(MySqlDataSource, CancellationToken)"/>
    public Task<MySqlConnection> OpenAsync(CancellationToken cancellationToken) => OpenAsync(Current, cancellationToken);

    /// <summary>Closes the connections that nobody uses now, and the others when they come back. It can be used still.</summary>
    public Task EmptyAsync() => EmptyAsync(Current);

    /// <summary>The same, unless it was done since: of many that find their connections broken, one does it.</summary>
    /// <param name="seen">What opened the connection that is broken.</param>
    public async Task EmptyAsync(MySqlDataSource seen)
    {
        var made = Make(address, mostConnections, connectSeconds, commandSeconds);
        await (Interlocked.CompareExchange(ref source, made, seen) == seen ? seen : made).DisposeAsync();
    }

    /// <summary>Whether a failure means that the connection is dead, and with it those beside it.</summary>
    public static bool IsBroken(Exception exception) => exception is IOException or SocketException
        || exception is MySqlException { InnerException: IOException or SocketException }
        || exception is MySqlException { ErrorCode: MySqlErrorCode.ServerShutdown };

    public ValueTask DisposeAsync() => Current.DisposeAsync();

    private static MySqlDataSource Make(DatabaseAddress address, int mostConnections, int connectSeconds, int commandSeconds) =>
        new MySqlDataSourceBuilder(address.ConnectionString(mostConnections, connectSeconds, commandSeconds)).UseConnectionOpenedCallback(PrepareAsync).Build();

    private static async ValueTask PrepareAsync(MySqlConnectionOpenedContext context, CancellationToken cancellationToken)
    {
        // The default would let a request wait 50 s for another's row lock. What is locked is rows that are named: no gaps.
        if (!context.Conditions.HasFlag(MySqlConnectionOpenedConditions.New)) return;
        await using var command = context.Connection.CreateCommand();
        command.CommandText = "SET SESSION innodb_lock_wait_timeout = 5; SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED";
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
