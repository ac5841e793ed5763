using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace SyncStorage.Pipeline.Settings;

/// <summary>Writes <c>environment.schema.json</c> from the settings' records, so that editors know what the validator knows.</summary>
public static partial class EnvironmentSchema
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, Encoder = EnvironmentJson.Compact.Encoder };

    /// <summary>The schema, draft 2020-12.</summary>
    /// <param name="documentation">The XML documentation of this assembly, for the descriptions.</param>
    public static string Generate(XDocument documentation)
    {
        ArgumentNullException.ThrowIfNull(documentation);
        var summaries = documentation.Descendants("member")
            .Where(member => member.Element("summary") is not null)
            .ToDictionary(member => (string)member.Attribute("name")!, member => Plain(member.Element("summary")!));
        var shape = SettingsShape.Of<EnvironmentSettings>();
        var root = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "An environment of SyncStorage Deploy",
        };
        foreach (var (key, value) in Object(shape, summaries))
            root[key] = value?.DeepClone();
        root["properties"]!.AsObject().Insert(0, "$schema", new JsonObject { ["type"] = "string", ["description"] = "This schema, for editors." });
        return root.ToJsonString(Format).ReplaceLineEndings("\n") + "\n";
    }

    private static JsonObject Object(SettingsShape shape, IReadOnlyDictionary<string, string> summaries)
    {
        var defaults = Defaults(shape);
        return new JsonObject
        {
            ["type"] = Type(shape),
            ["properties"] = new JsonObject(shape.Properties.Select(property => KeyValuePair.Create(property.Name, (JsonNode?)Property(property, defaults, summaries)))),
            ["required"] = new JsonArray([.. shape.Properties.Where(property => property.Required).Select(property => (JsonNode?)property.Name)]),
            ["additionalProperties"] = false,
        };
    }

    private static JsonObject Property(SettingsProperty property, object? defaults, IReadOnlyDictionary<string, string> summaries)
    {
        var schema = Value(property.Shape, summaries);
        schema.Insert(0, "description", summaries[$"P:{property.Member.DeclaringType!.FullName}.{property.Member.Name}"]);
        foreach (var attribute in property.Member.GetCustomAttributes<ValidationAttribute>())
            Constrain(schema, attribute, property.Shape.Nullable);
        if (!property.Required && property.Shape.Kind != SettingsKind.Object && defaults is not null)
            schema["default"] = JsonSerializer.SerializeToNode(property.Member.GetValue(defaults), property.Member.PropertyType);
        return schema;
    }

    private static JsonObject Value(SettingsShape shape, IReadOnlyDictionary<string, string> summaries) => shape switch
    {
        { Kind: SettingsKind.Object } => Object(shape, summaries),
        { Kind: SettingsKind.List, Item: { } item } => new JsonObject { ["type"] = Type(shape), ["items"] = Value(item, summaries) },
        _ => new JsonObject { ["type"] = Type(shape) },
    };

    private static JsonNode Type(SettingsShape shape)
    {
        var name = shape.Kind switch
        {
            SettingsKind.Object => "object",
            SettingsKind.List => "array",
            SettingsKind.Text => "string",
            SettingsKind.Integer => "integer",
            SettingsKind.Number => "number",
            SettingsKind.Boolean => "boolean",
            _ => throw new InvalidOperationException($"No JSON type of {shape.Kind}."),
        };
        return shape.Nullable ? new JsonArray(name, "null") : JsonValue.Create(name);
    }

    private static void Constrain(JsonObject schema, ValidationAttribute attribute, bool nullable)
    {
        switch (attribute)
        {
            case RangeAttribute range:
                schema["minimum"] = JsonSerializer.SerializeToNode(range.Minimum);
                schema["maximum"] = JsonSerializer.SerializeToNode(range.Maximum);
                break;
            case RegularExpressionAttribute regex:
                schema["pattern"] = $"^(?:{regex.Pattern})$";
                break;
            case StringLengthAttribute length:
                schema["maxLength"] = length.MaximumLength;
                break;
            case MinLengthAttribute least:
                schema[schema["items"] is null ? "minLength" : "minItems"] = least.Length;
                break;
            case AllowedValuesAttribute allowed:
                schema["enum"] = new JsonArray([.. allowed.Values.Select(value => JsonSerializer.SerializeToNode(value)), .. nullable ? (JsonNode?[])[null] : []]);
                break;
            default:
                throw new InvalidOperationException($"No schema for {attribute}.");
        }
    }

    // An instance with nothing but empty required members has every default.
    private static object? Defaults(SettingsShape shape) =>
        JsonSerializer.Deserialize(SettingsReader.Empty(shape), shape.Type, EnvironmentJson.Binding);

    private static string Plain(XElement summary) => Spaces().Replace(
        string.Concat(summary.Nodes().Select(node => node switch
        {
            XText text => text.Value,
            XElement { Name.LocalName: "see" } see when (string?)see.Attribute("cref") is { } cref => JsonNamingPolicy.CamelCase.ConvertName(cref[(cref.LastIndexOf('.') + 1)..]),
            XElement element => element.Value,
            _ => "",
        })), " ").Trim();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
