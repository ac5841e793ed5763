using System.Net;
using System.Text.Json.Nodes;
using SyncStorage.SyncClient;
using SyncStorage.Webhead.Serving;

namespace SyncStorage.Webhead.Admin;

/// <summary><c>admin exchange</c></summary>
internal static class ExchangeCommand
{
    private const string User = "--user";
    private const string Read = "--read";
    private const string Write = "--write";
    private const string Clean = "--clean";

    // There may be many virtual hostnames, and few of them at once.
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(10);

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
        if (line.Values(Read).FirstOrDefault(item => !ExchangeTurns.IsItem(item)) is { } bad) throw new CommandLineException($"{Read} must be an item's id, and is \"{bad}\"");
        var query = $"?user={uid}{string.Concat(line.Values(Read).Select(item => $"&read={item}"))}{(line.Has(Write) ? "&write" : "")}{(line.Has(Clean) ? "&clean" : "")}";
        var (status, body) = await OwnService.SendAsync(context.Settings, HttpMethod.Post, ExchangeTurns.Path + query, context.CancellationToken, Timeout);
        return status == HttpStatusCode.OK && JsonNode.Parse(body) is JsonObject answer
            ? answer
            : new JsonObject { ["ok"] = false, ["error"] = $"the service answers {(int)status}" };
    }
}
