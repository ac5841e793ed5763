using System.Collections;
using System.Text;
using System.Xml;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;
using SyncStorage.AwsModels;

namespace SyncStorage.StandIns.Query;

/// <summary>Writes any request of a service that speaks REST with XML: path and query from the members that the model puts there, the others as the body.</summary>
internal sealed class RestXmlMarshaller(QueryService service) : IMarshaller<IRequest, AmazonWebServiceRequest>
{
    public IRequest Marshall(AmazonWebServiceRequest input)
    {
        var operation = service.Model.Operations[input.GetType().Name[..^"Request".Length]];
        var request = new DefaultRequest(input, service.ClientName)
        {
            HttpMethod = operation.HttpMethod,
            ResourcePath = operation.RequestUri,
            UseQueryString = true,
        };
        if (operation.Input is not { } shape) return request;
        foreach (var (member, property) in TypedMembers.Of(input.GetType(), shape))
        {
            if (property.GetValue(input) is { } value) Place(request, member, value);
        }

        if (operation.InputLocationName is { } root)
        {
            request.Headers["Content-Type"] = "application/xml";
            request.Content = Body(root, operation.InputNamespace, input, shape);
        }

        return request;
    }

    private static void Place(DefaultRequest request, Member member, object value)
    {
        var name = member.LocationName ?? member.Name;
        switch (member.Location)
        {
            case "uri":
                request.AddPathResource($"{{{name}}}", QueryMarshaller.Scalar(value));
                break;
            case "querystring":
                request.Parameters.Add(name, QueryMarshaller.Scalar(value));
                break;
            case "header":
                request.Headers[name] = QueryMarshaller.Scalar(value);
                break;
        }
    }

    private static byte[] Body(string root, string? xmlNamespace, object input, Shape shape)
    {
        using var stream = new MemoryStream();
        using (var writer = XmlWriter.Create(stream, new XmlWriterSettings { Encoding = new UTF8Encoding(false) }))
        {
            writer.WriteStartElement(root, xmlNamespace);
            WriteStructure(writer, xmlNamespace, input, shape);
            writer.WriteEndElement();
        }

        return stream.ToArray();
    }

    // The model's order is the schema's: services insist on it.
    private static void WriteStructure(XmlWriter writer, string? xmlNamespace, object value, Shape shape)
    {
        foreach (var (member, property) in TypedMembers.Of(value.GetType(), shape))
        {
            if (member.Location is null && property.GetValue(value) is { } part) WriteMember(writer, xmlNamespace, member.LocationName ?? member.Name, part, member.Shape);
        }
    }

    private static void WriteMember(XmlWriter writer, string? xmlNamespace, string name, object value, Shape shape)
    {
        writer.WriteStartElement(name, xmlNamespace);
        switch (shape.Type)
        {
            case "structure":
                WriteStructure(writer, xmlNamespace, value, shape);
                break;
            case "list":
                foreach (var item in (IEnumerable)value) WriteMember(writer, xmlNamespace, shape.Element.LocationName ?? "member", item, shape.Element.Shape);
                break;
            case "map":
                throw new NotSupportedException($"No operation in use has a map: {shape.Name}.");
            default:
                writer.WriteString(QueryMarshaller.Scalar(value));
                break;
        }

        writer.WriteEndElement();
    }
}
