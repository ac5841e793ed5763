using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SyncStorage.Pipeline.Roles;

/// <summary>Policy documents as JSON: what they say, whatever their white space, order or encoding.</summary>
internal static class PolicyJson
{
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true };

    /// <summary>A document of these statements, on one line.</summary>
    public static string Document(params IEnumerable<JsonObject> statements) => Whole(statements).ToJsonString(Compact);

    /// <summary>A document of these statements, for people.</summary>
    public static string Indented(params IEnumerable<JsonObject> statements) => Whole(statements).ToJsonString(Readable).ReplaceLineEndings("\n") + "\n";

    /// <summary>A statement that allows actions.</summary>
    public static JsonObject Allow(string sid, IEnumerable<string> actions, IEnumerable<string> resources, JsonObject? condition = null)
    {
        var statement = new JsonObject { ["Sid"] = sid, ["Effect"] = "Allow", ["Action"] = Texts(actions), ["Resource"] = Texts(resources) };
        if (condition is not null) statement["Condition"] = condition;
        return statement;
    }

    /// <summary>A document as IAM answers it: URL-encoded.</summary>
    public static string? Decode(string? encoded) => encoded is null ? null : Uri.UnescapeDataString(encoded);

    /// <summary>Whether two documents say the same.</summary>
    public static bool AreSame(string? one, string? other)
    {
        if (one is null || other is null) return one == other;
        try
        {
            return Canonical(JsonNode.Parse(one)) == Canonical(JsonNode.Parse(other));
        }
        catch (JsonException)
        {
            // What somebody stored that is no JSON differs from what we would.
            return false;
        }
    }

    private static JsonObject Whole(IEnumerable<JsonObject> statements) => new() { ["Version"] = "2012-10-17", ["Statement"] = new JsonArray([.. statements]) };

    private static JsonNode Texts(IEnumerable<string> texts)
    {
        var all = texts.Select(text => JsonValue.Create(text)).ToArray<JsonNode?>();
        return all.Length == 1 ? all[0]! : new JsonArray(all);
    }

    // IAM and its consoles write a list of one as its item, and lists in another order: all lists of policies are sets.
    private static string Canonical(JsonNode? node) => node switch
    {
        JsonObject members => $"{{{string.Join(',', members.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => $"{JsonValue.Create(member.Key).ToJsonString()}:{Canonical(member.Value)}"))}}}",
        JsonArray { Count: 1 } single => Canonical(single[0]),
        JsonArray items => $"[{string.Join(',', items.Select(Canonical).Order(StringComparer.Ordinal))}]",
        null => "null",
        _ => node.ToJsonString(),
    };
}
