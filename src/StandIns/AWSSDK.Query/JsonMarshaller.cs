using System.Collections;
using System.Text;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;
using SyncStorage.AwsModels;

namespace SyncStorage.StandIns.Query;

/// <summary>Writes any request of a service that speaks JSON 1.1.</summary>
internal sealed class JsonMarshaller(QueryService service) : IMarshaller<IRequest, AmazonWebServiceRequest>
{
    public IRequest Marshall(AmazonWebServiceRequest input)
    {
        var operation = service.Model.Operations[input.GetType().Name[..^"Request".Length]];
        var body = operation.Input is { } shape ? Structure(input, shape) : [];
        var request = new DefaultRequest(input, service.ClientName)
        {
            HttpMethod = operation.HttpMethod,
            ResourcePath = operation.RequestUri,
            Content = Encoding.UTF8.GetBytes(body.ToJsonString()),
        };
        request.Headers["Content-Type"] = "application/x-amz-json-1.1";
        request.Headers["X-Amz-Target"] = $"{service.Model.TargetPrefix}.{operation.Name}";
        return request;
    }

    private static JsonObject Structure(object value, Shape shape)
    {
        var written = new JsonObject();
        foreach (var (member, property) in TypedMembers.Of(value.GetType(), shape))
            if (property.GetValue(value) is { } part) written[member.LocationName ?? member.Name] = Node(part, member.Shape);
        return written;
    }

    private static JsonNode Node(object value, Shape shape) => value switch
    {
        string text => JsonValue.Create(text),
        bool flag => JsonValue.Create(flag),
        int number => JsonValue.Create(number),
        long number => JsonValue.Create(number),
        double number => JsonValue.Create(number),
        DateTime moment => JsonValue.Create(new DateTimeOffset(moment.ToUniversalTime()).ToUnixTimeMilliseconds() / 1000.0),
        ConstantClass constant => JsonValue.Create(constant.Value),
        IEnumerable list => new JsonArray([.. list.Cast<object>().Select(item => Node(item, shape.Element.Shape))]),
        _ => Structure(value, shape),
    };
}
