using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace SyncStorage.LocalCloud.Wire;

/// <summary>Checks what a reader read against the model: required members, lengths, ranges, patterns, enumerations.</summary>
internal static class InputChecker
{
    private static readonly TimeSpan LongestMatch = TimeSpan.FromSeconds(1);
    private static readonly ConcurrentDictionary<string, Regex?> Patterns = new(StringComparer.Ordinal);

    /// <exception cref="AwsException">The first violation, with the service's own code.</exception>
    public static void Check(Operation operation, JsonObject input)
    {
        if (operation.Input is { } shape) Structure(operation.Service, shape, input, "");
    }

    private static void Structure(ServiceModel model, Shape shape, JsonObject value, string path)
    {
        foreach (var name in shape.Required)
        {
            // What stands in the path or is the body is always there.
            var present = value.ContainsKey(name) || shape.Members[name].Streaming;
            if (!present) throw WireErrors.Missing(model, Join(path, name));
        }

        foreach (var (name, node) in value)
        {
            if (node is not null) Value(model, shape.Members[name].Shape, node, Join(path, name));
        }
    }

    private static void Value(ServiceModel model, Shape shape, JsonNode node, string path)
    {
        switch (node)
        {
            case JsonObject map when shape.Type == "map":
                Range(model, shape, map.Count, "size", path, null);
                foreach (var (key, value) in map) Value(model, shape.Value.Shape, value!, Join(path, key));
                break;
            case JsonObject structure:
                Structure(model, shape, structure, path);
                break;
            case JsonArray list:
                Range(model, shape, list.Count, "length", path, null);
                for (var index = 0; index < list.Count; index++) Value(model, shape.Element.Shape, list[index]!, $"{path}.{index + 1}");
                break;
            case JsonValue when shape.Type is "string":
                Text(model, shape, (string)node!, path);
                break;
            case JsonValue when shape.Type is "integer" or "long" or "double" or "float":
                Range(model, shape, JsonSerializer.SerializeToElement(node).GetDouble(), "value", path, node.ToJsonString());
                break;
        }
    }

    private static void Text(ServiceModel model, Shape shape, string text, string path)
    {
        // The value of a secret is never echoed.
        var shown = shape.Sensitive ? "[REDACTED]" : text;
        Range(model, shape, text.Length, "length", path, shown);
        if (shape.Enum.Count > 0 && EnumerationsAreChecked(model) && !shape.Enum.Contains(text))
            throw WireErrors.Constraint(model, path, shown, $"Member must satisfy enum value set: [{string.Join(", ", shape.Enum)}]");
        // S3's patterns are of decoded values, and S3 itself does not check them.
        if (model.Protocol != "s3" && shape.Pattern is { } pattern && Patterns.GetOrAdd(pattern, Compile) is { } regex && !regex.IsMatch(text))
            throw WireErrors.Constraint(model, path, shown, $"Member must satisfy regular expression pattern: {pattern}");
    }

    private static void Range(ServiceModel model, Shape shape, double size, string what, string path, string? shown)
    {
        var member = what == "value" ? "Member must have value" : "Member must have length";
        if (shape.Min is { } min && size < min)
            throw WireErrors.Constraint(model, path, shown, $"{member} greater than or equal to {min.ToString(CultureInfo.InvariantCulture)}");
        if (shape.Max is { } max && size > max)
            throw WireErrors.Constraint(model, path, shown, $"{member} less than or equal to {max.ToString(CultureInfo.InvariantCulture)}");
    }

    // EC2 and the Query services check their enumerations in the operation, each with a code of its own.
    private static bool EnumerationsAreChecked(ServiceModel model) => model.Protocol is "json" or "rest-xml" or "s3";

    // The models' patterns are Java's: one that .NET cannot read is not checked, as SDKs don't check it either.
    private static Regex? Compile(string pattern)
    {
        try
        {
            return new Regex($"^(?:{pattern})$", RegexOptions.CultureInvariant, LongestMatch);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
