using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SyncStorage.SyncClient;

namespace SyncStorage.Webhead.Serving;

/// <summary>
/// Takes this webhead's turns in exchanges of items with others: as a Sync client of its own service, for each virtual hostname that it serves. In the service,
/// and not in a program of its own: three of those, each of which starts and reads the configuration first, take longer than all that they have to do.
/// </summary>
internal sealed partial class ExchangeTurns(ServingStateHolder serving, InstanceSettings settings, TimeProvider time)
{
    /// <summary>Where the instance itself asks for one.</summary>
    public const string Path = "/__admin__/exchange";

    /// <summary>Whether an item can have this id.</summary>
    public static bool IsItem(string id) => ItemId.IsMatch(id);

    /// <summary>Takes a turn.</summary>
    /// <param name="query"><c>user</c>, <c>read</c> for each item that must be there, <c>write</c> and <c>clean</c> where that is to be done.</param>
    /// <param name="cancellationToken">Gives up; what is to be cleaned still is.</param>
    /// <returns>What <c>admin exchange</c> answers.</returns>
    public async Task<JsonObject> TakeAsync(IQueryCollection query, CancellationToken cancellationToken)
    {
        if (!long.TryParse(query["user"], out var uid) || uid is < SmokeTest.FirstUid or >= SmokeTest.EndUid) return Refused("user must be one that only tests use");
        List<string> read = [.. query["read"].OfType<string>()];
        if (read.Find(item => !IsItem(item)) is { } bad) return Refused($"read must be an item's id, and is \"{bad}\"");
        using var lease = serving.Use();
        if (lease.State is not { } state) return Refused("the service has no configuration");

        var turn = new ExchangeTurn(read, query.ContainsKey("write") ? ItemExchange.NewItem() : null, query.ContainsKey("clean"));
        var hosts = state.Document.Nodes.SelectMany(node => node.Hosts).ToList();
        var errors = await HostChecks.ForEachAsync(
            hosts, (host, token) => ItemExchange.RunAsync(HostChecks.OptionsOf(settings, host, state.Secrets, uid), turn, time, token), cancellationToken);

        var answer = new JsonObject { ["ok"] = errors.All(error => error is null) };
        if (turn.Write is { } item) answer["item"] = item;
        answer["hosts"] = new JsonArray([.. hosts.Select((host, index) => HostChecks.Describe(host.Hostname, errors[index] is null, errors[index]))]);
        return answer;
    }

    private static JsonObject Refused(string error) => new() { ["ok"] = false, ["error"] = error };

    [GeneratedRegex("^[a-z0-9]{1,64}\\z")]
    private static partial Regex ItemId { get; }
}
