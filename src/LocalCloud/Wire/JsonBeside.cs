using System.Text.Json;
using System.Text.Json.Nodes;

namespace SyncStorage.LocalCloud.Wire;

/// <summary>
/// JSON 1.0 with services whose own protocol is another, and that accept it beside that: some clients prefer it. Errors have the code of the older protocol in
/// a header.
/// </summary>
internal static class JsonBeside
{
    private const string Version = "1.0";

    /// <summary>Whether a request is of this protocol, and its service accepts it.</summary>
    public static bool IsSpokenBy(WireRequest request, ServiceModel model) =>
        model is { Protocol: not "json", TargetPrefix: { } prefix } && request.Header("x-amz-target")?.StartsWith(prefix + ".", StringComparison.Ordinal) == true;

    /// <summary>Writes a handler's output.</summary>
    public static WireResponse Write(Operation operation, ApiResult result, string requestId) => ResponseWriter.Json(operation, result, requestId, Version);

    /// <summary>Writes an error.</summary>
    public static WireResponse Write(AwsException error, string requestId)
    {
        var body = new JsonObject { ["__type"] = error.Code, ["message"] = error.Message };
        KeyValuePair<string, string>[] headers = [new("x-amzn-RequestId", requestId), new("x-amzn-query-error", $"{error.Code};{(error.Status < 500 ? "Sender" : "Receiver")}")];
        return new WireResponse(error.Status, $"application/x-amz-json-{Version}", headers, JsonSerializer.SerializeToUtf8Bytes(body));
    }
}
