using System.Globalization;
using System.Text.Json.Nodes;

namespace SyncStorage.LocalCloud.Services;

/// <summary>
/// Reads a request's members. Numbers and booleans may come as such or as text: what the wire made of them is its affair.
/// </summary>
internal static class Fields
{
    public static string? Text(this JsonObject input, string name) => input[name]?.ToString() is { Length: > 0 } text ? text : null;

    public static string Required(this JsonObject input, string name) => input.Text(name)
        ?? throw new Core.AwsException("ValidationError", $"1 validation error detected: Value null at '{name}' failed to satisfy constraint: Member must not be null");

    public static int? Number(this JsonObject input, string name) =>
        input.Text(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    public static bool? Flag(this JsonObject input, string name) => input.Text(name) is { } text ? bool.Parse(text) : null;

    public static JsonObject? Structure(this JsonObject input, string name) => input[name] as JsonObject;

    /// <summary>A list of structures, empty if absent.</summary>
    public static IReadOnlyList<JsonObject> Structures(this JsonObject input, string name) =>
        [.. (input[name] as JsonArray ?? []).OfType<JsonObject>()];

    /// <summary>A list of texts, empty if absent.</summary>
    public static List<string> Texts(this JsonObject input, string name) =>
        [.. (input[name] as JsonArray ?? []).Select(item => item?.ToString() ?? "")];

    /// <summary>A list of tags, as pairs in the order sent.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Tags(this JsonObject input, string name) =>
        [.. input.Structures(name).Select(tag => KeyValuePair.Create(tag.Text("Key") ?? "", tag.Text("Value") ?? ""))];

    public static JsonArray ToJson(this IEnumerable<string> items) => [.. items.Select(item => (JsonNode)JsonValue.Create(item))];

    public static JsonArray ToJson(this IEnumerable<JsonObject> items) => [.. items];

    public static JsonArray ToTags(this IEnumerable<KeyValuePair<string, string>> tags) =>
        [.. tags.Select(tag => new JsonObject { ["Key"] = tag.Key, ["Value"] = tag.Value })];

    /// <summary>A point in time as the wire's writer expects it.</summary>
    public static string ToTimestamp(this DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
