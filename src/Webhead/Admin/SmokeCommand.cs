using System.Text.Json.Nodes;
using SyncStorage.SyncClient;
using SyncStorage.Webhead.Configuration;
using SyncStorage.Webhead.Serving;
using SyncStorage.Webhead.Storage;

namespace SyncStorage.Webhead.Admin;

/// <summary><c>admin smoke</c></summary>
internal static class SmokeCommand
{
    private const string Host = "--host";

    public static AdminCommand Command { get; } = new("smoke", "a Sync client against this instance's service, for each virtual hostname",
        [new(Host, "H", "only this virtual hostname") { Repeatable = true }],
        RunAsync);

    private static async Task<JsonObject> RunAsync(AdminContext context, CommandLine line)
    {
        var document = await context.ReadDocumentAsync();
        var chosen = Choose(document, line.Values(Host));
        var secrets = await context.Source.ReadSecretsAsync(
            document.Nodes.Select(node => node.PasswordParameter).Concat(chosen.Select(host => host.Entry.SecretParameter)),
            context.CancellationToken);

        await using var locator = new ItemLocator(document, secrets);
        var results = await HostChecks.ForEachAsync(chosen, (host, token) => TestAsync(context, host, secrets, locator, token), context.CancellationToken);
        return new JsonObject
        {
            ["ok"] = results.All(result => result.Ok),
            ["hosts"] = new JsonArray([.. results.Select(Describe)]),
        };
    }

    private static List<(DatabaseNode Node, HostEntry Entry)> Choose(ConfigurationDocument document, IReadOnlyList<string> names)
    {
        var all = document.Nodes.SelectMany(node => node.Hosts.Select(host => (Node: node, Entry: host))).ToList();
        if (names.Count == 0) return all;
        var unknown = names.Where(name => !all.Exists(host => host.Entry.Hostname == name)).ToList();
        return unknown.Count == 0
            ? all.FindAll(host => names.Contains(host.Entry.Hostname))
            : throw new ConfigurationException($"Configuration {document.Version} has no virtual hostname {string.Join(", ", unknown)}.");
    }

    private static Task<SmokeResult> TestAsync(AdminContext context, (DatabaseNode Node, HostEntry Entry) host,
        IReadOnlyDictionary<string, string> secrets, ItemLocator locator, CancellationToken cancellationToken)
    {
        var expected = new Place(host.Node.Name, host.Entry.Database);
        return SmokeTest.RunAsync(
            HostChecks.OptionsOf(context.Settings, host.Entry, secrets, SmokeTest.RandomUid()),
            async (item, token) =>
            {
                var places = await locator.FindAsync(item.Uid, item.Collection, item.Id, token);
                return places is [var only] && only == expected
                    ? null
                    : $"the item is in {string.Join(", ", places.Select(Text))}; it belongs into {Text(expected)} alone";
            },
            context.Time, cancellationToken);
    }

    private static string Text(Place place) => $"{place.Node}/{place.Database}";

    private static JsonNode Describe(SmokeResult result)
    {
        var failed = result.Failed is { Error: not null } step ? step : null;
        var description = HostChecks.Describe(result.Hostname, result.Ok, failed?.Error);
        if (failed is not null) description["failedStep"] = failed.Name;
        return description;
    }
}
