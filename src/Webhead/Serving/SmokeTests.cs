using System.Text.Json.Nodes;
using SyncStorage.SyncClient;
using SyncStorage.Webhead.Configuration;
using SyncStorage.Webhead.Storage;

namespace SyncStorage.Webhead.Serving;

/// <summary>Tries this webhead as a Sync client, for each virtual hostname that it serves, and looks where its data is.</summary>
internal sealed class SmokeTests(ServingStateHolder serving, InstanceSettings settings, TimeProvider time)
{
    private const string Host = "--host";

    /// <summary>What is tried.</summary>
    public static IReadOnlyList<OptionSpec> Options { get; } = [new(Host, "H", "only this virtual hostname") { Repeatable = true }];

    /// <summary>Tries it.</summary>
    /// <param name="line">Which virtual hostnames.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CommandLineException">There is no such virtual hostname.</exception>
    public async Task<JsonObject> RunAsync(CommandLine line, CancellationToken cancellationToken)
    {
        using var lease = serving.Use();
        if (lease.State is not { } state) return AdminAnswer.Failed("the service has no configuration");
        var chosen = Choose(state.Document, line.Values(Host));
        await using var locator = new ItemLocator(state.Document, state.Secrets);
        var results = await HostChecks.ForEachAsync(chosen, (host, token) => TestAsync(host, state.Secrets, locator, token), cancellationToken);
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
            : throw new CommandLineException($"configuration {document.Version} has no virtual hostname {string.Join(", ", unknown)}");
    }

    private Task<SmokeResult> TestAsync((DatabaseNode Node, HostEntry Entry) host, IReadOnlyDictionary<string, string> secrets, ItemLocator locator, CancellationToken cancellationToken)
    {
        var expected = new Place(host.Node.Name, host.Entry.Database);
        return SmokeTest.RunAsync(
            HostChecks.OptionsOf(settings, host.Entry, secrets, SmokeTest.RandomUid()),
            async (item, token) =>
            {
                var places = await locator.FindAsync(item.Uid, item.Collection, item.Id, token);
                return places is [var only] && only == expected
                    ? null
                    : $"the item is in {string.Join(", ", places.Select(Text))}; it belongs into {Text(expected)} alone";
            },
            time, cancellationToken);
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
