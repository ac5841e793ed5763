using System.Text;
using MySqlConnector;
using SyncStorage.Webhead.Configuration;

namespace SyncStorage.Webhead.Storage;

/// <summary>A database of the cluster.</summary>
internal sealed record Place(string Node, string Database);

/// <summary>Looks for an item in every database of a configuration, with the application accounts: one query a dbnode.</summary>
internal sealed class ItemLocator(ConfigurationDocument document, IReadOnlyDictionary<string, string> secrets) : IAsyncDisposable
{
    private readonly Dictionary<string, MySqlDataSource> sources = document.Nodes.ToDictionary(
        node => node.Name,
        node => new MySqlDataSource(new DatabaseAddress(node.Address, node.Port, node.User, secrets[node.PasswordParameter], "")
            .ConnectionString(mostConnections: 8, connectSeconds: 5, commandSeconds: 10)),
        StringComparer.Ordinal);

    /// <summary>The databases that hold the item.</summary>
    public async Task<IReadOnlyList<Place>> FindAsync(long uid, string collection, string id, CancellationToken cancellationToken)
    {
        var found = await Task.WhenAll(document.Nodes.Where(node => node.Hosts.Count > 0)
            .Select(node => FindAsync(node, uid, collection, id, cancellationToken)));
        return [.. found.SelectMany(places => places)];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var source in sources.Values) await source.DisposeAsync();
    }

    private async Task<IReadOnlyList<Place>> FindAsync(DatabaseNode node, long uid, string collection, string id, CancellationToken cancellationToken)
    {
        await using var connection = await sources[node.Name].OpenConnectionAsync(cancellationToken);
        await using var select = new MySqlCommand(string.Join(" UNION ALL ", node.Hosts.Select(host =>
            $"""
            SELECT '{host.Database}' FROM {host.Database}.bso b JOIN {host.Database}.collections c ON c.collectionid = b.collection
            WHERE b.userid = @uid AND c.name = @collection AND b.id = @id
            """)), connection);
        select.Parameters.AddWithValue("@uid", uid);
        select.Parameters.AddWithValue("@collection", collection);
        select.Parameters.AddWithValue("@id", Encoding.ASCII.GetBytes(id));
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        var places = new List<Place>();
        while (await reader.ReadAsync(cancellationToken)) places.Add(new Place(node.Name, reader.GetString(0)));
        return places;
    }
}
