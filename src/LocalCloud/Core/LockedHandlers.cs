using System.Text.Json.Nodes;

namespace SyncStorage.LocalCloud.Core;

/// <summary>Handlers of a service whose state one lock guards.</summary>
internal static class LockedHandlers
{
    /// <summary>Runs the operation under the lock.</summary>
    public static Func<ApiCall, CancellationToken, Task<ApiResult>> Locked(this Lock gate, Func<JsonObject, JsonObject> operation) => (call, _) =>
    {
        lock (gate) return Task.FromResult<ApiResult>(operation(call.Input));
    };

    /// <summary>Runs the operation under the lock, and saves what it has changed; an operation that is refused saves nothing.</summary>
    public static Func<ApiCall, CancellationToken, Task<ApiResult>> Locked(this Lock gate, Func<JsonObject, JsonObject> operation, Action save) => gate.Locked(input =>
    {
        var output = operation(input);
        save();
        return output;
    });
}
