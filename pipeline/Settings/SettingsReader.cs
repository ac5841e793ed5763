using System.Text.Json;
using System.Text.Json.Nodes;

namespace SyncStorage.Pipeline.Settings;

/// <summary>
/// Checks JSON against the settings' records, collecting every error, and returns what is right of it: wrong and missing
/// required values are replaced by empty ones, so that the rules can still judge the rest.
/// </summary>
internal sealed class SettingsReader(SettingsErrors errors)
{
    public JsonObject ReadRoot(JsonObject json)
    {
        // Editors find the schema by this key; it is no setting.
        json.Remove("$schema");
        return ReadObject(json, SettingsShape.Of<EnvironmentSettings>(), "");
    }

    private JsonObject ReadObject(JsonObject json, SettingsShape shape, string path)
    {
        var right = new JsonObject();
        foreach (var (name, value) in json)
        {
            if (shape.Find(name) is { } property)
                Read(value, property.Shape, Join(path, name), property.Required, node => right[name] = node);
            else
                errors.Add(Join(path, name), $"unknown key{NearestName.Advice(name, shape.Names)}");
        }

        foreach (var missing in shape.Properties.Where(property => property.Required && !json.ContainsKey(property.Name)))
        {
            errors.Add(Join(path, missing.Name), "is required");
            right[missing.Name] = Empty(missing.Shape);
        }

        return right;
    }

    private void Read(JsonNode? value, SettingsShape shape, string path, bool required, Action<JsonNode?> keep)
    {
        if (value is null && shape.Nullable)
            keep(null);
        else if (!Fits(value, shape))
        {
            errors.Add(path, $"must be {shape.Description}, is {Describe(value)}");
            if (required)
                keep(Empty(shape));
        }
        else
        {
            keep(shape.Kind switch
            {
                SettingsKind.Object => ReadObject(value!.AsObject(), shape, path),
                SettingsKind.List => ReadList(value!.AsArray(), shape.Item!, path),
                _ => value!.DeepClone(),
            });
        }
    }

    private JsonArray ReadList(JsonArray json, SettingsShape item, string path)
    {
        var right = new JsonArray();
        for (var i = 0; i < json.Count; i++)
            Read(json[i], item, $"{path}[{i}]", required: true, right.Add);
        return right;
    }

    private static bool Fits(JsonNode? value, SettingsShape shape) => shape.Kind switch
    {
        SettingsKind.Object => value is JsonObject,
        SettingsKind.List => value is JsonArray,
        SettingsKind.Text => value is JsonValue text && text.GetValueKind() == JsonValueKind.String
            && (shape.Type != typeof(Uri) || Uri.TryCreate(text.GetValue<string>(), UriKind.Absolute, out _)),
        SettingsKind.Integer => value is JsonValue integer && integer.GetValueKind() == JsonValueKind.Number && integer.TryGetValue<int>(out _),
        SettingsKind.Number => value is JsonValue number && number.GetValueKind() == JsonValueKind.Number
            && number.TryGetValue<double>(out var d) && double.IsFinite(d),
        SettingsKind.Boolean => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        _ => throw new InvalidOperationException($"No check of {shape.Kind}."),
    };

    internal static JsonNode Empty(SettingsShape shape) => shape.Kind switch
    {
        SettingsKind.Object => new JsonObject([.. shape.Properties.Where(p => p.Required).Select(p => KeyValuePair.Create(p.Name, (JsonNode?)Empty(p.Shape)))]),
        SettingsKind.List => new JsonArray(),
        SettingsKind.Text => JsonValue.Create(""),
        SettingsKind.Integer or SettingsKind.Number => JsonValue.Create(0),
        SettingsKind.Boolean => JsonValue.Create(false),
        _ => throw new InvalidOperationException($"No empty {shape.Kind}."),
    };

    private static string Describe(JsonNode? value)
    {
        var text = value?.ToJsonString(EnvironmentJson.Compact) ?? "null";
        return text.Length <= 40 ? text : text[..37] + "…";
    }

    internal static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
