using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SyncStorage.SyncClient;

namespace SyncStorage.Webhead.Serving;

/// <summary>Takes this webhead's turns in exchanges of items with others: as a Sync client of its own service, for each virtual hostname that it serves.</summary>
internal sealed partial class ExchangeTurns(ServingStateHolder serving, InstanceSettings settings, TimeProvider time)
{
    private const string User = "--user";
    private const string Read = "--read";
    private const string Write = "--write";
    private const string Clean = "--clean";

    /// <summary>What a turn can be.</summary>
    public static IReadOnlyList<OptionSpec> Options { get; } =
    [
        new(User, "UID", "the user, one of those that only tests use") { Required = true },
        new(Read, "ITEM", "an item that must be there, as it was written") { Repeatable = true },
        new(Write, null, "write an item, newer than those"),
        new(Clean, null, "delete all that the user has, in the end"),
    ];

    /// <summary>Takes a turn.</summary>
    /// <param name="line">Which.</param>
    /// <param name="cancellationToken">Gives up; what is to be cleaned still is.</param>
    /// <exception cref="CommandLineException">The user may be somebody, or an item can't be one.</exception>
    public async Task<JsonObject> TakeAsync(CommandLine line, CancellationToken cancellationToken)
    {
        var uid = line.Number(User, SmokeTest.FirstUid, SmokeTest.EndUid - 1)!.Value;
        if (line.Values(Read).FirstOrDefault(item => !ItemId.IsMatch(item)) is { } bad) throw new CommandLineException($"{Read} must be an item's id, and is \"{bad}\"");
        var turn = new ExchangeTurn(line.Values(Read), line.Has(Write) ? ItemExchange.NewItem() : null, line.Has(Clean));
        using var lease = serving.Use();
        if (lease.State is not { } state) return AdminAnswer.Failed("the service has no configuration");

        var hosts = state.Document.Nodes.SelectMany(node => node.Hosts).ToList();
        var errors = await HostChecks.ForEachAsync(
            hosts, (host, token) => ItemExchange.RunAsync(HostChecks.OptionsOf(settings, host, state.Secrets, uid), turn, time, token), cancellationToken);

        var answer = new JsonObject { ["ok"] = errors.All(error => error is null) };
        if (turn.Write is { } item) answer["item"] = item;
        answer["hosts"] = new JsonArray([.. hosts.Select((host, index) => HostChecks.Describe(host.Hostname, errors[index] is null, errors[index]))]);
        return answer;
    }

    [GeneratedRegex("^[a-z0-9]{1,64}\\z")]
    private static partial Regex ItemId { get; }
}
