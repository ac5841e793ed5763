using MySqlConnector;

namespace SyncStorage.Webhead.Storage;

/// <summary>The database of one virtual hostname, with its connections.</summary>
internal sealed class HostDatabase : IAsyncDisposable
{
    private const int _mostConnections = 20;
    private const int _lockWaitSeconds = 5;

    public HostDatabase(DatabaseAddress address)
    {
        var builder = new MySqlDataSourceBuilder(address.ConnectionString(_mostConnections, connectSeconds: 5, commandSeconds: 15));
        builder.UseConnectionOpenedCallback(PrepareAsync);
        DataSource = builder.Build();
        Names = new CollectionNames(DataSource);
    }

    public MySqlDataSource DataSource { get; }

    public CollectionNames Names { get; }

    public ValueTask DisposeAsync() => DataSource.DisposeAsync();

    private static async ValueTask PrepareAsync(MySqlConnectionOpenedContext context, CancellationToken cancellationToken)
    {
        // The default would let a request wait 50 s for another's row lock.
        if (!context.Conditions.HasFlag(MySqlConnectionOpenedConditions.New)) return;
        await using var command = context.Connection.CreateCommand();
        command.CommandText = $"SET SESSION innodb_lock_wait_timeout = {_lockWaitSeconds}";
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

/// <summary>Where a database is, and with which account to use it. Two of the same account are equal; prints without the password.</summary>
internal sealed record DatabaseAddress(string Host, int Port, string User, string Password, string Database)
{
    /// <summary>A connection string. TLS is used where the server has it.</summary>
    public string ConnectionString(int mostConnections, int connectSeconds, int commandSeconds) => new MySqlConnectionStringBuilder
    {
        Server = Host,
        Port = (uint)Port,
        UserID = User,
        Password = Password,
        Database = Database,
        SslMode = MySqlSslMode.Preferred,
        AllowPublicKeyRetrieval = true,
        CharacterSet = "utf8mb4",
        MaximumPoolSize = (uint)mostConnections,
        ConnectionTimeout = (uint)connectSeconds,
        DefaultCommandTimeout = (uint)commandSeconds,
        // A transaction ends with its object and the session's settings are set once: a reset a request would only cost a round trip.
        ConnectionReset = false,
        AllowUserVariables = false,
    }.ConnectionString;

    public override string ToString() => $"{User}@{Host}:{Port}/{Database}";
}
