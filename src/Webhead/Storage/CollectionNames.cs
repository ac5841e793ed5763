using System.Collections.Concurrent;
using MySqlConnector;

namespace SyncStorage.Webhead.Storage;

/// <summary>The numbers of collections in one database. They never change, so the process remembers them.</summary>
internal sealed class CollectionNames(HostDatabase database)
{
    // Names come from clients: a client that makes up names must not fill the memory.
    private const int MostRemembered = 10_000;

    private readonly ConcurrentDictionary<string, int> numbers = new(
        Schema.WellKnown.Select((name, index) => KeyValuePair.Create(name, index + 1)), StringComparer.Ordinal);

    /// <summary>A collection's number; null if nobody ever wrote to it.</summary>
    public async ValueTask<int?> FindAsync(string name, CancellationToken cancellationToken)
    {
        if (numbers.TryGetValue(name, out var known)) return known;
        return await database.RunAsync((connection, token) => FindAsync(connection, name, token), cancellationToken);
    }

    /// <summary>A collection's number, given to it now if it has none.</summary>
    public async ValueTask<int> GetOrAddAsync(string name, CancellationToken cancellationToken)
    {
        if (numbers.TryGetValue(name, out var known)) return known;
        return await database.RunAsync((connection, token) => GetOrAddAsync(connection, name, token), cancellationToken);
    }

    private async Task<int> GetOrAddAsync(MySqlConnection connection, string name, CancellationToken cancellationToken)
    {
        if (await FindAsync(connection, name, cancellationToken) is { } found) return found;

        // Another webhead may be faster: then the row is there, whoever made it.
        await using var insert = new MySqlCommand("INSERT IGNORE INTO collections (name) VALUES (@name)", connection);
        insert.Parameters.AddWithValue("@name", name);
        await insert.ExecuteNonQueryAsync(cancellationToken);
        return await FindAsync(connection, name, cancellationToken)
            ?? throw new InvalidOperationException("A collection that was just added is not there.");
    }

    private async Task<int?> FindAsync(MySqlConnection connection, string name, CancellationToken cancellationToken)
    {
        await using var select = new MySqlCommand("SELECT collectionid FROM collections WHERE name = @name", connection);
        select.Parameters.AddWithValue("@name", name);
        if (await select.ExecuteScalarAsync(cancellationToken) is not int number) return null;
        if (numbers.Count < MostRemembered) numbers[name] = number;
        return number;
    }
}
