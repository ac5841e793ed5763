using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using SyncStorage.ServiceHost.Configuration;
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
            var report = JsonSerializer.Deserialize(body, ReloadJson.Default.ReloadReport);
            var error = report?.Error ?? (report?.Configuration is null ? "the service has no configuration" : null);
            var answer = new JsonObject { ["ok"] = error is null };
            if (report?.Configuration is { } version) answer["configuration"] = version;
            if (error is not null) answer["error"] = error;
            return answer;
        });
}
