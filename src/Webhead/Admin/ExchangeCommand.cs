using System.Net;
using System.Text.Json.Nodes;
using SyncStorage.Webhead.Serving;

namespace SyncStorage.Webhead.Admin;

/// <summary><c>admin exchange</c>: the service carries it out.</summary>
internal static class ExchangeCommand
{
    public static AdminCommand Command { get; } = new("exchange", "reads what other webheads wrote, and writes for them, for each virtual hostname", ExchangeTurns.Options,
        async (context, line) =>
        {
            // There may be many virtual hostnames, and few of them at once; how long it may take, the command's own budget says.
            var (status, body) = await OwnService.SendAsync(
                context.Settings, HttpMethod.Post, OwnCommands.PathOf("exchange") + line.Query, context.CancellationToken, Timeout.InfiniteTimeSpan);
            return status == HttpStatusCode.OK && JsonNode.Parse(body) is JsonObject answer ? answer : AdminAnswer.Failed($"the service answers {(int)status}");
        });
}
