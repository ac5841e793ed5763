using System.Formats.Cbor;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SyncStorage.LocalCloud.Wire;

/// <summary>
/// Smithy's RPC v2 with CBOR, which the newest clients speak with services that accept it beside another protocol: the path names the operation, bodies are
/// maps by the members' names.
/// </summary>
internal static class CborBody
{
    public const string ContentType = "application/cbor";
    public const string ProtocolHeader = "smithy-protocol";
    public const string Protocol = "rpc-v2-cbor";

    /// <summary>Whether a request is of this protocol, and its service accepts it.</summary>
    public static bool IsSpokenBy(WireRequest request, ServiceModel model) => model.Name == "cloudwatch" && request.Header(ProtocolHeader) == Protocol;

    /// <summary>The operation's name in <c>/service/{service}/operation/{operation}</c>; empty if there is none.</summary>
    public static string OperationOf(string path) => path.Split('/') is ["", "service", _, "operation", var name] ? name : "";

    /// <exception cref="AwsException">It is no CBOR, a member is unknown, or not of its type.</exception>
    public static JsonObject Read(Operation operation, ReadOnlyMemory<byte> body)
    {
        try
        {
            if (operation.Input is not { } shape || body.IsEmpty) return [];
            var reader = new CborReader(body, CborConformanceMode.Lax);
            return Structure(operation.Service, shape, reader, "");
        }
        catch (Exception wrong) when (wrong is CborContentException or InvalidOperationException)
        {
            throw new AwsException("SerializationException", $"The request is not well-formed: {wrong.Message}");
        }
    }

    /// <summary>Writes a handler's output.</summary>
    public static WireResponse Write(Operation operation, ApiResult result, string requestId)
    {
        var writer = new CborWriter();
        if (operation.Output is { } shape)
        {
            Value(writer, shape, JsonSerializer.SerializeToElement(result.Output));
        }
        else
        {
            writer.WriteStartMap(0);
            writer.WriteEndMap();
        }

        return Response(200, writer, requestId);
    }

    /// <summary>Writes an error. The header has the code that the service's older protocol gives.</summary>
    public static WireResponse Write(AwsException error, string requestId)
    {
        var writer = new CborWriter();
        writer.WriteStartMap(2);
        writer.WriteTextString("__type");
        writer.WriteTextString(error.Code);
        writer.WriteTextString("message");
        writer.WriteTextString(error.Message);
        writer.WriteEndMap();
        return Response(error.Status, writer, requestId, new KeyValuePair<string, string>("x-amzn-query-error", $"{error.Code};{(error.Status < 500 ? "Sender" : "Receiver")}"));
    }

    private static WireResponse Response(int status, CborWriter writer, string requestId, params KeyValuePair<string, string>[] more) =>
        new(status, ContentType, [new("x-amzn-RequestId", requestId), new(ProtocolHeader, Protocol), .. more], writer.Encode());

    private static JsonObject Structure(ServiceModel model, Shape shape, CborReader reader, string path)
    {
        var result = new JsonObject();
        reader.ReadStartMap();
        while (reader.PeekState() != CborReaderState.EndMap)
        {
            var name = reader.ReadTextString();
            var here = path.Length == 0 ? name : $"{path}.{name}";
            if (!shape.Members.TryGetValue(name, out var member)) throw WireErrors.UnknownParameter(model, here);
            if (Value(model, member.Shape, reader, here) is { } value) result[name] = value;
        }

        reader.ReadEndMap();
        return result;
    }

    private static JsonNode? Value(ServiceModel model, Shape shape, CborReader reader, string path)
    {
        var state = reader.PeekState();
        switch (shape.Type, state)
        {
            case (_, CborReaderState.Null):
                reader.ReadNull();
                return null;
            case ("structure", CborReaderState.StartMap):
                return Structure(model, shape, reader, path);
            case ("list", CborReaderState.StartArray):
                var list = new JsonArray();
                reader.ReadStartArray();
                while (reader.PeekState() != CborReaderState.EndArray) list.Add(Value(model, shape.Element.Shape, reader, $"{path}.{list.Count + 1}.member"));
                reader.ReadEndArray();
                return list;
            case ("map", CborReaderState.StartMap):
                var map = new JsonObject();
                reader.ReadStartMap();
                while (reader.PeekState() != CborReaderState.EndMap)
                {
                    var key = reader.ReadTextString();
                    map[key] = Value(model, shape.Value.Shape, reader, $"{path}.{key}");
                }

                reader.ReadEndMap();
                return map;
            case ("timestamp", CborReaderState.Tag):
                reader.ReadTag();
                return JsonValue.Create(Scalars.Iso(DateTimeOffset.UnixEpoch.AddSeconds(Number(reader) ?? throw WireErrors.WrongType(model, path, null, shape.Type))));
            default:
                return Scalar(shape, state, reader) ?? throw WireErrors.WrongType(model, path, null, shape.Type);
        }
    }

    private static JsonValue? Scalar(Shape shape, CborReaderState state, CborReader reader) => (shape.Type, state) switch
    {
        ("string", CborReaderState.TextString) => JsonValue.Create(reader.ReadTextString()),
        ("boolean", CborReaderState.Boolean) => JsonValue.Create(reader.ReadBoolean()),
        ("integer" or "long", CborReaderState.UnsignedInteger or CborReaderState.NegativeInteger) => JsonValue.Create(reader.ReadInt64()),
        ("double" or "float", _) when Number(reader) is { } number => JsonValue.Create(number),
        _ => null,
    };

    private static double? Number(CborReader reader) => reader.PeekState() switch
    {
        CborReaderState.UnsignedInteger or CborReaderState.NegativeInteger => reader.ReadInt64(),
        CborReaderState.HalfPrecisionFloat or CborReaderState.SinglePrecisionFloat or CborReaderState.DoublePrecisionFloat => reader.ReadDouble(),
        _ => null,
    };

    private static void Value(CborWriter writer, Shape shape, JsonElement value)
    {
        switch (shape.Type)
        {
            case "structure":
                writer.WriteStartMap(null);
                foreach (var property in value.EnumerateObject().Where(property => property.Value.ValueKind != JsonValueKind.Null))
                {
                    if (!shape.Members.TryGetValue(property.Name, out var member))
                        throw new InvalidOperationException($"A handler answered the member {property.Name}, which {shape.Name} does not have.");
                    writer.WriteTextString(property.Name);
                    Value(writer, member.Shape, property.Value);
                }

                writer.WriteEndMap();
                break;
            case "map":
                writer.WriteStartMap(null);
                foreach (var property in value.EnumerateObject())
                {
                    writer.WriteTextString(property.Name);
                    Value(writer, shape.Value.Shape, property.Value);
                }

                writer.WriteEndMap();
                break;
            case "list":
                writer.WriteStartArray(null);
                foreach (var item in value.EnumerateArray()) Value(writer, shape.Element.Shape, item);
                writer.WriteEndArray();
                break;
            case "timestamp":
                writer.WriteTag(CborTag.UnixTimeSeconds);
                writer.WriteDouble((Scalars.Time(shape, value) - DateTimeOffset.UnixEpoch).TotalSeconds);
                break;
            case "boolean":
                writer.WriteBoolean(value.GetBoolean());
                break;
            case "integer" or "long":
                writer.WriteInt64(value.GetInt64());
                break;
            case "double" or "float":
                writer.WriteDouble(value.GetDouble());
                break;
            default:
                writer.WriteTextString(Scalars.Text(shape, null, value));
                break;
        }
    }
}
