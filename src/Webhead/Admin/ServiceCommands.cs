using System.Net;
using System.Text.Json.Nodes;
using SyncStorage.Webhead.Serving;

namespace SyncStorage.Webhead.Admin;

/// <summary>Commands that the running service carries out: the program passes them on.</summary>
internal static class ServiceCommands
{
    /// <summary><c>admin smoke</c></summary>
    public static AdminCommand Smoke { get; } = PassedOn("smoke", "a Sync client against this instance's service, for each virtual hostname", SmokeTests.Options);

    /// <summary><c>admin exchange</c></summary>
    public static AdminCommand Exchange { get; } = PassedOn("exchange", "reads what other webheads wrote, and writes for them, for each virtual hostname", ExchangeTurns.Options);

    private static AdminCommand PassedOn(string name, string help, IReadOnlyList<OptionSpec> options) => new(name, help, options, async (context, line) =>
    {
        // There may be many virtual hostnames, and few of them at once; how long it may take, the command's own budget says.
        var (status, body) = await OwnService.SendAsync(context.Settings, HttpMethod.Post, OwnCommands.PathOf(name) + line.Query, context.CancellationToken, Timeout.InfiniteTimeSpan);
        return status == HttpStatusCode.OK && JsonNode.Parse(body) is JsonObject answer ? answer : AdminAnswer.Failed($"the service answers {(int)status}");
    });
}
