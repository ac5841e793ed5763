using System.Text.Json.Nodes;

namespace SyncStorage.AwsModels;

/// <summary>A member of a structure, or the element, key or value of a list or map.</summary>
public sealed class Member
{
    private readonly Lazy<Shape> shape;
    private readonly bool? flattened;
    private readonly string? timestampFormat;

    internal Member(ServiceModel service, string name, JsonObject node)
    {
        var shapeName = (string)node["shape"]!;
        shape = new Lazy<Shape>(() => service.Shape(shapeName));
        Name = name;
        Location = (string?)node["location"];
        LocationName = (string?)node["locationName"];
        QueryName = (string?)node["queryName"];
        flattened = (bool?)node["flattened"];
        XmlAttribute = (bool?)node["xmlAttribute"] ?? false;
        IdempotencyToken = (bool?)node["idempotencyToken"] ?? false;
        Streaming = (bool?)node["streaming"] ?? false;
        timestampFormat = (string?)node["timestampFormat"];
    }

    /// <summary>The member's name in the model.</summary>
    public string Name { get; }

    /// <summary>Its type.</summary>
    public Shape Shape => shape.Value;

    /// <summary><c>header</c>, <c>headers</c>, <c>uri</c>, <c>querystring</c> or <c>statusCode</c>; null for the body.</summary>
    public string? Location { get; }

    /// <summary>The name on the wire where it differs, or null.</summary>
    public string? LocationName { get; }

    /// <summary>The name in an EC2 request where it differs, or null.</summary>
    public string? QueryName { get; }

    /// <summary>Whether the list's elements stand directly under the parent.</summary>
    public bool Flattened => flattened ?? Shape.Flattened;

    /// <summary>Whether it is written as an XML attribute.</summary>
    public bool XmlAttribute { get; }

    /// <summary>Whether a client fills it with a token of its own if it is absent.</summary>
    public bool IdempotencyToken { get; }

    /// <summary>Whether it is the raw HTTP body.</summary>
    public bool Streaming { get; }

    /// <summary>The timestamp format of the member, or of its shape.</summary>
    public string? TimestampFormat => timestampFormat ?? Shape.TimestampFormat;
}
