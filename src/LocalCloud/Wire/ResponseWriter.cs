using System.Text;
using System.Text.Json;
using System.Xml;

namespace SyncStorage.LocalCloud.Wire;

/// <summary>A response, ready to be sent.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="ContentType">Its type, or null if it has no body.</param>
/// <param name="Headers">Headers beside the content's.</param>
/// <param name="Content">The body, unless it is streamed.</param>
/// <param name="Stream">A streamed body, which the sender disposes.</param>
internal sealed record WireResponse(
    int Status, string? ContentType, IReadOnlyList<KeyValuePair<string, string>> Headers, ReadOnlyMemory<byte> Content, Stream? Stream = null);

/// <summary>Writes results in the protocol of their service.</summary>
internal static class ResponseWriter
{
    public const string S3Namespace = "http://s3.amazonaws.com/doc/2006-03-01/";

    // The root elements of S3's answers are not in its model.
    private static readonly Dictionary<string, string> S3Roots = new(StringComparer.Ordinal)
    {
        ["ListBuckets"] = "ListAllMyBucketsResult",
        ["ListObjects"] = "ListBucketResult",
        ["ListObjectsV2"] = "ListBucketResult",
        ["ListObjectVersions"] = "ListVersionsResult",
        ["GetBucketTagging"] = "Tagging",
        ["GetBucketVersioning"] = "VersioningConfiguration",
        ["GetBucketLifecycleConfiguration"] = "LifecycleConfiguration",
        ["DeleteObjects"] = "DeleteResult",
        ["CreateMultipartUpload"] = "InitiateMultipartUploadResult",
        ["CompleteMultipartUpload"] = "CompleteMultipartUploadResult",
        ["ListParts"] = "ListPartsResult",
        ["ListMultipartUploads"] = "ListMultipartUploadsResult",
    };

    public static WireResponse Write(Operation operation, ApiResult result, string requestId) => operation.Service.Protocol switch
    {
        "json" => Json(operation, result, requestId),
        "s3" => S3(operation, result, requestId),
        "rest-xml" => RestXml(operation, result, requestId),
        "ec2" => Ec2(operation, result, requestId),
        _ => Query(operation, result, requestId),
    };

    private static WireResponse Query(Operation operation, ApiResult result, string requestId)
    {
        var model = operation.Service;
        var content = Xml(writer =>
        {
            writer.WriteStartElement($"{operation.Name}Response", model.XmlNamespace);
            if (operation.Output is { } shape)
            {
                if (operation.ResultWrapper is { } wrapper) writer.WriteStartElement(wrapper, model.XmlNamespace);
                new XmlBody(writer, model, model.XmlNamespace).Members(shape, JsonSerializer.SerializeToElement(result.Output));
                if (operation.ResultWrapper is not null) writer.WriteEndElement();
            }

            writer.WriteStartElement("ResponseMetadata", model.XmlNamespace);
            writer.WriteElementString("RequestId", model.XmlNamespace, requestId);
            writer.WriteEndElement();
            writer.WriteEndElement();
        });
        return new WireResponse(200, "text/xml", [new("x-amzn-RequestId", requestId)], content);
    }

    private static WireResponse Ec2(Operation operation, ApiResult result, string requestId)
    {
        var model = operation.Service;
        var name = model.XmlNamespace + "/";
        var content = Xml(writer =>
        {
            writer.WriteStartElement($"{operation.Name}Response", name);
            writer.WriteElementString("requestId", name, requestId);
            if (operation.Output is { } shape) new XmlBody(writer, model, name).Members(shape, JsonSerializer.SerializeToElement(result.Output));
            else writer.WriteElementString("return", name, "true");
            writer.WriteEndElement();
        });
        return new WireResponse(200, "text/xml;charset=UTF-8", [new("x-amzn-RequestId", requestId)], content);
    }

    internal static WireResponse Json(Operation operation, ApiResult result, string requestId, string version = "1.1")
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream)) JsonBody.Write(writer, operation.Output, JsonSerializer.SerializeToElement(result.Output));
        return new WireResponse(200, $"application/x-amz-json-{version}", [new("x-amzn-RequestId", requestId)], stream.ToArray());
    }

    private static WireResponse RestXml(Operation operation, ApiResult result, string requestId)
    {
        var model = operation.Service;
        var headers = new List<KeyValuePair<string, string>> { new("x-amzn-RequestId", requestId) };
        var output = JsonSerializer.SerializeToElement(result.Output);
        foreach (var property in output.EnumerateObject())
        {
            if (operation.Output?.Members.TryGetValue(property.Name, out var member) == true) AddHeaders(headers, member, property.Value);
        }

        var content = Xml(writer =>
        {
            writer.WriteStartElement($"{operation.Name}Response", model.XmlNamespace);
            if (operation.Output is { } shape) new XmlBody(writer, model, model.XmlNamespace).Members(shape, output);
            writer.WriteEndElement();
        });
        return new WireResponse(operation.ResponseCode, "text/xml", headers, content);
    }

    private static WireResponse S3(Operation operation, ApiResult result, string requestId)
    {
        var headers = new List<KeyValuePair<string, string>> { new("x-amz-request-id", requestId), new("x-amz-id-2", requestId) };
        if (operation.Output is not { } shape) return new WireResponse(operation.ResponseCode, null, headers, default);
        var output = JsonSerializer.SerializeToElement(result.Output);
        foreach (var property in output.EnumerateObject())
        {
            if (!shape.Members.TryGetValue(property.Name, out var member))
                throw new InvalidOperationException($"A handler answered the member {property.Name}, which {shape.Name} of s3 does not have.");
            AddHeaders(headers, member, property.Value);
        }

        // A part of an object is another status, which no model tells.
        var status = output.TryGetProperty("ContentRange", out _) ? 206 : operation.ResponseCode;
        if (result.Body is { } body)
            return new WireResponse(status, output.TryGetProperty("ContentType", out var type) ? type.GetString() : "binary/octet-stream", headers, default, body);
        return S3Content(operation, shape, output) is { } content
            ? new WireResponse(status, "application/xml", headers, content)
            : new WireResponse(status, ContentTypeOf(output), headers, default);
    }

    private static string? ContentTypeOf(JsonElement output) => output.TryGetProperty("ContentType", out var type) ? type.GetString() : null;

    private static void AddHeaders(List<KeyValuePair<string, string>> headers, Member member, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null) return;
        var name = member.LocationName ?? member.Name;
        if (member.Location == "header")
        {
            var format = member.TimestampFormat ?? "rfc822";
            if (!name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)) headers.Add(new(name, Scalars.Text(member.Shape, format, value)));
        }
        else if (member.Location == "headers")
        {
            headers.AddRange(value.EnumerateObject().Select(entry => KeyValuePair.Create(name + entry.Name, entry.Value.GetString()!)));
        }
    }

    private static byte[]? S3Content(Operation operation, Shape shape, JsonElement output)
    {
        if (operation.HttpMethod == "HEAD") return null;
        if (operation.Name == "GetBucketLocation")
        {
            var location = output.TryGetProperty("LocationConstraint", out var value) ? value.GetString() : null;
            return Xml(writer => writer.WriteElementString("LocationConstraint", S3Namespace, location ?? ""));
        }

        if (shape.Payload is { } payload)
        {
            var member = shape.Members[payload];
            if (member.Streaming || !output.TryGetProperty(payload, out var value)) return null;
            return Xml(writer => Rooted(writer, member.LocationName ?? member.Name, operation, member.Shape, value));
        }

        return S3Roots.TryGetValue(operation.Name, out var root) ? Xml(writer => Rooted(writer, root, operation, shape, output)) : null;
    }

    private static void Rooted(XmlWriter writer, string root, Operation operation, Shape shape, JsonElement value)
    {
        writer.WriteStartElement(root, S3Namespace);
        new XmlBody(writer, operation.Service, S3Namespace).Members(shape, value);
        writer.WriteEndElement();
    }

    internal static byte[] Xml(Action<XmlWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = XmlWriter.Create(stream, new XmlWriterSettings { Encoding = new UTF8Encoding(false) })) write(writer);
        return stream.ToArray();
    }
}
