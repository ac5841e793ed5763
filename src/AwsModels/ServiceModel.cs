using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace SyncStorage.AwsModels;

/// <summary>
/// The shapes of one AWS service's operations in use: names and types, as in the official service models.
/// Read from the embedded <c>models/&lt;service&gt;.json</c>, which <c>generate.py</c> writes.
/// </summary>
public sealed class ServiceModel
{
    private static readonly ConcurrentDictionary<string, ServiceModel> Cache = new(StringComparer.Ordinal);

    private readonly JsonObject metadata;
    private readonly Dictionary<string, Shape> shapes;

    private ServiceModel(string name, JsonObject root)
    {
        Name = name;
        metadata = root["metadata"]!.AsObject();
        shapes = root["shapes"]!.AsObject().ToDictionary(
            shape => shape.Key, shape => new Shape(this, shape.Key, shape.Value!.AsObject()), StringComparer.Ordinal);
        Operations = root["operations"]!.AsObject().ToDictionary(
            operation => operation.Key, operation => new Operation(this, operation.Key, operation.Value!.AsObject()), StringComparer.Ordinal);
    }

    /// <summary>The services that have a model.</summary>
    public static IReadOnlyList<string> Names { get; } = ["ec2", "elb", "rds", "elasticache", "iam", "route53", "servicequotas", "ssm", "sts", "s3", "cloudwatch", "logs"];

    /// <summary>The model's name: <c>ec2</c>, <c>elb</c>, <c>rds</c>, <c>elasticache</c>, <c>iam</c>, <c>route53</c>, <c>servicequotas</c>, <c>ssm</c>, <c>sts</c>, <c>s3</c>, <c>cloudwatch</c>, <c>logs</c>.</summary>
    public string Name { get; }

    /// <summary>The operations in use, by name.</summary>
    public IReadOnlyDictionary<string, Operation> Operations { get; }

    /// <summary><c>query</c>, <c>ec2</c>, <c>json</c>, <c>rest-xml</c>, or <c>s3</c>: that of S3, which is REST with XML and many ways of its own.</summary>
    public string Protocol => Name == "s3" ? "s3" : Metadata("protocol")!;

    /// <summary>The version of the API, as in <c>Version=2012-06-01</c>.</summary>
    public string ApiVersion => Metadata("apiVersion")!;

    /// <summary>The service's id, e.g. <c>Elastic Load Balancing</c>.</summary>
    public string ServiceId => Metadata("serviceId")!;

    /// <summary>The name under which requests are signed.</summary>
    public string SigningName => Metadata("signingName") ?? Metadata("endpointPrefix")!;

    /// <summary>The first part of the service's host name.</summary>
    public string EndpointPrefix => Metadata("endpointPrefix")!;

    /// <summary>Whether it has one endpoint for all regions of a partition, and wants requests signed for that endpoint's own region.</summary>
    public bool IsGlobal => Name is "iam" or "route53";

    /// <summary>The <c>X-Amz-Target</c> prefix of the JSON protocol, otherwise null.</summary>
    public string? TargetPrefix => Metadata("targetPrefix");

    /// <summary>The XML namespace of responses, or null.</summary>
    public string? XmlNamespace => Metadata("xmlNamespace") ?? Operations.Values.Select(operation => operation.InputNamespace).FirstOrDefault(uri => uri is not null);

    /// <summary>Reads a model; later calls get the same one.</summary>
    /// <exception cref="ArgumentException">There is no model of that name.</exception>
    public static ServiceModel Load(string name) => Cache.GetOrAdd(name, static key =>
    {
        using var stream = typeof(ServiceModel).Assembly.GetManifestResourceStream($"{key}.json")
            ?? throw new ArgumentException($"There is no model of the service '{key}'.", nameof(name));
        return new ServiceModel(key, JsonNode.Parse(stream)!.AsObject());
    });

    /// <summary>A shape by its name.</summary>
    /// <exception cref="KeyNotFoundException">The model has no such shape.</exception>
    public Shape Shape(string name) => shapes[name];

    private string? Metadata(string key) => (string?)metadata[key];
}
