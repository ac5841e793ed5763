using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace SyncStorage.Pipeline.Settings;

/// <summary>One <c>--set key=value</c>: a dotted path with indexes, and a value typed by what the record has there.</summary>
internal static partial class SettingsOverride
{
    /// <summary>Writes the override into the JSON; what is wrong with it becomes an error.</summary>
    public static void Apply(string text, JsonObject root, SettingsErrors errors)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var path = equals > 0 ? text[..equals].Trim() : "";
        if (!Path().IsMatch(path))
        {
            errors.Add($"--set {text}", "must be key=value, e.g. webheads.count=5 or dbnodes[0].multiAz=true");
            return;
        }

        if (Walk(path, root, errors) is var (shape, write))
            write(Value(text[(equals + 1)..], shape));
    }

    private static (SettingsShape Shape, Action<JsonNode?> Write)? Walk(string path, JsonObject root, SettingsErrors errors)
    {
        JsonNode at = root;
        var shape = SettingsShape.Of<EnvironmentSettings>();
        var done = "";
        var steps = Step().Matches(path).Select(match => match.Value.TrimStart('.')).ToList();
        for (var i = 0; i < steps.Count; i++)
        {
            var step = steps[i];
            var found = step[0] == '[' ? Index(step, at, shape, done, errors) : Key(step, at, shape, done, errors);
            if (found is not var (inner, read, write))
                return null;
            if (i == steps.Count - 1)
                return (inner, write);
            if (inner.Kind is not (SettingsKind.Object or SettingsKind.List))
            {
                errors.Add(path, $"{SettingsReader.Join(done, step)} has no keys (--set)");
                return null;
            }

            if (read() is not { } next)
                write(next = inner.Kind == SettingsKind.List ? new JsonArray() : new JsonObject());
            (at, shape) = (next, inner);
            done = step[0] == '[' ? done + step : SettingsReader.Join(done, step);
        }

        return null;
    }

    private static (SettingsShape, Func<JsonNode?>, Action<JsonNode?>)? Key(string name, JsonNode at, SettingsShape shape, string done, SettingsErrors errors)
    {
        if (at is JsonObject json && shape.Find(name) is { } property)
            return (property.Shape, () => json[name], value => json[name] = value);
        errors.Add(
            SettingsReader.Join(done, name),
            shape.Kind == SettingsKind.Object && at is JsonObject ? $"unknown key (--set){NearestName.Advice(name, shape.Names)}" : $"{done} has no keys (--set)");
        return null;
    }

    private static (SettingsShape, Func<JsonNode?>, Action<JsonNode?>)? Index(string step, JsonNode at, SettingsShape shape, string done, SettingsErrors errors)
    {
        var index = int.TryParse(step.AsSpan(1, step.Length - 2), CultureInfo.InvariantCulture, out var parsed) ? parsed : int.MaxValue;
        if (at is not JsonArray list || shape.Item is null)
            errors.Add(done + step, $"{done} is no list (--set)");
        else if (index > list.Count)
            errors.Add(done + step, $"the list has {list.Count} element(s); index {list.Count} adds one (--set)");
        else
        {
            return (
                shape.Item,
                () => index < list.Count ? list[index] : null,
                value =>
                {
                    if (index < list.Count)
                        list[index] = value;
                    else
                        list.Add(value);
                }
            );
        }

        return null;
    }

    // What does not parse as the type is kept as text, for the reader to complain about with its path.
    private static JsonNode? Value(string text, SettingsShape shape)
    {
        if (shape.Nullable && text == "null")
            return null;
        if (shape.Kind == SettingsKind.Text)
            return JsonValue.Create(text);
        try
        {
            return JsonNode.Parse(text) ?? JsonValue.Create(text);
        }
        catch (JsonException)
        {
            // A list of texts may be written with commas alone: network.sshCidrs=10.0.0.0/8,10.1.0.0/16
            return shape is { Kind: SettingsKind.List, Item.Kind: SettingsKind.Text }
                ? new JsonArray([.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(item => (JsonNode?)JsonValue.Create(item))])
                : JsonValue.Create(text);
        }
    }

    [GeneratedRegex(@"^[A-Za-z$_][A-Za-z0-9_]*(\[\d+\])*(\.[A-Za-z_][A-Za-z0-9_]*(\[\d+\])*)*$")]
    private static partial Regex Path();

    [GeneratedRegex(@"\.?[A-Za-z0-9_$]+|\[\d+\]")]
    private static partial Regex Step();
}
