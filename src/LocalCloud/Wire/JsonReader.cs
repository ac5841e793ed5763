using System.Text.Json;
using System.Text.Json.Nodes;

namespace SyncStorage.LocalCloud.Wire;

/// <summary>Reads the requests of the JSON protocol into members of the model.</summary>
internal sealed class JsonReader(ServiceModel model)
{
    /// <exception cref="AwsException">It is not JSON, a member is unknown, or not of its type.</exception>
    public JsonObject Read(Operation operation, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body.IsEmpty ? "{}"u8.ToArray() : body);
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw WireErrors.WrongType(model, "the request", null, "structure");
            return operation.Input is { } shape ? Structure(shape, document.RootElement, "") : [];
        }
        catch (JsonException)
        {
            throw new AwsException("SerializationException", "The request is not well-formed JSON.");
        }
    }

    private JsonObject Structure(Shape shape, JsonElement value, string path)
    {
        var result = new JsonObject();
        foreach (var property in value.EnumerateObject())
        {
            var here = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
            if (!shape.Members.TryGetValue(property.Name, out var member)) throw WireErrors.UnknownParameter(model, here);
            if (property.Value.ValueKind != JsonValueKind.Null) result[property.Name] = Value(member.Shape, property.Value, here);
        }

        return result;
    }

    private JsonNode Value(Shape shape, JsonElement value, string path) => (shape.Type, value.ValueKind) switch
    {
        ("structure", JsonValueKind.Object) => Structure(shape, value, path),
        ("list", JsonValueKind.Array) => new JsonArray([.. value.EnumerateArray()
            .Select((element, index) => Value(shape.Element.Shape, element, $"{path}.{index + 1}.member"))]),
        ("map", JsonValueKind.Object) => new JsonObject(value.EnumerateObject()
            .Select(entry => KeyValuePair.Create(entry.Name, (JsonNode?)Value(shape.Value.Shape, entry.Value, $"{path}.{entry.Name}")))),
        _ => Scalars.Parse(shape, value) ?? throw WireErrors.WrongType(model, path, null, shape.Type),
    };
}
