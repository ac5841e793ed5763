using System.Text.Json.Nodes;
using SyncStorage.TokenServer.Users;

namespace SyncStorage.TokenServer.Admin;

/// <summary><c>admin set-node</c></summary>
internal static class SetNodeCommand
{
    private const string Node = "--node";
    private const string Capacity = "--capacity";
    private const string Available = "--available";
    private const string Downed = "--downed";
    private const string Backoff = "--backoff";

    public static AdminCommand Command { get; } = new("set-node", "adds nodes, or changes them; what is not given stays as it is",
        [
            new(Node, "URL", "a virtual hostname's origin, which the configuration has") { Required = true, Repeatable = true },
            new(Capacity, "N", "how many users it takes; a new one needs it"),
            new(Available, "N", "how many it takes until each node gets some more"),
            new(Downed, "0|1", "whether it is down: it gets no users, and their old data is left alone"),
            new(Backoff, "0|1", "whether it gets no users"),
        ],
        RunAsync);

    private static async Task<JsonObject> RunAsync(AdminContext context, CommandLine line)
    {
        var change = new NodeChange((int?)line.Number(Capacity, 1, int.MaxValue), (int?)line.Number(Available, 0, int.MaxValue), Flag(line, Downed), Flag(line, Backoff));
        var document = await context.ReadDocumentAsync();
        var nodes = line.Values(Node);
        if (nodes.FirstOrDefault(node => document.Hosts.All(host => host.Node != node)) is { } unknown)
            throw new ConfigurationException($"Configuration {document.Version} has no secret of {unknown}: who is assigned to it would get no token.");

        var table = new NodeTable(await context.OpenAsync(document), context.Time);
        var created = new List<string>();
        foreach (var node in nodes)
        {
            if (await table.SetAsync(node, change, context.CancellationToken)) created.Add(node);
        }

        return new JsonObject { ["ok"] = true, ["created"] = new JsonArray([.. created.Select(node => JsonValue.Create(node))]) };
    }

    private static bool? Flag(CommandLine line, string name) => line.Number(name, 0, 1) is { } number ? number == 1 : null;
}
