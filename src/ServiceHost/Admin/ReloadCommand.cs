using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using SyncStorage.ServiceHost.Serving;

namespace SyncStorage.ServiceHost.Admin;

/// <summary><c>admin reload</c></summary>
internal static class ReloadCommand
{
    public static AdminCommand Command { get; } = new("reload", "has this instance's service read its configuration and secrets now", [],
        async (context, _) =>
        {
            var (status, body) = await OwnService.SendAsync(
                context.Settings, HttpMethod.Post, OperationsEndpoints.ReloadPath, context.CancellationToken);
            if (status != HttpStatusCode.OK) return new JsonObject { ["ok"] = false, ["error"] = $"the service answers {(int)status}" };
            return int.TryParse(body, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
                ? new JsonObject { ["ok"] = true, ["configuration"] = version }
                : new JsonObject { ["ok"] = false, ["error"] = "the service has no configuration" };
        });
}
