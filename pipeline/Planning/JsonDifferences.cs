using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SyncStorage.Pipeline.Planning;

/// <summary>Compares JSON documents value by value. Elements of a list are known by their name, not by their place.</summary>
public static class JsonDifferences
{
    private static readonly string[] Names = ["name", "hostname", "stage"];

    private static readonly JsonSerializerOptions Text = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The values that differ, by their paths, e.g. <c>nodes[db0].port</c>.</summary>
    public static IReadOnlyList<ValueChange> Compare(JsonNode? before, JsonNode? after) => Compare(Flatten(before), Flatten(after));

    /// <summary>The values that differ, in the order of their names.</summary>
    public static IReadOnlyList<ValueChange> Compare(IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        return ValueChange.Where(before.Keys.Union(after.Keys).Order(StringComparer.Ordinal)
            .Select(name => new ValueChange(name, before.GetValueOrDefault(name), after.GetValueOrDefault(name))));
    }

    /// <summary>Each value with its path; what is null, or empty, is left out.</summary>
    public static IReadOnlyDictionary<string, string> Flatten(JsonNode? document)
    {
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Add(document, "", values);
        return values;
    }

    private static void Add(JsonNode? node, string path, SortedDictionary<string, string> values)
    {
        switch (node)
        {
            case JsonObject inner:
                foreach (var (name, value) in inner) Add(value, path.Length == 0 ? name : $"{path}.{name}", values);
                break;
            case JsonArray list:
                for (var i = 0; i < list.Count; i++) Add(list[i], $"{path}[{NameOf(list[i], i)}]", values);
                break;
            case JsonValue value:
                values[path] = value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString(Text);
                break;
        }
    }

    private static string NameOf(JsonNode? element, int index) =>
        Names.Select(name => (element as JsonObject)?[name]?.ToString()).FirstOrDefault(name => name is not null) ?? $"{index}";
}
