using System.Globalization;
using System.Text.Json.Nodes;

namespace SyncStorage.LocalCloud.Services.Ec2.Rules;

/// <summary>Reads a request's members, and writes a response's.</summary>
internal static class Ec2Json
{
    public static string? Text(this JsonObject node, string name) => node[name]?.ToString();

    public static bool? Flag(this JsonObject node, string name) =>
        node[name] is { } value ? bool.Parse(value.ToString()) : null;

    public static int? Number(this JsonObject node, string name) =>
        node[name] is { } value ? int.Parse(value.ToString(), CultureInfo.InvariantCulture) : null;

    public static JsonObject? Part(this JsonObject node, string name) => node[name] as JsonObject;

    public static IReadOnlyList<string> Texts(this JsonObject node, string name) =>
        node[name] is JsonArray array ? [.. array.Select(item => item!.ToString())] : [];

    public static IReadOnlyList<JsonObject> Parts(this JsonObject node, string name) =>
        node[name] is JsonArray array ? [.. array.Select(item => item!.AsObject())] : [];

    /// <summary>A required member that the model can't demand, because another may stand for it.</summary>
    public static string Needed(this JsonObject node, string name) =>
        node.Text(name) is { Length: > 0 } value ? value : throw Ec2Errors.MissingParameter(name);

    public static JsonArray ToArray<T>(this IEnumerable<T> items, Func<T, JsonNode?> write) => new([.. items.Select(write)]);

    public static JsonArray ToTexts(this IEnumerable<string> items) => new([.. items.Select(item => (JsonNode?)JsonValue.Create(item))]);

    /// <summary>As the wire layer reads timestamps.</summary>
    public static string ToIso(this DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
