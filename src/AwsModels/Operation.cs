using System.Text.Json.Nodes;

namespace SyncStorage.AwsModels;

/// <summary>One operation of a service.</summary>
public sealed class Operation
{
    private readonly JsonObject node;

    internal Operation(ServiceModel service, string name, JsonObject node)
    {
        this.node = node;
        Service = service;
        Name = name;
        Errors = [.. (node["errors"]?.AsArray() ?? []).Select(error => (string)error!)];
    }

    /// <summary>The service that the operation belongs to.</summary>
    public ServiceModel Service { get; }

    /// <summary>As in <c>Action=DescribeLoadBalancers</c>.</summary>
    public string Name { get; }

    /// <summary>The HTTP method, e.g. <c>POST</c>.</summary>
    public string HttpMethod => (string)node["http"]!["method"]!;

    /// <summary>The URI template, e.g. <c>/{Bucket}/{Key+}?tagging</c>.</summary>
    public string RequestUri => (string)node["http"]!["requestUri"]!;

    /// <summary>The HTTP status of success.</summary>
    public int ResponseCode => (int?)node["http"]!["responseCode"] ?? 200;

    /// <summary>The shape of the request, or null if it has none.</summary>
    public Shape? Input => (string?)node["input"]?["shape"] is { } name ? Service.Shape(name) : null;

    /// <summary>The shape of the response, or null if it has none.</summary>
    public Shape? Output => (string?)node["output"]?["shape"] is { } name ? Service.Shape(name) : null;

    /// <summary>The element around a Query response's members, or null.</summary>
    public string? ResultWrapper => (string?)node["output"]?["resultWrapper"];

    /// <summary>The root element of a request's XML body, if the operation names one.</summary>
    public string? InputLocationName => (string?)node["input"]?["locationName"];

    /// <summary>The names of the error shapes.</summary>
    public IReadOnlyList<string> Errors { get; }
}
