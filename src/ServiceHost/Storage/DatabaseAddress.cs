using MySqlConnector;

namespace SyncStorage.ServiceHost.Storage;

/// <summary>The database can't be reached, or refused. The message has no data.</summary>
internal sealed class DatabaseFailedException(Exception inner) : Exception($"{inner.GetType().Name}: {inner.Message}", inner);

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
