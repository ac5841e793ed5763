using System.Collections;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;
using SyncStorage.AwsModels;

namespace SyncStorage.StandIns.Query;

/// <summary>Reads any response of a service that speaks JSON 1.1 into its typed class. As in SDK v4, an empty list is null.</summary>
internal sealed class JsonUnmarshaller<TResponse>(QueryService service, Operation operation) : JsonResponseUnmarshaller
    where TResponse : AmazonWebServiceResponse, new()
{
    private const string RequestIdHeader = "x-amzn-RequestId";

    public override AmazonWebServiceResponse Unmarshall(JsonUnmarshallerContext context)
    {
        var response = new TResponse { ResponseMetadata = new ResponseMetadata { RequestId = context.ResponseData.GetHeaderValue(RequestIdHeader) } };
        if (operation.Output is { } shape && JsonNode.Parse(context.Stream) is JsonObject result) Read(result, response, shape);
        return response;
    }

    public override AmazonServiceException UnmarshallException(JsonUnmarshallerContext context, Exception innerException, HttpStatusCode statusCode)
    {
        JsonNode? body = null;
        try
        {
            body = JsonNode.Parse(context.Stream);
        }
        catch (JsonException)
        {
            // A proxy's HTML page or an empty body: the status is all there is.
        }

        var error = new ErrorResponse
        {
            Code = ((string?)body?["__type"])?.Split('#')[^1] ?? statusCode.ToString(),
            Message = (string?)(body?["message"] ?? body?["Message"]) ?? $"HTTP {(int)statusCode}",
            RequestId = context.ResponseData.GetHeaderValue(RequestIdHeader) ?? "",
            Type = (int)statusCode < 500 ? ErrorType.Sender : ErrorType.Receiver,
        };
        return service.Error(error, innerException, statusCode);
    }

    private static void Read(JsonObject value, object target, Shape shape)
    {
        foreach (var (member, property) in TypedMembers.Of(target.GetType(), shape))
            if (value[member.LocationName ?? member.Name] is { } part) property.SetValue(target, Typed(part, property.PropertyType, member.Shape));
    }

    private static object? Typed(JsonNode node, Type type, Shape shape)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        switch (shape.Type)
        {
            case "structure":
                var value = Activator.CreateInstance(type)!;
                Read(node.AsObject(), value, shape);
                return value;
            case "list":
                return node.AsArray().Count == 0 ? null : Filled((IList)Activator.CreateInstance(type)!, node.AsArray(), shape);
            case "map":
                var map = (IDictionary)Activator.CreateInstance(type)!;
                foreach (var (key, item) in node.AsObject()) map[key] = Typed(item!, type.GenericTypeArguments[1], shape.Value.Shape);
                return map.Count == 0 ? null : map;
            case "timestamp":
                return DateTimeOffset.FromUnixTimeMilliseconds((long)((double)node * 1000)).UtcDateTime;
            default:
                return typeof(ConstantClass).IsAssignableFrom(type) ? Activator.CreateInstance(type, (string)node!) : Scalar(node, type);
        }
    }

    private static IList Filled(IList list, JsonArray items, Shape shape)
    {
        foreach (var item in items) list.Add(Typed(item!, list.GetType().GenericTypeArguments[0], shape.Element.Shape));
        return list;
    }

    private static object? Scalar(JsonNode node, Type type) => Convert.ChangeType(node.ToString(), type, CultureInfo.InvariantCulture);
}
