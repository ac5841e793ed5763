using System.Text.Json;
using System.Text.Json.Nodes;

namespace SyncStorage.LocalCloud.Wire;

/// <summary>Writes errors in the form of each protocol.</summary>
internal static class ErrorWriter
{
    public static WireResponse Write(ServiceModel model, AwsException error, string requestId, string resource) => model.Protocol switch
    {
        "json" => Json(error, requestId),
        "s3" => S3(error, requestId, resource),
        "ec2" => new WireResponse(error.Status, "text/xml;charset=UTF-8", [new("x-amzn-RequestId", requestId)], Ec2(error, requestId)),
        _ => new WireResponse(error.Status, "text/xml", [new("x-amzn-RequestId", requestId)], Query(model, error, requestId)),
    };

    private static byte[] Query(ServiceModel model, AwsException error, string requestId) => ResponseWriter.Xml(writer =>
    {
        var name = model.XmlNamespace;
        writer.WriteStartElement("ErrorResponse", name);
        writer.WriteStartElement("Error", name);
        writer.WriteElementString("Type", name, error.Status < 500 ? "Sender" : "Receiver");
        writer.WriteElementString("Code", name, error.Code);
        writer.WriteElementString("Message", name, error.Message);
        writer.WriteEndElement();
        writer.WriteElementString("RequestId", name, requestId);
        writer.WriteEndElement();
    });

    private static byte[] Ec2(AwsException error, string requestId) => ResponseWriter.Xml(writer =>
    {
        writer.WriteStartElement("Response");
        writer.WriteStartElement("Errors");
        writer.WriteStartElement("Error");
        writer.WriteElementString("Code", error.Code);
        writer.WriteElementString("Message", error.Message);
        writer.WriteEndElement();
        writer.WriteEndElement();
        writer.WriteElementString("RequestID", requestId);
        writer.WriteEndElement();
    });

    private static WireResponse Json(AwsException error, string requestId)
    {
        var body = new JsonObject { ["__type"] = error.Code, ["message"] = error.Message };
        return new WireResponse(error.Status, "application/x-amz-json-1.1", [new("x-amzn-RequestId", requestId)], JsonSerializer.SerializeToUtf8Bytes(body));
    }

    private static WireResponse S3(AwsException error, string requestId, string resource)
    {
        KeyValuePair<string, string>[] headers = [new("x-amz-request-id", requestId), new("x-amz-id-2", requestId)];

        // Not modified is an answer without a body.
        if (error.Status == 304) return new WireResponse(304, null, headers, default);
        return new WireResponse(error.Status, "application/xml", headers, ResponseWriter.Xml(writer =>
        {
            writer.WriteStartElement("Error");
            writer.WriteElementString("Code", error.Code);
            writer.WriteElementString("Message", error.Message);
            writer.WriteElementString("Resource", resource);
            writer.WriteElementString("RequestId", requestId);
            writer.WriteElementString("HostId", requestId);
            writer.WriteEndElement();
        }));
    }
}
