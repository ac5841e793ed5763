using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using MySqlConnector;

namespace SyncStorage.TokenServer.Users;

/// <summary>Users' records in MySQL.</summary>
/// <param name="address">The database.</param>
/// <param name="nodes">The nodes that users may be assigned to: those whose secrets are known here.</param>
/// <param name="time">The clock.</param>
internal sealed class TokenStore(DatabaseAddress address, IReadOnlyCollection<string> nodes, TimeProvider time) : IUserStore, IAsyncDisposable
{
    private const int MostConnections = 32;
    private const int ConnectSeconds = 5;
    private const int CommandSeconds = 10;
    private const int LockSeconds = 5;
    private const int MostRows = 100;

    private const string Select = $"""
        SELECT users.uid, users.nodeid, nodes.node, users.generation, users.client_state, users.created_at, users.replaced_at, users.keys_changed_at
        FROM users LEFT JOIN nodes ON nodes.id = users.nodeid
        WHERE users.email = @email AND users.service = {TokenSql.ServiceId}
        ORDER BY users.generation DESC, users.created_at DESC, users.uid DESC LIMIT
        """;

    private static readonly string ReadRows = $"{Select} {MostRows.ToString(CultureInfo.InvariantCulture)}";

    private readonly DatabasePool pool = new(address, MostConnections, ConnectSeconds, CommandSeconds);

    /// <summary>Connections to the database.</summary>
    public MySqlDataSource Source => pool.Current;

    public Task<IReadOnlyList<UserRow>> ReadAsync(string email, CancellationToken cancellationToken) =>
        GuardAsync(() => ConnectedAsync(connection => ReadAsync(connection, email, cancellationToken), keep: false, cancellationToken));

    public Task<IUserSession> LockAsync(string email, CancellationToken cancellationToken) => GuardAsync(() => ConnectedAsync<IUserSession>(async connection =>
    {
        // Of the server, and not of the database; and of at most 64 characters, which an address may have more of.
        var name = $"token.{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{address.Database}/{email}")))[..48]}";
        await using var command = connection.Command($"SELECT GET_LOCK(@name, {LockSeconds.ToString(CultureInfo.InvariantCulture)})", ("@name", name));
        return await command.ExecuteScalarAsync(cancellationToken) is 1 or 1L
            ? new TokenSession(pool, connection, name, email, nodes, time)
            : throw new StoreException("others hold the user for too long");
    }, keep: true, cancellationToken));

    /// <summary>Closes the connections that nobody uses now, and the others when they come back. It can be used still.</summary>
    public Task ReleaseAsync() => pool.EmptyAsync();

    public ValueTask DisposeAsync() => pool.DisposeAsync();

    /// <summary>A user's records, over a connection.</summary>
    internal static async Task<IReadOnlyList<UserRow>> ReadAsync(MySqlConnection connection, string email, CancellationToken cancellationToken)
    {
        await using var command = new MySqlCommand(ReadRows, connection);
        command.Parameters.AddWithValue("@email", email);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<UserRow>(2);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(new UserRow
            {
                Uid = reader.GetInt64(0),
                NodeId = await reader.IsDBNullAsync(1, cancellationToken) ? null : reader.GetInt64(1),
                Node = await reader.IsDBNullAsync(2, cancellationToken) ? null : reader.GetString(2),
                Data = new UserData(reader.GetInt64(3), await reader.IsDBNullAsync(7, cancellationToken) ? null : reader.GetInt64(7), reader.GetString(4)).Normalized,
                CreatedAt = reader.GetInt64(5),
                ReplacedAt = await reader.IsDBNullAsync(6, cancellationToken) ? null : reader.GetInt64(6),
            });
        }

        return rows;
    }

    /// <summary>Does something with the database; whatever it fails with there becomes a <see cref="StoreException"/>.</summary>
    internal static async Task<T> GuardAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception exception) when (exception is MySqlException or IOException or SocketException)
        {
            throw new StoreException($"{exception.GetType().Name}: {exception.Message}", exception);
        }
    }

    // Connections in the pool outlive their server: the first that turns out to be broken takes the others with it, and what it was for is
    // done over a new one.
    private async Task<T> ConnectedAsync<T>(Func<MySqlConnection, Task<T>> work, bool keep, CancellationToken cancellationToken)
    {
        for (var first = true; ; first = false)
        {
            var source = pool.Current;
            var connection = await pool.OpenAsync(source, cancellationToken);
            var kept = false;
            try
            {
                var result = await work(connection);
                kept = keep;
                return result;
            }
            catch (Exception exception) when (first && DatabasePool.IsBroken(exception))
            {
                await pool.EmptyAsync(source);
            }
            finally
            {
                if (!kept) await connection.DisposeAsync();
            }
        }
    }
}
