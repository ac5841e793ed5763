using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MySqlConnector;

namespace SyncStorage.ServiceHost.Storage;

/// <summary>Locks an account of a dbnode, with the master account; not while somebody is connected with it.</summary>
internal sealed class AccountRetirement(DatabaseAddress master)
{
    /// <summary>Locks it if nobody uses it, and gives it a password that nobody knows. One that is not there is no error.</summary>
    /// <returns>From where it is used: an address a connection; empty once it is locked.</returns>
    public async Task<IReadOnlyList<string>> TryAsync(string user, CancellationToken cancellationToken)
    {
        await using var connection = new MySqlConnection(master.ConnectionString(mostConnections: 1, connectSeconds: 5, commandSeconds: 60));
        await connection.OpenAsync(cancellationToken);
        var users = await UsersAsync(connection, user, cancellationToken);
        if (users.Count > 0) return users;

        await using var command = new MySqlCommand($"ALTER USER IF EXISTS '{user}'@'%' IDENTIFIED BY @password ACCOUNT LOCK", connection);
        command.Parameters.AddWithValue("@password", Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));
        await command.ExecuteNonQueryAsync(cancellationToken);
        return [];
    }

    /// <summary>The same, as an admin command says it.</summary>
    public async Task<JsonObject> AnswerAsync(string user, CancellationToken cancellationToken)
    {
        var users = await TryAsync(user, cancellationToken);
        if (users.Count == 0) return new JsonObject { ["ok"] = true };
        return new JsonObject
        {
            ["ok"] = false,
            ["error"] = $"{user} has {users.Count} connections, from {string.Join(", ", users.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))}",
            ["connections"] = users.Count,
        };
    }

    private static async Task<List<string>> UsersAsync(MySqlConnection connection, string user, CancellationToken cancellationToken)
    {
        await using var command = new MySqlCommand("SELECT host FROM information_schema.processlist WHERE user = @user", connection);
        command.Parameters.AddWithValue("@user", user);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var hosts = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var host = reader.GetString(0);
            hosts.Add(host.LastIndexOf(':') is > 0 and var colon ? host[..colon] : host);
        }

        return hosts;
    }
}
