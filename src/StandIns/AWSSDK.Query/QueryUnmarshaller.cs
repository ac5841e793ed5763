using System.Collections;
using System.Globalization;
using System.Net;
using System.Xml;
using System.Xml.Linq;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;
using SyncStorage.AwsModels;

namespace SyncStorage.StandIns.Query;

/// <summary>Reads any response of a service that answers in XML into its typed class. As in SDK v4, an empty list is null.</summary>
internal sealed class QueryUnmarshaller<TResponse>(QueryService service, Operation operation) : XmlResponseUnmarshaller
    where TResponse : AmazonWebServiceResponse, new()
{
    public override AmazonWebServiceResponse Unmarshall(XmlUnmarshallerContext context)
    {
        var root = XDocument.Load(context.Stream).Root!;
        var response = new TResponse { ResponseMetadata = new ResponseMetadata { RequestId = Find(root, "RequestId") } };
        var result = operation.ResultWrapper is { } wrapper ? Child(root, wrapper) : root;
        if (result is not null && operation.Output is { } shape)
        {
            Read(result, response, shape);
            foreach (var (member, property) in TypedMembers.Of(typeof(TResponse), shape).Where(pair => pair.Member.Location == "header"))
                property.SetValue(response, context.ResponseData.GetHeaderValue(member.LocationName ?? member.Name));
        }

        return response;
    }

    public override AmazonServiceException UnmarshallException(XmlUnmarshallerContext context, Exception innerException, HttpStatusCode statusCode)
    {
        XElement? root = null;
        try
        {
            root = XDocument.Load(context.Stream).Root;
        }
        catch (XmlException)
        {
            // A proxy's HTML page or an empty body: the status is all there is.
        }

        var error = new ErrorResponse
        {
            Code = Find(root, "Code") ?? statusCode.ToString(),
            Message = Find(root, "Message") ?? $"HTTP {(int)statusCode}",
            RequestId = Find(root, "RequestId") ?? Find(root, "RequestID") ?? "",
            Type = Find(root, "Type") == "Sender" ? ErrorType.Sender : ErrorType.Receiver,
        };
        return service.Error(error, innerException, statusCode);
    }

    private static void Read(XElement element, object target, Shape shape)
    {
        foreach (var (member, property) in TypedMembers.Of(target.GetType(), shape))
        {
            var name = member.LocationName ?? member.Name;
            if (member.Shape.Type == "list" && member.Flattened)
                property.SetValue(target, ReadList(element.Elements().Where(child => child.Name.LocalName == name), property.PropertyType, member.Shape));
            else if (Child(element, name) is { } child)
                property.SetValue(target, ReadValue(child, property.PropertyType, member.Shape));
        }
    }

    private static object? ReadValue(XElement element, Type type, Shape shape)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (shape.Type == "list") return ReadList(element.Elements(), type, shape);
        if (shape.Type == "map") return ReadMap(element.Elements(), type, shape);
        if (shape.Type == "structure")
        {
            var value = Activator.CreateInstance(type)!;
            Read(element, value, shape);
            return value;
        }

        if (type == typeof(string)) return element.Value;
        if (type == typeof(bool)) return bool.Parse(element.Value);
        if (type == typeof(DateTime))
            return DateTime.Parse(element.Value, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal);
        return typeof(ConstantClass).IsAssignableFrom(type)
            ? Activator.CreateInstance(type, element.Value)
            : Convert.ChangeType(element.Value, type, CultureInfo.InvariantCulture);
    }

    private static IList? ReadList(IEnumerable<XElement> elements, Type type, Shape shape)
    {
        IList? list = null;
        foreach (var element in elements)
        {
            list ??= (IList)Activator.CreateInstance(type)!;
            list.Add(ReadValue(element, type.GenericTypeArguments[0], shape.Element.Shape));
        }

        return list;
    }

    private static IDictionary? ReadMap(IEnumerable<XElement> entries, Type type, Shape shape)
    {
        IDictionary? map = null;
        foreach (var entry in entries)
        {
            map ??= (IDictionary)Activator.CreateInstance(type)!;
            map[Child(entry, shape.Key.LocationName ?? "key")!.Value] = ReadValue(Child(entry, shape.Value.LocationName ?? "value")!, type.GenericTypeArguments[1], shape.Value.Shape);
        }

        return map;
    }

    private static XElement? Child(XElement element, string name) => element.Elements().FirstOrDefault(child => child.Name.LocalName == name);

    private static string? Find(XElement? root, string name) =>
        root?.DescendantsAndSelf().FirstOrDefault(element => element.Name.LocalName == name)?.Value;
}
