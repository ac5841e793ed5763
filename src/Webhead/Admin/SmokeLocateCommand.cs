using System.Text.Json.Nodes;
using SyncStorage.Webhead.Configuration;
using SyncStorage.Webhead.Storage;

namespace SyncStorage.Webhead.Admin;

/// <summary><c>admin smoke-locate</c></summary>
internal static class SmokeLocateCommand
{
    private const string _host = "--host";
    private const string _user = "--user";
    private const string _collection = "--collection";
    private const string _item = "--item";

    public static AdminCommand Command { get; } = new("smoke-locate", "in which databases of the cluster an item is",
        [
            new(_host, "H", "the virtual hostname that it was written through") { Required = true },
            new(_user, "UID", "the user") { Required = true },
            new(_collection, "C", "the collection") { Required = true },
            new(_item, "ID", "the item") { Required = true },
        ],
        RunAsync);

    private static async Task<JsonObject> RunAsync(AdminContext context, CommandLine line)
    {
        var document = await context.ReadDocumentAsync();
        var host = line.Required(_host);
        if (!document.Nodes.SelectMany(node => node.Hosts).Any(known => known.Hostname == host))
            throw new ConfigurationException($"Configuration {document.Version} has no virtual hostname {host}.");

        var passwords = await context.Source.ReadSecretsAsync(document.Nodes.Select(node => node.PasswordParameter), context.CancellationToken);
        await using var locator = new ItemLocator(document, passwords);
        var places = await locator.FindAsync(line.Number(_user, 0, 9_999_999_999)!.Value, line.Required(_collection), line.Required(_item),
            context.CancellationToken);
        return new JsonObject
        {
            ["ok"] = true,
            ["found"] = new JsonArray(
                [.. places.Select(place => new JsonObject { ["node"] = place.Node, ["database"] = place.Database })]),
        };
    }
}
