using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SyncStorage.LocalCloud.Wire;

/// <summary>Scalars between their text on the wire and the nodes that handlers see.</summary>
internal static class Scalars
{
    private static readonly DateTimeOffset Epoch = DateTimeOffset.UnixEpoch;

    /// <summary>Reads a scalar from its text.</summary>
    /// <returns>The node, or null if the text is not of the shape's type.</returns>
    public static JsonNode? Parse(Shape shape, string text) => shape.Type switch
    {
        "string" or "blob" => JsonValue.Create(text),
        "integer" => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number) : null,
        "long" => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number) : null,
        "double" or "float" => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number) : null,
        "boolean" => bool.TryParse(text, out var flag) ? JsonValue.Create(flag) : null,
        "timestamp" => TryTime(text, out var time) ? JsonValue.Create(Iso(time)) : null,
        _ => null,
    };

    /// <summary>Reads a scalar of a JSON request, where types show.</summary>
    public static JsonNode? Parse(Shape shape, JsonElement value) => (shape.Type, value.ValueKind) switch
    {
        ("string" or "blob", JsonValueKind.String) => JsonValue.Create(value.GetString()),
        ("integer", JsonValueKind.Number) => value.TryGetInt32(out var number) ? JsonValue.Create(number) : null,
        ("long", JsonValueKind.Number) => value.TryGetInt64(out var number) ? JsonValue.Create(number) : null,
        ("double" or "float", JsonValueKind.Number) => JsonValue.Create(value.GetDouble()),
        ("boolean", JsonValueKind.True or JsonValueKind.False) => JsonValue.Create(value.GetBoolean()),
        ("timestamp", JsonValueKind.Number) => JsonValue.Create(Iso(Epoch.AddSeconds(value.GetDouble()))),
        ("timestamp", JsonValueKind.String) => Parse(shape, value.GetString()!),
        _ => null,
    };

    /// <summary>The text of a scalar that a handler gave, in XML, a header or a query.</summary>
    /// <exception cref="InvalidOperationException">The handler gave a value that is not of the shape's type.</exception>
    public static string Text(Shape shape, string? timestampFormat, JsonElement value)
    {
        var text = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => throw WrongOutput(shape, value),
        };
        if (shape.Type == "timestamp") return Format(Time(shape, value), timestampFormat ?? "iso8601");
        var valid = shape.Type is "string" or "blob" || Parse(shape, text) is not null;
        return valid ? (shape.Type == "boolean" ? text.ToLowerInvariant() : text) : throw WrongOutput(shape, value);
    }

    /// <summary>The time that a handler gave: an ISO-8601 string or seconds since 1970.</summary>
    public static DateTimeOffset Time(Shape shape, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => Epoch.AddSeconds(value.GetDouble()),
        JsonValueKind.String when TryTime(value.GetString()!, out var time) => time,
        _ => throw WrongOutput(shape, value),
    };

    public static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static InvalidOperationException WrongOutput(Shape shape, JsonElement value) =>
        new($"A handler answered {value.GetRawText()} where the model has {shape.Name} ({shape.Type}).");

    private static string Format(DateTimeOffset time, string format) => format switch
    {
        "rfc822" => time.UtcDateTime.ToString("r", CultureInfo.InvariantCulture),
        "unixTimestamp" => time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        _ => Iso(time),
    };

    private static bool TryTime(string text, out DateTimeOffset time)
    {
        const DateTimeStyles Styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds < 1e11)
        {
            time = Epoch.AddSeconds(seconds);
            return true;
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Styles, out time);
    }
}
