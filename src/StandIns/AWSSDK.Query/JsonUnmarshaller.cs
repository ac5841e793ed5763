using System.Collections;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;
using SyncStorage.AwsModels;

namespace SyncStorage.StandIns.Query;

/// <summary>Reads any response of a service that speaks JSON into its typed class. As in SDK v4, an empty list is null.</summary>
internal sealed class JsonUnmarshaller<TResponse>(QueryService service, Operation operation) : JsonResponseUnmarshaller
    where TResponse : AmazonWebServiceResponse, new()
{
    private const string RequestIdHeader = "x-amzn-RequestId";

    public override AmazonWebServiceResponse Unmarshall(JsonUnmarshallerContext input)
    {
        var response = new TResponse { ResponseMetadata = new ResponseMetadata { RequestId = input.ResponseData.GetHeaderValue(RequestIdHeader) } };
        using var document = Read(input.Stream);
        if (document is not null && operation.Output is { } shape) Read(document.RootElement, response, shape);
        return response;
    }

    public override AmazonServiceException UnmarshallException(JsonUnmarshallerContext input, Exception innerException, HttpStatusCode statusCode)
    {
        JsonDocument? document = null;
        try
        {
            document = Read(input.Stream);
        }
        catch (JsonException)
        {
            // A proxy's HTML page or an empty body: the status is all there is.
        }

        using (document)
        {
            var error = new ErrorResponse
            {
                // E.g. com.amazonaws.logs#ResourceNotFoundException:http://…
                Code = Text(document, "__type")?.Split('#')[^1].Split(':')[0] ?? statusCode.ToString(),
                Message = Text(document, "message") ?? Text(document, "Message") ?? $"HTTP {(int)statusCode}",
                RequestId = input.ResponseData.GetHeaderValue(RequestIdHeader) ?? "",
                Type = (int)statusCode < 500 ? ErrorType.Sender : ErrorType.Receiver,
            };
            return service.Error(error, innerException, statusCode);
        }
    }

    private static JsonDocument? Read(Stream stream)
    {
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.Length == 0 ? null : JsonDocument.Parse(memory.ToArray());
    }

    private static string? Text(JsonDocument? document, string name) =>
        document?.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static void Read(JsonElement element, object target, Shape shape)
    {
        foreach (var (member, property) in TypedMembers.Of(target.GetType(), shape))
        {
            if (element.TryGetProperty(member.LocationName ?? member.Name, out var value) && value.ValueKind != JsonValueKind.Null)
                property.SetValue(target, ReadValue(value, property.PropertyType, member.Shape));
        }
    }

    private static object? ReadValue(JsonElement element, Type type, Shape shape)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        switch (shape.Type)
        {
            case "list":
                return ReadList(element, type, shape);
            case "map":
                var map = (IDictionary)Activator.CreateInstance(type)!;
                foreach (var entry in element.EnumerateObject()) map[entry.Name] = ReadValue(entry.Value, type.GenericTypeArguments[1], shape.Value.Shape);
                return map.Count == 0 ? null : map;
            case "structure":
                var value = Activator.CreateInstance(type)!;
                Read(element, value, shape);
                return value;
        }

        if (type == typeof(string)) return element.GetString();
        if (type == typeof(bool)) return element.GetBoolean();
        if (type == typeof(DateTime))
            return shape.Type == "long" ? DateTime.UnixEpoch.AddMilliseconds(element.GetInt64()) : DateTime.UnixEpoch.AddSeconds(element.GetDouble());
        return typeof(ConstantClass).IsAssignableFrom(type)
            ? Activator.CreateInstance(type, element.GetString())
            : Convert.ChangeType(element.GetRawText(), type, CultureInfo.InvariantCulture);
    }

    private static IList? ReadList(JsonElement element, Type type, Shape shape)
    {
        IList? list = null;
        foreach (var item in element.EnumerateArray())
        {
            list ??= (IList)Activator.CreateInstance(type)!;
            list.Add(ReadValue(item, type.GenericTypeArguments[0], shape.Element.Shape));
        }

        return list;
    }
}
