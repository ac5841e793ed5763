using System.Text.Json.Nodes;

namespace SyncStorage.AwsModels;

/// <summary>A member of a structure, or the element, key or value of a list or map.</summary>
public sealed class Member
{
    private readonly ServiceModel service;
    private readonly JsonObject node;

    internal Member(ServiceModel service, string name, JsonObject node)
    {
        this.service = service;
        this.node = node;
        Name = name;
    }

    /// <summary>The member's name in the model.</summary>
    public string Name { get; }

    /// <summary>Its type.</summary>
    public Shape Shape => service.Shape((string)node["shape"]!);

    /// <summary><c>header</c>, <c>headers</c>, <c>uri</c>, <c>querystring</c> or <c>statusCode</c>; null for the body.</summary>
    public string? Location => (string?)node["location"];

    /// <summary>The name on the wire where it differs, or null.</summary>
    public string? LocationName => (string?)node["locationName"];

    /// <summary>The name in an EC2 request where it differs, or null.</summary>
    public string? QueryName => (string?)node["queryName"];

    /// <summary>Whether the list's elements stand directly under the parent.</summary>
    public bool Flattened => (bool?)node["flattened"] ?? Shape.Flattened;

    /// <summary>Whether it is written as an XML attribute.</summary>
    public bool XmlAttribute => (bool?)node["xmlAttribute"] ?? false;

    /// <summary>Whether a client fills it with a token of its own if it is absent.</summary>
    public bool IdempotencyToken => (bool?)node["idempotencyToken"] ?? false;

    /// <summary>The timestamp format of the member, or of its shape.</summary>
    public string? TimestampFormat => (string?)node["timestampFormat"] ?? Shape.TimestampFormat;
}
