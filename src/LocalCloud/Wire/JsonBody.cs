using System.Text.Json;

namespace SyncStorage.LocalCloud.Wire;

/// <summary>Writes a handler's output as the JSON protocol has it: timestamps are seconds since 1970.</summary>
internal static class JsonBody
{
    /// <exception cref="InvalidOperationException">The output has a member that the model lacks, or of another type.</exception>
    public static void Write(Utf8JsonWriter writer, Shape? shape, JsonElement value)
    {
        if (shape is not null)
        {
            Value(writer, shape, value);
            return;
        }

        writer.WriteStartObject();
        writer.WriteEndObject();
    }

    private static void Value(Utf8JsonWriter writer, Shape shape, JsonElement value)
    {
        switch (shape.Type, value.ValueKind)
        {
            case ("structure", JsonValueKind.Object):
                writer.WriteStartObject();
                foreach (var property in value.EnumerateObject().Where(property => property.Value.ValueKind != JsonValueKind.Null))
                {
                    if (!shape.Members.TryGetValue(property.Name, out var member))
                        throw new InvalidOperationException($"A handler answered the member {property.Name}, which {shape.Name} does not have.");
                    writer.WritePropertyName(property.Name);
                    Value(writer, member.Shape, property.Value);
                }

                writer.WriteEndObject();
                break;
            case ("map", JsonValueKind.Object):
                writer.WriteStartObject();
                foreach (var property in value.EnumerateObject())
                {
                    writer.WritePropertyName(property.Name);
                    Value(writer, shape.Value.Shape, property.Value);
                }

                writer.WriteEndObject();
                break;
            case ("list", JsonValueKind.Array):
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray()) Value(writer, shape.Element.Shape, item);
                writer.WriteEndArray();
                break;
            default:
                Scalar(writer, shape, value);
                break;
        }
    }

    private static void Scalar(Utf8JsonWriter writer, Shape shape, JsonElement value)
    {
        switch (shape.Type)
        {
            case "timestamp":
                writer.WriteNumberValue(Math.Round((Scalars.Time(shape, value) - DateTimeOffset.UnixEpoch).TotalSeconds, 3));
                break;
            case "string" or "blob":
                writer.WriteStringValue(Scalars.Text(shape, null, value));
                break;
            default:
                writer.WriteRawValue(Scalars.Text(shape, null, value));
                break;
        }
    }
}
