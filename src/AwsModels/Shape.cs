using System.Text.Json.Nodes;

namespace SyncStorage.AwsModels;

/// <summary>The type of a request, a response or a part of one.</summary>
public sealed class Shape
{
    private readonly Member? element;
    private readonly Member? key;
    private readonly Member? value;

    internal Shape(ServiceModel service, string name, JsonObject node)
    {
        // The nodes are read once, here: reading them is neither fast nor safe from several threads.
        Name = name;
        Type = (string)node["type"]!;
        Members = (node["members"]?.AsObject() ?? []).ToDictionary(
            member => member.Key, member => new Member(service, member.Key, member.Value!.AsObject()), StringComparer.Ordinal);
        Required = [.. Strings(node, "required")];
        Enum = [.. Strings(node, "enum")];
        element = Part(service, node, "member");
        key = Part(service, node, "key");
        value = Part(service, node, "value");
        Flattened = (bool?)node["flattened"] ?? false;
        Min = (double?)node["min"];
        Max = (double?)node["max"];
        Pattern = (string?)node["pattern"];
        Payload = (string?)node["payload"];
        LocationName = (string?)node["locationName"];
        TimestampFormat = (string?)node["timestampFormat"];
        Sensitive = (bool?)node["sensitive"] ?? false;
        ErrorCode = (string?)node["error"]?["code"] ?? name;
        ErrorStatus = (int?)node["error"]?["httpStatusCode"] ?? 400;
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
    public Member Element => element ?? throw Lacks("element");

    /// <summary>The keys of a map.</summary>
    public Member Key => key ?? throw Lacks("key");

    /// <summary>The values of a map.</summary>
    public Member Value => value ?? throw Lacks("value");

    /// <summary>Whether a list's elements stand directly under the parent.</summary>
    public bool Flattened { get; }

    /// <summary>The smallest length or value, or null.</summary>
    public double? Min { get; }

    /// <summary>The largest length or value, or null.</summary>
    public double? Max { get; }

    /// <summary>A regular expression that a string must match, or null.</summary>
    public string? Pattern { get; }

    /// <summary>The member that is the HTTP body, or null.</summary>
    public string? Payload { get; }

    /// <summary>The name on the wire, if the shape itself states one.</summary>
    public string? LocationName { get; }

    /// <summary><c>iso8601</c>, <c>rfc822</c> or <c>unixTimestamp</c>; null for the protocol's default.</summary>
    public string? TimestampFormat { get; }

    /// <summary>Whether the value must not be logged.</summary>
    public bool Sensitive { get; }

    /// <summary>The wire code of an error shape: its own code, or its name.</summary>
    public string ErrorCode { get; }

    /// <summary>The HTTP status of an error shape.</summary>
    public int ErrorStatus { get; }

    private static Member? Part(ServiceModel service, JsonObject node, string name) =>
        node[name]?.AsObject() is { } part ? new Member(service, name, part) : null;

    private static IEnumerable<string> Strings(JsonObject node, string name) => (node[name]?.AsArray() ?? []).Select(item => (string)item!);

    private InvalidOperationException Lacks(string part) => new($"The shape {Name} ({Type}) has no {part}.");
}
