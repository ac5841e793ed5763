using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SyncStorage.SyncClient;
using SyncStorage.Webhead.Configuration;

namespace SyncStorage.Webhead.Admin;

/// <summary><c>admin exchange</c></summary>
internal static partial class ExchangeCommand
{
    private const string User = "--user";
    private const string Read = "--read";
    private const string Write = "--write";
    private const string Clean = "--clean";

    public static AdminCommand Command { get; } = new("exchange", "reads what other webheads wrote, and writes for them, for each virtual hostname",
        [
            new(User, "UID", "the user, one of those that only tests use") { Required = true },
            new(Read, "ITEM", "an item that must be there, as it was written") { Repeatable = true },
            new(Write, null, "write an item, newer than those"),
            new(Clean, null, "delete all that the user has, in the end"),
        ],
        RunAsync);

    private static async Task<JsonObject> RunAsync(AdminContext context, CommandLine line)
    {
        var uid = line.Number(User, SmokeTest.FirstUid, SmokeTest.EndUid - 1)!.Value;
        if (line.Values(Read).FirstOrDefault(item => !ItemId.IsMatch(item)) is { } bad) throw new CommandLineException($"{Read} must be an item's id, and is \"{bad}\"");
        var turn = new ExchangeTurn(line.Values(Read), line.Has(Write) ? ItemExchange.NewItem() : null, line.Has(Clean));

        var document = await context.ReadDocumentAsync();
        var hosts = document.Nodes.SelectMany(node => node.Hosts).ToList();
        var secrets = await context.Source.ReadSecretsAsync(hosts.Select(host => host.SecretParameter), context.CancellationToken);
        var errors = await HostChecks.ForEachAsync(context, hosts, (host, token) =>
            ItemExchange.RunAsync(HostChecks.OptionsOf(context, host, secrets, uid), turn, context.Time, token));

        var answer = new JsonObject { ["ok"] = errors.All(error => error is null) };
        if (turn.Write is { } item) answer["item"] = item;
        answer["hosts"] = new JsonArray([.. hosts.Select((host, index) => HostChecks.Describe(host.Hostname, errors[index] is null, errors[index]))]);
        return answer;
    }

    [GeneratedRegex("^[a-z0-9]{1,64}\\z")]
    private static partial Regex ItemId { get; }
}
