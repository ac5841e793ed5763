using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;

namespace SyncStorage.LocalCloud.Wire;

/// <summary>Reads requests of services that speak REST with XML: members in path, query, headers and an XML body.</summary>
internal static class RestXmlReader
{
    /// <summary>Reads a request whose body, if it has one, holds the members that are nowhere else.</summary>
    /// <param name="operation">What was asked for.</param>
    /// <param name="request">The request.</param>
    /// <param name="labels">What stands in the path, by name.</param>
    /// <param name="body">The body.</param>
    public static JsonObject Read(Operation operation, WireRequest request, IReadOnlyDictionary<string, string> labels, ReadOnlyMemory<byte> body)
    {
        var input = ReadHead(operation, request, labels.GetValueOrDefault);
        if (operation.InputLocationName is not { } name) return input;
        var root = Parse(body);
        if (root.Name.LocalName != name) throw WireErrors.MalformedXml;
        foreach (var (member, value) in Structure(operation.Service, operation.Input!, root)) input[member] = value?.DeepClone();
        return input;
    }

    /// <summary>Reads all but the body of a request to S3.</summary>
    public static JsonObject ReadHead(Operation operation, WireRequest request, string? bucket, string? key) =>
        ReadHead(operation, request, name => name == "Bucket" ? bucket : key);

    private static JsonObject ReadHead(Operation operation, WireRequest request, Func<string, string?> label)
    {
        var input = new JsonObject();
        foreach (var member in operation.Input?.Members.Values ?? [])
        {
            var name = member.LocationName ?? member.Name;
            var text = member.Location switch
            {
                "uri" => label(name),
                "querystring" => request.QueryValue(name),
                // Presigned URLs carry headers' values in their query.
                "header" => request.Header(name) ?? (request.Signature is { Presigned: true } ? QueryIgnoringCase(request, name) : null),
                _ => null,
            };
            if (text is not null) input[member.Name] = Scalar(operation, member, text);
            if (member.Location == "headers") ReadMap(input, member, name, request);
        }

        return input;
    }

    /// <summary>Whether the operation has an XML body.</summary>
    public static bool HasXmlBody(Operation operation) =>
        operation.Input is { Payload: { } payload } shape && !shape.Members[payload].Streaming;

    /// <summary>Reads the XML body into the operation's payload member.</summary>
    public static void ReadBody(Operation operation, ReadOnlyMemory<byte> body, JsonObject input)
    {
        if (body.IsEmpty) return;
        var member = operation.Input!.Members[operation.Input.Payload!];
        var root = Parse(body);
        if (root.Name.LocalName != (member.LocationName ?? member.Name)) throw WireErrors.MalformedXml;
        input[member.Name] = Structure(operation.Service, member.Shape, root);
    }

    private static XElement Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(body.ToArray()), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
            return XElement.Load(reader);
        }
        catch (XmlException)
        {
            throw WireErrors.MalformedXml;
        }
    }

    private static void ReadMap(JsonObject input, Member member, string prefix, WireRequest request)
    {
        var entries = request.HeaderNames.Where(header => header.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            .ToDictionary(header => header[prefix.Length..].ToLowerInvariant(), header => (JsonNode?)request.Header(header)!);
        if (entries.Count > 0) input[member.Name] = new JsonObject(entries);
    }

    private static string? QueryIgnoringCase(WireRequest request, string name) =>
        request.Query.FirstOrDefault(pair => string.Equals(pair.Key, name, StringComparison.OrdinalIgnoreCase)).Value;

    private static JsonNode Scalar(Operation operation, Member member, string text)
    {
        // A list in a header: values separated by commas.
        if (member.Shape.Type == "list") return new JsonArray([.. text.Split(',').Select(part => (JsonNode)part.Trim())]);
        return Scalars.Parse(member.Shape, text)
            ?? throw WireErrors.WrongType(operation.Service, member.LocationName ?? member.Name, text, member.Shape.Type);
    }

    private static JsonObject Structure(ServiceModel model, Shape shape, XElement element)
    {
        var result = new JsonObject();
        foreach (var group in element.Elements().GroupBy(child => child.Name.LocalName))
        {
            var member = shape.Members.Values.FirstOrDefault(candidate => WireName(candidate) == group.Key)
                ?? throw WireErrors.UnknownParameter(model, group.Key);
            result[member.Name] = Value(model, member, [.. group]);
        }

        return result;
    }

    private static string WireName(Member member) => member.LocationName
        ?? (member.Shape.Type == "list" && member.Flattened ? member.Shape.Element.LocationName : null) ?? member.Name;

    private static JsonNode Value(ServiceModel model, Member member, IReadOnlyList<XElement> elements)
    {
        var shape = member.Shape;
        if (shape.Type == "list")
        {
            var items = member.Flattened ? elements : [.. elements[0].Elements()];
            var expected = shape.Element.LocationName ?? "member";
            if (!member.Flattened && items.Any(item => item.Name.LocalName != expected)) throw WireErrors.MalformedXml;
            return new JsonArray([.. items.Select(item => Value(model, shape.Element, [item]))]);
        }

        if (elements.Count > 1) throw WireErrors.MalformedXml;
        if (shape.Type == "structure") return Structure(model, shape, elements[0]);
        return elements[0].HasElements ? throw WireErrors.MalformedXml : Scalars.Parse(shape, elements[0].Value) ?? throw WireErrors.MalformedXml;
    }
}
