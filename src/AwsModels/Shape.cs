using System.Text.Json.Nodes;

namespace SyncStorage.AwsModels;

/// <summary>The type of a request, a response or a part of one.</summary>
public sealed class Shape
{
    private readonly ServiceModel service;
    private readonly JsonObject node;

    internal Shape(ServiceModel service, string name, JsonObject node)
    {
        this.service = service;
        this.node = node;
        Name = name;
        Type = (string)node["type"]!;
        Members = (node["members"]?.AsObject() ?? []).ToDictionary(
            member => member.Key, member => new Member(service, member.Key, member.Value!.AsObject()), StringComparer.Ordinal);
        Required = [.. Strings("required")];
        Enum = [.. Strings("enum")];
    }

    /// <summary>The name in the model, e.g. <c>CreateAccessPointInput</c>.</summary>
    public string Name { get; }

    /// <summary><c>structure</c>, <c>list</c>, <c>map</c>, <c>string</c>, <c>integer</c>, <c>long</c>, <c>boolean</c>, <c>double</c>, <c>float</c>, <c>timestamp</c> or <c>blob</c>.</summary>
    public string Type { get; }

    /// <summary>A structure's members by name; empty for other types.</summary>
    public IReadOnlyDictionary<string, Member> Members { get; }

    /// <summary>The names of a structure's required members.</summary>
    public IReadOnlyList<string> Required { get; }

    /// <summary>The values that a string may have; empty if any.</summary>
    public IReadOnlyList<string> Enum { get; }

    /// <summary>The elements of a list.</summary>
    public Member Element => Part("member");

    /// <summary>The keys of a map.</summary>
    public Member Key => Part("key");

    /// <summary>The values of a map.</summary>
    public Member Value => Part("value");

    /// <summary>Whether a list's elements stand directly under the parent.</summary>
    public bool Flattened => (bool?)node["flattened"] ?? false;

    /// <summary>The smallest length or value, or null.</summary>
    public double? Min => (double?)node["min"];

    /// <summary>The largest length or value, or null.</summary>
    public double? Max => (double?)node["max"];

    /// <summary>A regular expression that a string must match, or null.</summary>
    public string? Pattern => (string?)node["pattern"];

    /// <summary>The member that is the HTTP body, or null.</summary>
    public string? Payload => (string?)node["payload"];

    /// <summary>The name on the wire, if the shape itself states one.</summary>
    public string? LocationName => (string?)node["locationName"];

    /// <summary><c>iso8601</c>, <c>rfc822</c> or <c>unixTimestamp</c>; null for the protocol's default.</summary>
    public string? TimestampFormat => (string?)node["timestampFormat"];

    /// <summary>Whether the value must not be logged.</summary>
    public bool Sensitive => (bool?)node["sensitive"] ?? false;

    /// <summary>The wire code of an error shape: its own code, or its name.</summary>
    public string ErrorCode => (string?)node["error"]?["code"] ?? Name;

    /// <summary>The HTTP status of an error shape.</summary>
    public int ErrorStatus => (int?)node["error"]?["httpStatusCode"] ?? 400;

    private Member Part(string key) => new(service, key, node[key]?.AsObject()
        ?? throw new InvalidOperationException($"The shape {Name} ({Type}) has no {key}."));

    private IEnumerable<string> Strings(string key) => (node[key]?.AsArray() ?? []).Select(item => (string)item!);
}
