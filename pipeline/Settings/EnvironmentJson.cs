using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SyncStorage.Pipeline.Settings;

/// <summary>The JSON of environments: strict, without comments, trailing commas or a key twice.</summary>
internal static class EnvironmentJson
{
    public static JsonSerializerOptions Compact { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonSerializerOptions Binding { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        RespectNullableAnnotations = true,
    };

    /// <summary>Parses; a syntax error becomes an error with its line.</summary>
    public static JsonNode? Parse(byte[] utf8, ICollection<SettingsError> errors)
    {
        try
        {
            return JsonNode.Parse(utf8, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (JsonException e)
        {
            errors.Add(new SettingsError(Place(e.Path), Reason(e.Message), e.LineNumber is { } line ? (int)line + 1 : null));
            return null;
        }
    }

    /// <summary>The line, from 1, on which each key or element is, by path.</summary>
    public static IReadOnlyDictionary<string, int> Lines(byte[] utf8)
    {
        var lines = new Dictionary<string, int>();
        var open = new Stack<(string Path, int Index)>();
        var reader = new Utf8JsonReader(utf8);
        var name = "";
        var (line, counted) = (1, 0);
        while (reader.Read())
        {
            line += utf8.AsSpan(counted, (int)reader.TokenStartIndex - counted).Count((byte)'\n');
            counted = (int)reader.TokenStartIndex;
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    name = SettingsReader.Join(open.Peek().Path, reader.GetString()!);
                    lines.TryAdd(name, line);
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    open.Pop();
                    break;
                default:
                    var path = Element(open) ?? name;
                    lines.TryAdd(path, line);
                    if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                        open.Push((path, reader.TokenType == JsonTokenType.StartArray ? 0 : -1));
                    break;
            }
        }

        return lines;
    }

    // Within a list (an index of 0 or more), the path of the element that begins.
    private static string? Element(Stack<(string Path, int Index)> open)
    {
        if (!open.TryPop(out var list))
            return null;
        open.Push(list.Index < 0 ? list : list with { Index = list.Index + 1 });
        return list.Index < 0 ? null : $"{list.Path}[{list.Index}]";
    }

    private static string Place(string? path) => path is null ? "" : path.TrimStart('$').TrimStart('.');

    // The parser appends path, line and position to its messages; they have places of their own here.
    private static string Reason(string message)
    {
        var text = new StringBuilder(message);
        foreach (var tail in (string[])[" Path: ", " LineNumber: "])
        {
            var at = text.ToString().IndexOf(tail, StringComparison.Ordinal);
            if (at >= 0)
                text.Length = at;
        }

        return text.ToString();
    }
}
