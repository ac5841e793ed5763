using System.Text.Json.Nodes;
using SyncStorage.Webhead.Configuration;
using SyncStorage.Webhead.Storage;

namespace SyncStorage.Webhead.Admin;

/// <summary><c>admin smoke-locate</c></summary>
internal static class SmokeLocateCommand
{
    private const string Host = "--host";
    private const string User = "--user";
    private const string Collection = "--collection";
    private const string Item = "--item";

    public static AdminCommand Command { get; } = new("smoke-locate", "in which databases of the cluster an item is",
        [
            new(Host, "H", "the virtual hostname that it was written through") { Required = true },
            new(User, "UID", "the user") { Required = true },
            new(Collection, "C", "the collection") { Required = true },
            new(Item, "ID", "the item") { Required = true },
        ],
        RunAsync);

    private static async Task<JsonObject> RunAsync(AdminContext context, CommandLine line)
    {
        var document = await context.ReadDocumentAsync();
        var host = line.Required(Host);
        if (!document.Nodes.SelectMany(node => node.Hosts).Any(known => known.Hostname == host))
            throw new ConfigurationException($"Configuration {document.Version} has no virtual hostname {host}.");

        var passwords = await context.Source.ReadSecretsAsync(document.Nodes.Select(node => node.PasswordParameter), context.CancellationToken);
        await using var locator = new ItemLocator(document, passwords);
        var places = await locator.FindAsync(line.Number(User, 0, 9_999_999_999)!.Value, line.Required(Collection), line.Required(Item),
            context.CancellationToken);
        return new JsonObject
        {
            ["ok"] = true,
            ["found"] = new JsonArray(
                [.. places.Select(place => new JsonObject { ["node"] = place.Node, ["database"] = place.Database })]),
        };
    }
}
