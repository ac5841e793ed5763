using System.Collections;
using System.Text.Json;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;
using SyncStorage.AwsModels;

namespace SyncStorage.StandIns.Query;

/// <summary>Writes any request of a service that speaks JSON: the values from the typed object, the wire's names from the model.</summary>
internal sealed class JsonMarshaller(QueryService service) : IMarshaller<IRequest, AmazonWebServiceRequest>
{
    public const string ContentType = "application/x-amz-json-1.1";

    public IRequest Marshall(AmazonWebServiceRequest input)
    {
        var operation = service.Model.Operations[input.GetType().Name[..^"Request".Length]];
        var request = new DefaultRequest(input, service.ClientName) { HttpMethod = "POST", ResourcePath = "/" };
        request.Headers["X-Amz-Target"] = $"{service.Model.TargetPrefix}.{operation.Name}";
        request.Headers["Content-Type"] = ContentType;
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            if (operation.Input is { } shape)
            {
                WriteStructure(writer, input, shape);
            }
            else
            {
                writer.WriteStartObject();
                writer.WriteEndObject();
            }
        }

        request.Content = stream.ToArray();
        return request;
    }

    private static void WriteStructure(Utf8JsonWriter writer, object value, Shape shape)
    {
        writer.WriteStartObject();
        foreach (var (member, property) in TypedMembers.Of(value.GetType(), shape))
        {
            if (property.GetValue(value) is not { } part) continue;
            writer.WritePropertyName(member.LocationName ?? member.Name);
            WriteValue(writer, part, member.Shape);
        }

        writer.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter writer, object value, Shape shape)
    {
        switch (value)
        {
            case string text: writer.WriteStringValue(text); break;
            case ConstantClass constant: writer.WriteStringValue(constant.Value); break;
            case bool flag: writer.WriteBooleanValue(flag); break;
            case int number: writer.WriteNumberValue(number); break;
            case long number: writer.WriteNumberValue(number); break;
            case double number: writer.WriteNumberValue(number); break;
            case float number: writer.WriteNumberValue(number); break;
            case DateTime moment: WriteMoment(writer, moment, shape); break;
            case IDictionary map:
                writer.WriteStartObject();
                foreach (DictionaryEntry entry in map)
                {
                    writer.WritePropertyName((string)entry.Key);
                    WriteValue(writer, entry.Value!, shape.Value.Shape);
                }

                writer.WriteEndObject();
                break;
            case IEnumerable list:
                writer.WriteStartArray();
                foreach (var item in list) WriteValue(writer, item, shape.Element.Shape);
                writer.WriteEndArray();
                break;
            default: WriteStructure(writer, value, shape); break;
        }
    }

    // The SDK gives some of the models' milliseconds as points in time.
    private static void WriteMoment(Utf8JsonWriter writer, DateTime moment, Shape shape)
    {
        var since = moment.ToUniversalTime() - DateTime.UnixEpoch;
        if (shape.Type == "long") writer.WriteNumberValue((long)since.TotalMilliseconds);
        else writer.WriteNumberValue(since.TotalSeconds);
    }
}
