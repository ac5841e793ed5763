using MySqlConnector;

namespace SyncStorage.TokenServer.Users;

/// <summary>Pieces of SQL that several share.</summary>
internal static class TokenSql
{
    /// <summary>The number of this service among the services.</summary>
    public const string ServiceId = $"(SELECT id FROM services WHERE service = '{TokenSchema.Service}')";

    /// <summary>Runs a statement; returns how many rows it changed.</summary>
    public static async Task<int> ExecuteAsync(this MySqlConnection connection, string sql, CancellationToken cancellationToken,
        params (string Name, object? Value)[] parameters)
    {
        await using var command = connection.Command(sql, parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>A statement with its parameters.</summary>
    public static MySqlCommand Command(this MySqlConnection connection, string sql, params (string Name, object? Value)[] parameters)
    {
        var command = new MySqlCommand(sql, connection);
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value);
        return command;
    }
}
