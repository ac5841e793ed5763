using MySqlConnector;
using SyncStorage.Webhead.Settings;
using SyncStorage.Webhead.Storage;

namespace SyncStorage.Webhead.Serving;

/// <summary>Checks one dbnode over a connection of its own, so that a busy pool is not taken for a dead database.</summary>
internal sealed class NodeProbe(string name, DatabaseAddress account, IReadOnlyList<string> databases) : IAsyncDisposable
{
    // Not pooled: a fresh connection is what a webhead would need now, and a pooled one might be of a server that is gone.
    private readonly MySqlDataSource source = new(
        account.ConnectionString(mostConnections: 1, connectSeconds: 2, commandSeconds: 2) + ";Pooling=false");

    // Every database that this node shall have is read: a missing one fails the check, not the first user's request; and so does one that
    // another release has changed beyond what this one knows.
    private readonly string sql = databases.Count == 0
        ? "SELECT 1"
        : string.Join(" UNION ALL ", databases.Select(database => $"SELECT '{database}', version FROM {database}.schema_version"));

    public string Name => name;

    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var command = new MySqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (databases.Count > 0 && await reader.ReadAsync(cancellationToken))
        {
            var version = reader.GetInt32(1);
            if (version is < Installation.OldestSchema or > Installation.NewestSchema)
                throw new InvalidOperationException($"{reader.GetString(0)} has schema {version}; this release works with {Installation.SchemaRange}");
        }
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();
}
