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

    /// <summary>The schemas of its databases; null if it shall have none.</summary>
    /// <exception cref="SchemaException">One of them is none that this release works with.</exception>
    public async Task<VersionRange?> CheckAsync(CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var command = new MySqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var seen = new List<(string Database, int Version)>();
        while (databases.Count > 0 && await reader.ReadAsync(cancellationToken)) seen.Add((reader.GetString(0), reader.GetInt32(1)));
        if (seen.Count == 0) return null;

        var range = new VersionRange(seen.Min(one => one.Version), seen.Max(one => one.Version));
        var known = Compatibility.Current.Schema;
        return seen.FindIndex(one => !known.Contains(one.Version)) is >= 0 and var misfit
            ? throw new SchemaException($"{seen[misfit].Database} has schema {seen[misfit].Version}; this release works with {known}", range)
            : range;
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();
}

/// <summary>A database has a schema that this release does not work with.</summary>
internal sealed class SchemaException(string message, VersionRange seen) : InvalidOperationException(message)
{
    /// <summary>The schemas of all databases of the node.</summary>
    public VersionRange Seen => seen;
}
